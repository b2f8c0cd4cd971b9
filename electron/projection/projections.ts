import type { CollectionRef } from '../../shared/contract/collections.ts'
import type { AppEvent } from '../../shared/contract/events.ts'
import type { MapSettings } from '../../shared/contract/maps.ts'
import { AppError } from '../../shared/rpc/errors.ts'
import type { Jobs } from '../jobs/jobs.ts'
import type { Neighbours } from '../neighbours/neighbours.ts'
import type { ExactSearch } from '../search/exact-search.ts'
import type { OpenStores } from '../store/open-stores.ts'
import { LayoutFiles } from './layout-file.ts'
import { makeMap } from './make-map.ts'
import { OpenMap } from './open-map.ts'

/** Maps that are kept in memory; of others the layout is on disk. */
const mostMaps = 8

export interface ProjectionsOptions {
  readonly stores: OpenStores
  readonly exact: ExactSearch
  readonly neighbours: Neighbours
  readonly jobs: Jobs
  /** Where layouts are kept between visits. */
  readonly folder: string
  readonly tell: (event: AppEvent) => void
}

function isSame(a: MapSettings, b: MapSettings): boolean {
  return a.method === b.method && a.nNeighbors === b.nNeighbors && a.minDist === b.minDist && a.metric === b.metric && a.seed === b.seed
}

/** Maps of collections: made as jobs, kept in memory while they are looked at, and their layouts on disk. */
export class Projections {
  readonly #options: ProjectionsOptions
  readonly #files: LayoutFiles
  readonly #maps = new Map<string, OpenMap>()

  constructor(options: ProjectionsOptions) {
    this.#options = options
    this.#files = new LayoutFiles(options.folder)
  }

  /**
   * The map of a collection as its store has it now. One that is open with the same settings is returned as it is, unless a
   * fresh layout is asked for.
   * @returns a job where something is being made; it fails with 'invalid-input' where vectors of more than two dimensions are
   * to be shown as they are, and as reading vectors and finding neighbours do
   */
  async open(
    ref: CollectionRef,
    settings: MapSettings,
    fresh: boolean,
    signal: AbortSignal,
  ): Promise<{ mapId: string; jobId: string | null }> {
    const { stores, jobs, tell } = this.#options
    const store = await stores.get(ref.connectionId, signal)
    const snapshot = await store.snapshot()
    const open = [...this.#maps.values()].find(
      (map) =>
        map.store === store && map.snapshot === snapshot && map.ref.collectionId === ref.collectionId && isSame(map.settings, settings),
    )
    const isUsable = open !== undefined && open.state.stage !== 'stopped'
    if (isUsable && (!fresh || !open.isFinal)) return { mapId: open.id, jobId: open.isFinal ? null : open.jobId }
    if (open) this.#maps.delete(open.id)

    const map = new OpenMap(ref, store, snapshot, settings, ({ id, version, state }) =>
      tell({ type: 'map', mapId: id, version, stage: state.stage }),
    )
    this.#maps.set(map.id, map)
    for (const [id, other] of this.#maps) {
      if (this.#maps.size <= mostMaps) break
      if (other.isFinal) this.#maps.delete(id)
    }
    map.jobId = jobs.start('Map', async (job) => {
      try {
        await makeMap(map, fresh, { ...this.#options, files: this.#files }, job)
        return map.id
      } catch (error) {
        map.stop(error)
        throw error
      }
    })
    return { mapId: map.id, jobId: map.jobId }
  }

  /** @throws AppError 'not-found' for a map that is no longer open */
  get(mapId: string): OpenMap {
    const map = this.#maps.get(mapId)
    if (!map) throw new AppError('not-found', 'This map is no longer open.', 'Open the map again.')
    this.#maps.delete(mapId)
    this.#maps.set(mapId, map)
    return map
  }

  /**
   * The map, once its points are known, for what needs its vectors or records too.
   * @throws AppError 'stale' where the store was read anew since, 'not-found' for a map that is no longer open
   */
  async current(mapId: string): Promise<OpenMap> {
    const map = this.get(mapId)
    await map.points()
    if ((await map.store.snapshot()) === map.snapshot) return map
    throw new AppError('stale', 'The store was read anew since the map was made.', 'Open the map again: what is new is placed in it.')
  }
}
