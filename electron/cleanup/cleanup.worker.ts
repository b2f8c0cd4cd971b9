import { parentPort, workerData } from 'node:worker_threads'
import { toWireError } from '../../shared/rpc/errors.ts'
import { log } from '../platform/log.ts'
import { CleanupAnalysis } from './cleanup-analysis.ts'
import { cleanupAskSchema, cleanupWorkerDataSchema, type CleanupReply } from './protocol.ts'

const port = parentPort
if (!port) throw new Error('Collections are looked through in a worker.')
const send = (reply: CleanupReply): void => port.postMessage(reply)
/** Progress is told this often at most, milliseconds. */
const progressEvery = 100
let told = 0
const analysis = new CleanupAnalysis(cleanupWorkerDataSchema.parse(workerData).mapping, (stage, done, total) => {
  if (Date.now() - told < progressEvery) return
  told = Date.now()
  send({ kind: 'progress', stage, done, total })
})

port.on('message', (message: unknown) => {
  const { id, question } = cleanupAskSchema.parse(message)
  try {
    send({ kind: 'answer', id, value: analysis.answer(question) })
  } catch (error) {
    const failure = toWireError(error)
    if (failure.code === 'internal') log.error('A collection could not be looked through', error)
    send({ kind: 'failed', id, error: failure })
  }
})
