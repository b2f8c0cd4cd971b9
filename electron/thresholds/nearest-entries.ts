import { Worker } from 'node:worker_threads'
import { AppError, fromWireError } from '../../shared/rpc/errors.ts'
import { builtFile } from '../platform/paths.ts'
import type { ExactSearch } from '../search/exact-search.ts'
import type { VectorBlock } from '../search/vector-block.ts'
import { nearestReplySchema, type NearestRequest } from './nearest-protocol.ts'

/** Queries, by their places, that are compared with the same rows, ascending; null for all. */
export interface QueryGroup {
  readonly queries: readonly number[]
  readonly rows: Int32Array | null
}

export interface NearestEntriesOptions {
  readonly exact: ExactSearch
  readonly block: VectorBlock
  /** Row-major, each of the block's dimension. */
  readonly queries: Float32Array
  readonly groups: readonly QueryGroup[]
  /** Rows of each query. */
  readonly limit: number
  readonly signal: AbortSignal | undefined
  readonly onProgress: (done: number, total: number) => void
}

/** Fewer comparisons than this are not worth a worker of their own. */
const fewComparisons = 2_000_000
const queriesAtOnce = 32

/**
 * The rows most similar to each query by cosine, queries x limit, highest first; -1 where there are fewer. Many are compared as
 * products of matrices by the native runtime, so that a row is read once for hundreds of queries; few, and all where there is no
 * runtime for this system, by the exact search. Between rows that float32 cannot tell apart the order may be either.
 * @throws AppError 'cancelled' after the signal
 */
export async function nearestEntries(options: NearestEntriesOptions): Promise<Int32Array> {
  const { block, groups, limit, queries } = options
  const count = block.dimension === 0 ? 0 : queries.length / block.dimension
  const places = new Int32Array(new SharedArrayBuffer(count * limit * 4)).fill(-1)
  if (count === 0) return places
  const comparable = Int32Array.from(block.ids.keys()).filter((row) => block.norm(row) > 0 && Number.isFinite(block.norm(row)))
  const asked = groups.map((group) => ({
    queries: Int32Array.from(group.queries),
    rows: group.rows === null ? comparable : group.rows.filter((row) => block.norm(row) > 0 && Number.isFinite(block.norm(row))),
  }))
  const comparisons = asked.reduce((sum, group) => sum + group.queries.length * group.rows.length, 0)
  if (comparisons < fewComparisons || !(await byRuntime(options, asked, places))) await bySearch(options, asked, places)
  return places
}

async function bySearch(
  { exact, block, queries, limit, signal, onProgress }: NearestEntriesOptions,
  groups: NearestRequest['groups'],
  target: Int32Array,
): Promise<void> {
  const total = queries.length / block.dimension
  let done = 0
  for (const group of groups) {
    const positions = new Int32Array(new SharedArrayBuffer(group.rows.length * 4))
    positions.set(group.rows)
    for (let from = 0; from < group.queries.length; from += queriesAtOnce) {
      const some = group.queries.subarray(from, from + queriesAtOnce)
      const vectors = Array.from(some, (place) => queries.subarray(place * block.dimension, (place + 1) * block.dimension))
      const found = await exact.nearest(block, vectors, { ranking: 'cosine', limit, positions, signal })
      for (const [index, place] of some.entries()) {
        const rows = (found[index] ?? []).map(({ position }) => position)
        target.set(rows, place * limit)
      }
      done += some.length
      onProgress(done, total)
    }
  }
}

/** @returns whether there is a runtime. A cancelled worker ends by itself: one that is stopped while it calculates would take the app with it. */
function byRuntime(
  { block, queries, limit, signal, onProgress }: NearestEntriesOptions,
  groups: NearestRequest['groups'],
  places: Int32Array<SharedArrayBuffer>,
): Promise<boolean> {
  signal?.throwIfAborted()
  const shared = new SharedArrayBuffer(queries.byteLength)
  new Float32Array(shared).set(queries)
  const control = new Int32Array(new SharedArrayBuffer(4))
  const request: NearestRequest = {
    block: { memory: block.memory, layout: block.layout },
    queries: shared,
    groups: [...groups],
    limit,
    control: control.buffer,
    places: places.buffer,
  }
  const worker = new Worker(builtFile('nearest-entries.worker.js'), { workerData: request })
  const cancel = (): void => void Atomics.store(control, 0, 1)
  signal?.addEventListener('abort', cancel, { once: true })
  return new Promise<boolean>((resolve, reject) => {
    worker.on('message', (message: unknown) => {
      const reply = nearestReplySchema.parse(message)
      if (reply.type === 'progress') onProgress(reply.done, reply.total)
      else if (reply.type === 'done') resolve(reply.native)
      else reject(fromWireError(reply.error))
    })
    worker.on('error', (cause) => reject(ended(cause)))
    worker.on('exit', () => reject(ended(null)))
  }).finally(() => signal?.removeEventListener('abort', cancel))
}

function ended(cause: Error | null): AppError {
  return new AppError(
    'internal',
    'The worker that compares queries ended while it worked.',
    'Try again. If it ends again, there may be too little memory: close other collections first.',
    { cause },
  )
}
