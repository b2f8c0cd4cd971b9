import type { SearchSettings } from '../../../shared/contract/search.ts'
import type { Space } from '../../../shared/domain/space.ts'
import { periodsBeyondChroma } from '../../../shared/domain/period.ts'
import { setsBeyondChroma, type Filter } from '../../../shared/domain/where.ts'
import { compareVectors, type Found } from '../../search/compare-vectors.ts'
import type { VectorBlock } from '../../search/vector-block.ts'
import { euclideanNorm } from '../../search/vector-scan.ts'
import { needsOwnEvaluation } from '../../store/server/server-views.ts'
import type { Store } from '../../store/store.ts'

export interface EngineQuestion {
  readonly store: Store
  readonly collectionId: string
  readonly space: Space
  /** Null where the vectors do not fit into memory. */
  readonly block: VectorBlock | null
  readonly settings: SearchSettings
  readonly vectors: readonly Float32Array[]
  /** The exact answers to the same questions. */
  readonly exactly: readonly (readonly Found[])[]
  readonly signal: AbortSignal
}

export interface EngineAnswer {
  readonly neighbours: readonly { readonly id: string; readonly distance: number | null; readonly similarity: number | null }[]
  readonly recall: number | null
  readonly warnings: readonly string[]
}

/** Engines calculate in float32. */
const tolerance = 1e-4

const cutFractions =
  'Chroma cuts the fraction off numbers in a filter where the stored value is an integer: the engine answers another filter than the exact search.'

/** Why a store's own index cannot be asked, in a sentence; null where it can. */
export function engineReason(store: Store, filter: Filter | null = null): string | null {
  if (!store.query) return 'The store is read without an engine, so there is no index that could be asked.'
  if (filter && filter.find !== '') return 'Chroma cannot search for a text in ids and documents at once. Use a document filter instead.'
  if (filter && filter.set !== null) return `${setsBeyondChroma.message} The exact search respects the set.`
  if (filter && filter.periods.length > 0) return `${periodsBeyondChroma.message} The exact search respects the period.`
  return null
}

/**
 * The share of an exact answer that the engine found. A record that is as near as the last one of the exact answer counts, for
 * which of several equal ones is found is chance.
 */
function recallOf(distances: readonly (number | null)[], exactly: readonly Found[]): number | null {
  const last = exactly.at(-1)?.distance ?? null
  if (last === null) return null
  const limit = last + tolerance * Math.max(1, Math.abs(last))
  return Math.min(1, distances.filter((distance) => distance !== null && distance <= limit).length / exactly.length)
}

/** Asks the index of a server, and measures its answers against the exact ones. Distances are the engine's own. */
export async function askEngine(question: EngineQuestion): Promise<EngineAnswer[]> {
  const { store, collectionId, space, block, settings, vectors, exactly, signal } = question
  const answers = (await store.query?.({ collectionId, vectors, results: settings.nResults, filter: settings.filter }, { signal })) ?? []
  const readsOtherwise = settings.filter.where !== null && needsOwnEvaluation(settings.filter.where)
  return vectors.map((vector, index) => {
    const { ids, distances } = answers[index] ?? { ids: [], distances: [] }
    const queryNorm = euclideanNorm(vector)
    const own = ids.map((id) => {
      const position = block?.positionOf(id) ?? null
      return block === null || position === null
        ? null
        : compareVectors(space, vector, queryNorm, block.vector(position), block.norm(position))
    })
    const isNew = block !== null && own.includes(null)
    const warnings = [
      ...(readsOtherwise ? [cutFractions] : []),
      ...(isNew ? ['The engine found records that were added since the vectors were read. Refresh the store to compare with them.'] : []),
      ...(block === null ? ['The vectors do not fit into memory, so nothing tells how much of the exact answer this is.'] : []),
    ]
    return {
      neighbours: ids.map((id, place) => {
        const distance = distances[place] ?? null
        const similarity = own[place] ? own[place].similarity : distance === null || space !== 'cosine' ? null : 1 - distance
        return { id, distance, similarity }
      }),
      recall:
        readsOtherwise || isNew || block === null
          ? null
          : recallOf(
              own.map((each) => each?.distance ?? null),
              exactly[index] ?? [],
            ),
      warnings,
    }
  })
}
