import os from 'node:os'
import type { InferenceSession, Tensor } from 'onnxruntime-node'
import { log } from '../platform/log.ts'
import { bestScoreModel, scoreModel } from './score-models.ts'

/** Rows of `width` float32 numbers, one after the other; not in shared memory, which the runtime does not take. */
export interface Matrix {
  readonly data: Float32Array<ArrayBuffer>
  readonly rows: number
  readonly width: number
}

export interface BestScores {
  /** queries x limit, highest first. */
  readonly scores: Float32Array
  /** The row of each score at every second number: the lower half of int64. */
  readonly places: Int32Array
}

/** Inner products by the native runtime, on all cores. The calling thread waits for each. */
export interface NativeScores {
  /** The `limit` highest inner products of each query; `limit` is at most the number of rows. */
  best(queries: Matrix, rows: Matrix, limit: number): Promise<BestScores>
  /** All inner products, queries x rows. */
  all(queries: Matrix, rows: Matrix): Promise<Float32Array>
  release(): Promise<void>
}

/** Opens the native runtime; null where there is none for this system. */
export async function openNativeScores(): Promise<NativeScores | null> {
  try {
    const { InferenceSession: Session, Tensor: TensorOf } = await import('onnxruntime-node')
    const options: InferenceSession.SessionOptions = {
      intraOpNumThreads: os.availableParallelism(),
      logSeverityLevel: 3,
      // Threads that have nothing to do leave the cores to the rest of the computer.
      extra: { session: { intra_op: { allow_spinning: '0' } } },
    }
    const [best, all] = await Promise.all([Session.create(bestScoreModel(), options), Session.create(scoreModel(), options)])
    const tensor = ({ data, rows, width }: Matrix): Tensor => new TensorOf('float32', data.subarray(0, rows * width), [rows, width])
    return {
      async best(queries, rows, limit) {
        const count = new TensorOf('int64', BigInt64Array.of(BigInt(limit)), [1])
        const { values, places } = await best.run({ queries: tensor(queries), rows: tensor(rows), count })
        const numbers = places?.data as BigInt64Array
        return { scores: values?.data as Float32Array, places: new Int32Array(numbers.buffer, numbers.byteOffset, numbers.length * 2) }
      },
      async all(queries, rows) {
        const { scores } = await all.run({ queries: tensor(queries), rows: tensor(rows) })
        return scores?.data as Float32Array
      },
      async release() {
        await Promise.all([best.release(), all.release()])
      },
    }
  } catch (error) {
    log.warn('The native runtime for comparing vectors cannot be loaded', error)
    return null
  }
}
