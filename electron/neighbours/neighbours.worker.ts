import { parentPort, workerData } from 'node:worker_threads'
import { toWireError } from '../../shared/rpc/errors.ts'
import { log } from '../platform/log.ts'
import { GraphBuild } from './build-graph.ts'
import { type BuildReply, buildRequestSchema } from './protocol.ts'

const port = parentPort
if (!port) throw new Error('Neighbour graphs are made in a worker.')
const send = (reply: BuildReply): void => port.postMessage(reply)
/** Progress is told this often at most, milliseconds. */
const progressEvery = 100
let toldAt = 0
let toldStage = ''

function tell(stage: string, done: number, total: number | null): void {
  if (stage === toldStage && Date.now() - toldAt < progressEvery) return
  toldAt = Date.now()
  toldStage = stage
  send({ type: 'progress', stage, done, total })
}

try {
  send({ type: 'done', ...(await new GraphBuild(buildRequestSchema.parse(workerData), tell).run()) })
} catch (error) {
  const failure = toWireError(error)
  if (failure.code === 'internal') log.error('A neighbour graph could not be made', error)
  send({ type: 'failed', error: failure })
}
