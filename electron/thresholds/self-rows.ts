import { maxPageSize, storedOrder } from '../../shared/contract/records.ts'
import { usualNeighbours } from '../../shared/contract/neighbours.ts'
import { lookupEntryOf } from '../../shared/domain/lookup-entry.ts'
import { type Normalisation, normaliseText } from '../../shared/domain/lookup-normalise.ts'
import type { ProfileMapping } from '../../shared/domain/profiles/profile.ts'
import { answersAgree, neighbourPairs, weakLabelBias } from '../../shared/domain/thresholds/weak-labels.ts'
import { noFilter } from '../../shared/domain/where.ts'
import type { Neighbours } from '../neighbours/neighbours.ts'
import type { Store, StoreOptions } from '../store/store.ts'
import { responseOf } from './entry-words.ts'
import { rowNames, type SourceRow, type SourceRows } from './source-row.ts'

/** Answers are compared up to here. */
const mostCharacters = 4000
const pairsAtOnce = 500

interface Entry {
  readonly text: string | null
  readonly response: string | null
  readonly namespace: string | null
}

export interface SelfRowsOptions {
  readonly store: Store
  readonly collectionId: string
  readonly neighbours: Neighbours
  readonly mapping: ProfileMapping
  readonly normalise: Normalisation
}

async function readEntries(
  { store, collectionId, mapping }: SelfRowsOptions,
  { signal, onProgress }: StoreOptions,
): Promise<Map<string, Entry>> {
  const view = { collectionId, filter: noFilter, sort: storedOrder }
  const entries = new Map<string, Entry>()
  for (let total = Infinity, read = 0; read < total;) {
    const page = await store.page(view, read, maxPageSize, { ...(signal ? { signal } : {}) })
    total = page.total
    read += page.records.length
    for (const record of page.records) {
      const { text, namespace } = lookupEntryOf(mapping, record)
      entries.set(record.id, { text, response: responseOf(mapping, record)?.slice(0, mostCharacters) ?? null, namespace })
    }
    onProgress?.('Reading answers', read, total)
    if (page.records.length === 0) break
  }
  return entries
}

/**
 * Pairs of entries that are nearest to each other within a namespace, as if one had been looked up: their label is weak, whether
 * the answers agree.
 */
export async function selfRows(options: SelfRowsOptions, { signal, onProgress }: StoreOptions): Promise<SourceRows> {
  const { store, collectionId, neighbours, normalise } = options
  const following = { ...(signal ? { signal } : {}), ...(onProgress ? { onProgress } : {}) }
  const graph = await neighbours.graph(store, collectionId, { k: usualNeighbours, metric: 'cosine' }, following)
  const entries = await readEntries(options, following)
  const { ids, k, indices, distances } = graph
  const pairs = neighbourPairs(
    ids.map((id, row) => {
      const own = entries.get(id)?.namespace
      for (let at = row * k; at < (row + 1) * k; at += 1) {
        const other = ids[indices[at] ?? -1]
        // A cache never answers from another namespace.
        if (other !== undefined && entries.get(other)?.namespace === own)
          return { id, nearestId: other, similarity: Math.max(-1, 1 - (distances[at] ?? Number.NaN)) }
      }
      return { id, nearestId: null, similarity: null }
    }),
  )
  const rows: SourceRow[] = []
  for (const [at, { id, nearestId, similarity }] of pairs.entries()) {
    if (at % pairsAtOnce === 0) {
      await new Promise((resolve) => setImmediate(resolve))
      signal?.throwIfAborted()
      onProgress?.('Comparing answers', at, pairs.length)
    }
    const [left, right] = [entries.get(id), entries.get(nearestId)]
    const isSameText =
      left?.text != null && right?.text != null && normaliseText(left.text, normalise) === normaliseText(right.text, normalise)
    rows.push({
      ...rowNames(id, left?.text ?? null, nearestId),
      line: null,
      query: left?.text ?? null,
      entryId: nearestId,
      matchedText: null,
      expected: null,
      expectedId: id,
      similarity,
      namespace: left?.namespace ?? null,
      time: null,
      callCost: null,
      exact: isSameText,
      label: answersAgree(left?.response ?? null, right?.response ?? null),
      labelSource: 'weak',
    })
  }
  return { rows, present: null, embedder: null, notes: [weakLabelBias] }
}
