import { parentPort, workerData } from 'node:worker_threads'
import { z } from 'zod'
import { toWireError } from '../../shared/rpc/errors.ts'
import { log } from '../platform/log.ts'
import { makePivots } from './make-pivots.ts'
import { type NearestRows, requestSchema, type SearchReply, type SearchRequest } from './protocol.ts'
import { VectorScan } from './vector-scan.ts'

const port = parentPort
if (!port) throw new Error('The search runs as a worker.')
const { place } = z.object({ place: z.number() }).parse(workerData)
const scans = new Map<number, VectorScan>()

type Block = Extract<SearchRequest, { type: 'load' }>['block']

function sharedOf({ shared }: Block): NonNullable<Block['shared']> {
  if (!shared) throw new Error('A search worker was asked for vectors that it does not have.')
  return shared
}

function scanOf(block: Block): VectorScan {
  const known = scans.get(block.key)
  if (known) return known
  const { memory, layout } = sharedOf(block)
  const scan = new VectorScan(memory, layout, place)
  scans.set(block.key, scan)
  return scan
}

function answer(request: Exclude<SearchRequest, { type: 'forget' }>): NearestRows[] {
  if (request.type === 'pivots') {
    const { memory, layout } = sharedOf(request.block)
    makePivots(memory, layout, place)
    return []
  }
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
