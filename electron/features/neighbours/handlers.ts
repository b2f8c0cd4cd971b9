import type { CollectionRef } from '../../../shared/contract/collections.ts'
import type { GraphOptions, neighbours as neighboursContract } from '../../../shared/contract/neighbours.ts'
import type { Handlers } from '../../../shared/rpc/define.ts'
import { AppError } from '../../../shared/rpc/errors.ts'
import type { Jobs } from '../../jobs/jobs.ts'
import type { Neighbours } from '../../neighbours/neighbours.ts'
import type { ExactSearch } from '../../search/exact-search.ts'
import type { OpenStores } from '../../store/open-stores.ts'

export interface NeighboursParts {
  readonly neighbours: Neighbours
  readonly exact: ExactSearch
  readonly stores: OpenStores
  readonly jobs: Jobs
  /** There is a new graph. */
  readonly onChange: () => void
}

export function neighboursHandlers({ neighbours, exact, stores, jobs, onChange }: NeighboursParts): Handlers<typeof neighboursContract> {
  async function build(ref: CollectionRef & GraphOptions): Promise<{ jobId: string }> {
    const jobId = jobs.start('Find neighbours', async ({ signal, progress }) => {
      const store = await stores.get(ref.connectionId, signal)
      const { fingerprint } = await neighbours.graph(store, ref.collectionId, ref, { signal, onProgress: progress })
      onChange()
      return fingerprint
    })
    return { jobId }
  }

  return {
    build,
    status: async ({ connectionId, collectionId, k, metric }, { signal }) => {
      const store = await stores.get(connectionId, signal)
      const graph = await neighbours.ready(store, collectionId, { k, metric })
      return graph && { rows: graph.ids.length, report: graph.report }
    },
    of: async ({ connectionId, collectionId, id, k, metric }, { signal }) => {
      const block = await exact.block(await stores.get(connectionId, signal), collectionId, { signal })
      const position = block.positionOf(id)
      if (position === null) {
        if (block.missing.includes(id)) return { neighbours: [], reason: 'This record has no vector that can be read.' }
        throw new AppError('not-found', 'The collection has no such record.', 'Refresh the store: the record may have been deleted.')
      }
      const norm = block.norm(position)
      if (!Number.isFinite(norm)) return { neighbours: [], reason: 'The vector of this record holds a number that is not finite.' }
      if (norm === 0 && metric === 'cosine') {
        return { neighbours: [], reason: 'The vector of this record is zero: it has no direction, so it is similar to nothing.' }
      }
      // The record itself is among the answers, but not always the first: others may equal it.
      const query = { ranking: metric, limit: k + 1, positions: null, signal }
      const [found = []] = await exact.nearest(block, [block.vector(position)], query)
      const others = found.flatMap(({ position: other, distance, similarity }) =>
        other === position || distance === null || (metric === 'cosine' && similarity === null)
          ? []
          : [{ id: block.ids[other] ?? '', distance, similarity }],
      )
      return { neighbours: others.slice(0, k), reason: null }
    },
  }
}
