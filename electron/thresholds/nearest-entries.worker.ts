import { parentPort, workerData } from 'node:worker_threads'
import { AppError, toWireError } from '../../shared/rpc/errors.ts'
import { Candidates } from '../neighbours/candidates.ts'
import { ComparableRows } from '../neighbours/comparable-rows.ts'
import { preparedMatrix, queriesAtOnce } from '../neighbours/exact-candidates.ts'
import { openNativeScores, type Matrix, type NativeScores } from '../neighbours/native-scores.ts'
import { log } from '../platform/log.ts'
import { nearestRequestSchema, type NearestReply, type NearestRequest } from './nearest-protocol.ts'

const port = parentPort
if (!port) throw new Error('Queries are compared in a worker.')
const send = (reply: NearestReply): void => port.postMessage(reply)
/** Rows that are prepared together and compared with all queries of a group. */
const rowBytes = 48 * 2 ** 20

/** Gives every query the norm 1, in place; a zero one stays. */
function normalise(queries: Float32Array, dimension: number): void {
  for (let from = 0; from < queries.length; from += dimension) {
    let sum = 0
    for (let at = from; at < from + dimension; at += 1) sum += (queries[at] as number) ** 2
    const norm = Math.sqrt(sum) || 1
    for (let at = from; at < from + dimension; at += 1) queries[at] = (queries[at] as number) / norm
  }
}

/** Queries by their places, in memory that is not shared. */
function queryMatrix(queries: Float32Array, dimension: number, places: Int32Array, data: Float32Array<ArrayBuffer>): Matrix {
  for (const [index, place] of places.entries()) data.set(queries.subarray(place * dimension, (place + 1) * dimension), index * dimension)
  return { data, rows: places.length, width: dimension }
}

async function compare(request: NearestRequest, scores: NativeScores): Promise<void> {
  const { memory, layout } = request.block
  const { dimension } = layout
  const queries = new Float32Array(request.queries)
  normalise(queries, dimension)
  const control = new Int32Array(request.control)
  const target = new Int32Array(request.places).fill(-1)
  const total = request.groups.reduce((sum, group) => sum + group.queries.length * group.rows.length, 0)
  const data = new Float32Array(queriesAtOnce * dimension)
  const count = queries.length / dimension
  let done = 0
  for (const group of request.groups) {
    const compared = new ComparableRows(memory, layout, 'cosine', group.rows)
    const rowsAtOnce = Math.max(1, Math.min(group.rows.length, Math.floor(rowBytes / (dimension * 4))))
    const prepare = preparedMatrix(dimension, rowsAtOnce)
    const found = new Candidates(group.queries.length, request.limit)
    for (let from = 0; from < group.rows.length; from += rowsAtOnce) {
      const rows = group.rows.subarray(from, from + rowsAtOnce)
      const matrix = prepare(compared, rows, false)
      const most = Math.min(request.limit, rows.length)
      for (let start = 0; start < group.queries.length; start += queriesAtOnce) {
        if (Atomics.load(control, 0) !== 0) throw new AppError('cancelled', 'The operation was cancelled.')
        const places = group.queries.subarray(start, start + queriesAtOnce)
        const best = await scores.best(queryMatrix(queries, dimension, places, data), matrix, most)
        for (let index = 0; index < places.length; index += 1) {
          for (let at = index * most; at < (index + 1) * most; at += 1) {
            const score = best.scores[at] as number
            if (score <= found.worst(start + index)) break
            found.offer(start + index, rows[best.places[at * 2] as number] as number, score)
          }
        }
        done += places.length * rows.length
        send({ type: 'progress', done: Math.floor((done / total) * count), total: count })
      }
    }
    for (const [index, place] of group.queries.entries())
      target.set(found.rows.subarray(index * request.limit, (index + 1) * request.limit), place * request.limit)
  }
}

try {
  const scores = await openNativeScores()
  if (scores !== null) {
    await compare(nearestRequestSchema.parse(workerData), scores)
    await scores.release()
  }
  send({ type: 'done', native: scores !== null })
} catch (error) {
  const failure = toWireError(error)
  if (failure.code === 'internal') log.error('Queries could not be compared', error)
  send({ type: 'failed', error: failure })
}
