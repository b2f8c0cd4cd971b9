import { maxPageSize } from '../../../shared/contract/records.ts'
import { runProjection } from '../../projection/run-projection.ts'
import type { OpenMap } from '../../projection/open-map.ts'

/** Documents that are read of one cluster, and of all: words of some hundred tell what the rest is about. */
const mostOfCluster = 300
const mostOfAll = 12_000

/** Rows whose documents are read: of each cluster as many, spread evenly over its rows. */
function chooseRows(members: Int32Array, clusters: number): number[] {
  const rows = Array.from({ length: clusters }, (): number[] => [])
  for (const [row, cluster] of members.entries()) rows[cluster]?.push(row)
  const most = Math.max(2, Math.min(mostOfCluster, Math.floor(mostOfAll / Math.max(1, clusters))))
  return rows.flatMap((own) =>
    own.length <= most ? own : Array.from({ length: most }, (_, at) => own[Math.floor((at * own.length) / most)] ?? 0),
  )
}

/** Distinctive words of each cluster, by a sample of its documents; none for a cluster without documents. */
export async function clusterWords(map: OpenMap, members: Int32Array, clusters: number, signal: AbortSignal): Promise<string[][]> {
  const ids = await map.points()
  const chosen = chooseRows(members, clusters)
  const clusterOf = new Map(chosen.map((row) => [ids[row] ?? '', members[row] ?? -1]))
  const documents: string[] = []
  const ofCluster: number[] = []
  const wanted = [...clusterOf.keys()]
  for (let from = 0; from < wanted.length; from += maxPageSize) {
    const records = await map.store.records(map.ref.collectionId, wanted.slice(from, from + maxPageSize), { signal })
    for (const { id, document } of records) {
      if (document === null) continue
      documents.push(document)
      ofCluster.push(clusterOf.get(id) ?? -1)
    }
  }
  return runProjection({ type: 'words', documents, clusters: Int32Array.from(ofCluster), count: clusters }, { signal })
}
