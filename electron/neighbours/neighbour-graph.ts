import type { NeighbourReport } from '../../shared/contract/neighbours.ts'
import type { Space } from '../../shared/domain/space.ts'

/** The nearest neighbours of every record of a collection that has a vector. */
export interface NeighbourGraph {
  /** Names ids, vectors, `k` and metric together: equal for equal ones, also in another run of the app. */
  readonly fingerprint: string
  /** Records with a vector, in stored order: the rows. */
  readonly ids: readonly string[]
  readonly dimension: number
  /** Neighbours of a row at most. */
  readonly k: number
  readonly metric: Space
  /** `ids.length` x `k`, row-major: rows of the neighbours without the row itself, nearest first, ties in stored order; -1 where there is none. */
  readonly indices: Int32Array<SharedArrayBuffer>
  /** Chroma's distances in the metric, at the same places; NaN where there is none. */
  readonly distances: Float32Array<SharedArrayBuffer>
  readonly report: NeighbourReport
}
