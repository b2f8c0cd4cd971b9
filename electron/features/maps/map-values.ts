import type { CollectionRef } from '../../../shared/contract/collections.ts'
import type { MapColour, MapValues, maps } from '../../../shared/contract/maps.ts'
import type { Probe } from '../../../shared/contract/search.ts'
import type { ProfileMapping } from '../../../shared/domain/profiles/profile.ts'
import type { Filter } from '../../../shared/domain/where.ts'
import type { OutputOf } from '../../../shared/rpc/define.ts'
import { encode } from '../../../shared/rpc/codec.ts'
import { AppError } from '../../../shared/rpc/errors.ts'
import type { Cleanup } from '../../cleanup/cleanup-service.ts'
import type { Embedders } from '../../embedder/embedders.ts'
import type { Neighbours } from '../../neighbours/neighbours.ts'
import { graphOf, spaceOf } from '../../projection/make-map.ts'
import type { OpenMap } from '../../projection/open-map.ts'
import type { Projections } from '../../projection/projections.ts'
import { placeQuery } from '../../projection/query-place.ts'
import { runProjection } from '../../projection/run-projection.ts'
import type { ExactSearch } from '../../search/exact-search.ts'
import { FilteredPositions } from '../../search/filtered-positions.ts'
import { queryVectors } from '../../search/query-vectors.ts'
import type { VectorBlock } from '../../search/vector-block.ts'
import { Kept } from '../../store/kept.ts'
import type { ThresholdLab } from '../../thresholds/threshold-lab.ts'
import { clusterWords } from './cluster-words.ts'
import { categoryValues, columnValues, numberValues } from './column-values.ts'
import { readColumns, type RecordColumns } from './record-columns.ts'

export interface MapValuesParts {
  readonly projections: Projections
  readonly exact: ExactSearch
  readonly neighbours: Neighbours
  readonly embedders: Embedders
  readonly cleanup: Cleanup
  readonly lab: ThresholdLab
  readonly mappingOf: (ref: CollectionRef, signal: AbortSignal) => Promise<ProfileMapping>
}

type Labels = OutputOf<typeof maps.labels>
type Fidelity = OutputOf<typeof maps.fidelity>
type Similarities = OutputOf<typeof maps.similarities>
type Matching = OutputOf<typeof maps.matching>

/** Characters of a group's first text in its name. */
const groupTitle = 120
/** Of the limits of an entry's threshold, which colours do not show. */
const fitConfidence = 0.9
const expiryStates = ['expired', 'valid', 'never expires']

/** What the points of open maps stand for, one value for each. */
export class MapValuesReader {
  readonly #parts: MapValuesParts
  readonly #positions = new FilteredPositions()
  readonly #columns = new Kept<RecordColumns>({ most: 2 })
  readonly #labels = new Kept<Labels>({ most: 4 })
  readonly #fidelity = new Kept<Fidelity>({ most: 4 })

  constructor(parts: MapValuesParts) {
    this.#parts = parts
  }

  /** @throws AppError 'not-found' for an unknown key or map, 'stale' where the store was read anew, and as reading and embedding do */
  async of(mapId: string, colour: MapColour, signal: AbortSignal): Promise<MapValues> {
    switch (colour.by) {
      case 'metadata': {
        const column = (await this.#columnsOf(mapId, signal)).metadata.get(colour.key)
        if (column) return columnValues(colour.key, column)
        throw new AppError('not-found', `No record on the map has the key ${JSON.stringify(colour.key)}.`, 'Choose another key.')
      }
      case 'namespace': {
        const { namespace } = await this.#columnsOf(mapId, signal)
        return categoryValues(namespace.map((value) => (value === null ? null : String(value))))
      }
      case 'expiry': {
        const { expiresAt } = await this.#columnsOf(mapId, signal)
        const now = Date.now()
        const states = Array.from(expiresAt, (at) => (Number.isNaN(at) ? 'never expires' : at <= now ? 'expired' : 'valid'))
        return categoryValues(states, expiryStates)
      }
      case 'hitCount':
        return numberValues((await this.#columnsOf(mapId, signal)).hitCount, 'number')
      case 'age':
        return numberValues((await this.#columnsOf(mapId, signal)).createdAt, 'time')
      case 'cluster': {
        const { clusters, members } = await this.labels(mapId, signal)
        // Two clusters may have the same words; the number keeps them apart.
        const names = clusters.map(({ words }, place) => `${place + 1}${words.length > 0 ? `: ${words.slice(0, 3).join(', ')}` : ''}`)
        return categoryValues(
          Array.from(members, (cluster) => names[cluster] ?? null),
          names,
        )
      }
      case 'fidelity':
        return numberValues(Float64Array.from((await this.fidelity(mapId, signal)).shares), 'share')
      case 'duplicates':
        return this.#duplicates(mapId, signal)
      case 'entryThreshold':
        return this.#entryThresholds(mapId, colour, signal)
      case 'similarity':
        return numberValues(Float64Array.from((await this.similarities(mapId, colour.probe, signal)).values), 'similarity')
    }
  }

  async #duplicates(mapId: string, signal: AbortSignal): Promise<MapValues> {
    const map = await this.#parts.projections.current(mapId)
    const groups = await this.#parts.cleanup.ask(map.ref, 'duplicates', {}, signal)
    // Two groups may begin with the same text; the number keeps them apart.
    const names = groups.map(({ text }, place) => `${place + 1}${text === null ? '' : `: ${text.slice(0, groupTitle)}`}`)
    const nameOf = new Map(groups.flatMap(({ ids }, place) => ids.map((id) => [id, names[place] ?? ''])))
    const ids = await map.points()
    return categoryValues(
      ids.map((id) => nameOf.get(id) ?? null),
      names,
    )
  }

  async #entryThresholds(mapId: string, colour: Extract<MapColour, { by: 'entryThreshold' }>, signal: AbortSignal): Promise<MapValues> {
    const map = await this.#parts.projections.current(mapId)
    const asked = { ...map.ref, source: colour.source, embedderId: null }
    const fits = await this.#parts.lab.entries(asked, colour.sources, fitConfidence, signal)
    const thresholdOf = new Map(fits.map(({ entryId, threshold }) => [entryId, threshold ?? Number.NaN]))
    const ids = await map.points()
    return numberValues(
      Float64Array.from(ids, (id) => thresholdOf.get(id) ?? Number.NaN),
      'threshold',
    )
  }

  async fidelity(mapId: string, signal: AbortSignal): Promise<Fidelity> {
    const map = await this.#parts.projections.current(mapId)
    const { version, positions } = map
    const block = await this.#blockOf(map, signal)
    return this.#fidelity.get(`${mapId}/${version}`, signal, async () => {
      const { k, indices, distances } = await graphOf(map, spaceOf(map, block), this.#parts.neighbours, { signal })
      const graph = { rows: block.ids.length, k, indices, distances }
      const { shares } = await runProjection({ type: 'fidelity', graph, positions }, { signal })
      return { version, neighbours: k, shares }
    })
  }

  async labels(mapId: string, signal: AbortSignal): Promise<Labels> {
    const map = await this.#parts.projections.current(mapId)
    const { version, positions } = map
    return this.#labels.get(`${mapId}/${version}`, signal, async () => {
      const { clusters, members } = await runProjection({ type: 'clusters', positions }, { signal })
      const words = await clusterWords(map, members, clusters.length, signal)
      return { version, clusters: clusters.map((cluster, place) => ({ ...cluster, words: words[place] ?? [] })), members }
    })
  }

  /** @throws AppError 'invalid-input' for a filter that Chroma would refuse, and whatever the store throws */
  async matching(mapId: string, filter: Filter, signal: AbortSignal): Promise<Matching> {
    const map = await this.#parts.projections.current(mapId)
    const block = await this.#blockOf(map, signal)
    const { places, count, withoutVector } = await this.#positions.get(map.store, map.ref.collectionId, block, filter, { signal })
    const flags = new Uint8Array(block.ids.length)
    if (places === null) flags.fill(1)
    else for (const place of places) flags[place] = 1
    return { flags, count: count + withoutVector }
  }

  /** @throws AppError 'invalid-input' for a query of another dimension, and as embedding does */
  async similarities(mapId: string, probe: Probe, signal: AbortSignal): Promise<Similarities> {
    const { projections, exact, embedders } = this.#parts
    const map = await projections.current(mapId)
    const block = await this.#blockOf(map, signal)
    const dimension = block.ids.length === 0 ? null : block.dimension
    const [query] = await queryVectors([probe], { ref: map.ref, store: map.store, embedders, dimension, block, signal })
    if (!query) throw new AppError('internal', 'The query has no vector.')
    const values = Float32Array.from(await exact.similarities(block, query.vector, signal))
    const embedder = query.embedder?.title ?? null
    const point = probe.kind === 'record' ? block.positionOf(probe.id) : null
    const positions = new Float32Array(map.positions)
    if (point !== null) {
      const [x, y] = [positions[2 * point] as number, positions[2 * point + 1] as number]
      return { values, place: Number.isNaN(x) ? null : { x, y }, point, embedder }
    }
    const limit = map.settings.nNeighbors
    const [found = []] = await exact.nearest(block, [query.vector], { ranking: spaceOf(map, block), limit, positions: null, signal })
    const place = placeQuery(found, positions, spaceOf(map, block), map.settings)
    return { values, place, point: null, embedder }
  }

  async #columnsOf(mapId: string, signal: AbortSignal): Promise<RecordColumns> {
    const map = await this.#parts.projections.current(mapId)
    const mapping = await this.#parts.mappingOf(map.ref, signal)
    return this.#columns.get(`${mapId}/${encode(mapping)}`, signal, () => readColumns(map, mapping, { signal }))
  }

  async #blockOf(map: OpenMap, signal: AbortSignal): Promise<VectorBlock> {
    return this.#parts.exact.block(map.store, map.ref.collectionId, { signal })
  }
}
