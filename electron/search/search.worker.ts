import { parentPort, workerData } from 'node:worker_threads'
import { z } from 'zod'
import { toWireError } from '../../shared/rpc/errors.ts'
import { log } from '../platform/log.ts'
import { requestSchema, type SearchReply, type SearchRequest } from './protocol.ts'
import { VectorScan } from './vector-scan.ts'

const port = parentPort
if (!port) throw new Error('The search runs as a worker.')
const { place } = z.object({ place: z.number() }).parse(workerData)
const scans = new Map<number, VectorScan>()

function scanOf({ key, memory, layout }: Extract<SearchRequest, { type: 'load' }>['block']): VectorScan {
  const scan = scans.get(key) ?? new VectorScan(memory, layout, place)
  scans.set(key, scan)
  return scan
}

function answer(request: Exclude<SearchRequest, { type: 'forget' }>): Int32Array<ArrayBuffer>[] {
  const scan = scanOf(request.block)
  switch (request.type) {
    case 'load':
      scan.fill(request.data)
      return []
    case 'prepare':
      scan.prepare(request.from, request.to)
      return []
    case 'similarities':
      scan.similarities(request.query, request.from, request.to, new Float64Array(request.target))
      return []
    case 'nearest': {
      const positions = request.positions && new Int32Array(request.positions)
      return scan.nearest(request.queries, request.ranking, request.limit, positions, request.from, request.to)
    }
  }
}

port.on('message', (message: unknown) => {
  const request = requestSchema.parse(message)
  if (request.type === 'forget') {
    scans.delete(request.key)
    return
  }
  let reply: SearchReply
  try {
    reply = { type: 'done', id: request.id, found: answer(request) }
  } catch (error) {
    log.error('The search failed', error)
    reply = { type: 'failed', id: request.id, error: toWireError(error) }
  }
  port.postMessage(reply)
})
