import type { CollectionRef } from '../../../shared/contract/collections.ts'
import type { Probe, SearchSettings } from '../../../shared/contract/search.ts'
import { periodsBeyondChroma } from '../../../shared/domain/period.ts'
import { printWhere, printWhereDocument } from '../../../shared/domain/where-json.ts'
import { setsBeyondChroma } from '../../../shared/domain/where.ts'
import type { Embedders } from '../../embedder/embedders.ts'
import { queryVectors, type QueryVector } from '../../search/query-vectors.ts'
import type { OpenStores } from '../../store/open-stores.ts'
import { needsOwnEvaluation } from '../../store/server/server-views.ts'
import { javascriptString } from './program/literals.ts'
import { type ProgramLanguage, type ProgramPlace, type ProgramQuery, writeProgram } from './program/program.ts'

export interface SearchProgramOptions {
  readonly stores: OpenStores
  readonly embedders: Embedders
  /** Where the store of a connection is. */
  readonly placeOf: (connectionId: string) => Promise<ProgramPlace>
}

/** Names that Chroma's clients resolve among their own packages; others could be paths, which their JavaScript client imports. */
const plainName = /^[a-z][a-z0-9_-]*$/

function notesOf({ filter }: SearchSettings): string[] {
  return [
    ...(filter.find === ''
      ? []
      : [`The search for ${javascriptString(filter.find)} in ids and documents is not part of it: Chroma has none.`]),
    ...filter.periods.map(
      ({ key }) => `The period of ${javascriptString(key)} is not part of it. ${periodsBeyondChroma.message} ${periodsBeyondChroma.remedy}`,
    ),
    ...(filter.set === null ? [] : [`The saved set is not part of it. ${setsBeyondChroma.message} ${setsBeyondChroma.remedy}`]),
    ...(filter.where !== null && needsOwnEvaluation(filter.where)
      ? ['Chroma cuts the fraction off numbers of this filter where the stored value is an integer.']
      : []),
  ]
}

function vectorAt(found: readonly QueryVector[], place: number): Float32Array {
  return found[place]?.vector ?? new Float32Array(0)
}

/** Writes programs that ask Chroma what a search asks. */
export class SearchProgram {
  readonly #options: SearchProgramOptions

  constructor(options: SearchProgramOptions) {
    this.#options = options
  }

  /** @throws AppError as `queryVectors` and `writeProgram` do */
  async write(
    ref: CollectionRef,
    probes: readonly Probe[],
    settings: SearchSettings,
    language: ProgramLanguage,
    signal: AbortSignal,
  ): Promise<string> {
    const { stores, placeOf } = this.#options
    const store = await stores.get(ref.connectionId, signal)
    const { summary, embeddingFunction } = await store.detail(ref.collectionId, { signal })
    const { where, whereDocument } = settings.filter
    const hasOwnFunction = embeddingFunction?.type === 'known' && plainName.test(embeddingFunction.name)
    return writeProgram(
      {
        place: await placeOf(ref.connectionId),
        tenant: summary.tenant,
        database: summary.database,
        collection: { id: summary.id, name: summary.name },
        query: await this.#query(ref, probes, language, hasOwnFunction, signal),
        nResults: settings.nResults,
        where: where && printWhere(where),
        whereDocument: whereDocument && printWhereDocument(whereDocument),
        notes: notesOf(settings),
      },
      language,
    )
  }

  async #query(
    ref: CollectionRef,
    probes: readonly Probe[],
    language: ProgramLanguage,
    hasOwnFunction: boolean,
    signal: AbortSignal,
  ): Promise<ProgramQuery> {
    const { stores, embedders } = this.#options
    const texts = probes.flatMap((probe) => (probe.kind === 'text' && probe.embedderId === null ? [probe.text] : []))
    if (texts.length === probes.length && language !== 'curl' && hasOwnFunction) {
      const { chosenByPerson } = await embedders.choice(ref, signal)
      if (!chosenByPerson) return { kind: 'texts', texts }
    }
    const store = await stores.get(ref.connectionId, signal)
    const { summary } = await store.detail(ref.collectionId, { signal })
    const found = await queryVectors(probes, { ref, store, embedders, dimension: summary.dimension, block: null, signal })
    const [first] = probes
    if (first?.kind === 'record' && probes.length === 1) return { kind: 'record', id: first.id, vector: vectorAt(found, 0) }
    const vectors = probes.map((probe, place) => ({
      vector: vectorAt(found, place),
      of: probe.kind === 'text' ? probe.text : probe.kind === 'record' ? probe.id : null,
      embedder: found[place]?.embedder?.title ?? null,
    }))
    return { kind: 'vectors', vectors }
  }
}
