import { randomUUID } from 'node:crypto'
import type { CollectionRef } from '../../shared/contract/collections.ts'
import type { MapFrame, MapSettings, MapStage } from '../../shared/contract/maps.ts'
import type { Store } from '../store/store.ts'

/** What a picture tells beside its positions and number. */
export type MapState = Omit<MapFrame, 'version' | 'positions' | 'final'>

const finalStages: readonly MapStage[] = ['done', 'frozen', 'stopped']

/** A map at one state of its collection, and the newest picture of it. */
export class OpenMap {
  readonly id = randomUUID()
  readonly ref: CollectionRef
  readonly store: Store
  /** The state of the store that it shows. */
  readonly snapshot: string
  readonly settings: MapSettings
  /** One int32: 1 asks for the end of the layout. */
  readonly control = new SharedArrayBuffer(4)
  readonly #tell: (map: OpenMap) => void
  readonly #read: Promise<readonly string[]>
  #resolveRead: (ids: readonly string[]) => void = () => undefined
  #rejectRead: (reason: unknown) => void = () => undefined
  #ids: readonly string[] | null = null
  /** x and y of each point, float32; also written by the worker that lays out. */
  #positions = new SharedArrayBuffer(0)
  #version = 0
  #state: MapState
  jobId: string | null = null

  constructor(ref: CollectionRef, store: Store, snapshot: string, settings: MapSettings, tell: (map: OpenMap) => void) {
    this.ref = ref
    this.store = store
    this.snapshot = snapshot
    this.settings = settings
    this.#tell = tell
    this.#state = {
      stage: 'reading',
      method: settings.method,
      epoch: 0,
      epochs: 0,
      trustworthiness: null,
      laidOut: 0,
      placed: 0,
      unplaced: 0,
      withoutVector: 0,
      reused: false,
      notes: [],
    }
    this.#read = new Promise((resolve, reject) => {
      this.#resolveRead = resolve
      this.#rejectRead = reject
    })
    // Whoever asks for the points gets the failure; where nobody does, the job has told it.
    this.#read.catch(() => undefined)
  }

  get state(): MapState {
    return this.#state
  }

  get version(): number {
    return this.#version
  }

  get isFinal(): boolean {
    return finalStages.includes(this.#state.stage)
  }

  get positions(): SharedArrayBuffer {
    return this.#positions
  }

  /** Which record each point is, once they are read. */
  points(): Promise<readonly string[]> {
    return this.#read
  }

  /** Says which records the points are. Their positions start as none. */
  setPoints(ids: readonly string[], withoutVector: number): void {
    this.#ids = ids
    this.#positions = new SharedArrayBuffer(ids.length * 8)
    this.#state = { ...this.#state, withoutVector }
    this.#resolveRead(ids)
  }

  /** Puts a whole picture in place of the present one, so that a frame never shows parts of two. */
  setPositions(positions: SharedArrayBuffer): void {
    this.#positions = positions
  }

  /** There is something new to show. */
  update(change: Partial<MapState>): void {
    this.#state = { ...this.#state, ...change }
    this.#version += 1
    this.#tell(this)
  }

  /** Ends a map that will get no further picture; nothing happens to one that is final. */
  stop(reason: unknown): void {
    this.#rejectRead(reason)
    if (!this.isFinal) this.update({ stage: 'stopped' })
  }

  /** Asks the layout to end after the present epoch. */
  freeze(): void {
    if (!this.isFinal) Atomics.store(new Int32Array(this.control), 0, 1)
  }

  /** A copy of the present picture. */
  frame(): MapFrame {
    const hasPicture = this.#ids !== null && this.#state.stage !== 'reading'
    return {
      ...this.#state,
      version: this.#version,
      final: this.isFinal,
      positions: hasPicture ? new Float32Array(this.#positions).slice() : new Float32Array(0),
    }
  }
}
