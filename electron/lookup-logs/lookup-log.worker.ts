import { parentPort, workerData } from 'node:worker_threads'
import { toWireError } from '../../shared/rpc/errors.ts'
import { log } from '../platform/log.ts'
import { LogSession } from './log-session.ts'
import { logMessageSchema, logWorkerDataSchema, type LogReply } from './protocol.ts'

const port = parentPort
if (!port) throw new Error('Logs are read in a worker.')
const { path, space } = logWorkerDataSchema.parse(workerData)
const send = (reply: LogReply): void => port.postMessage(reply)
const session = new LogSession(path, space, (facts) => send({ kind: 'grown', facts }))
const running = new Map<number, AbortController>()
/** Progress is told this often at most, milliseconds. */
const progressEvery = 100

port.on('message', (message: unknown) => {
  const received = logMessageSchema.parse(message)
  const { id } = received
  if (received.kind === 'cancel') {
    running.get(id)?.abort()
    return
  }
  const controller = new AbortController()
  running.set(id, controller)
  let told = 0
  const onProgress = (done: number, total: number): void => {
    if (Date.now() - told < progressEvery) return
    told = Date.now()
    send({ kind: 'progress', id, done, total })
  }
  session
    .answer(received.question, { signal: controller.signal, onProgress })
    .then(
      (value) => send({ kind: 'answer', id, value }),
      (error: unknown) => {
        const failure = toWireError(error)
        if (failure.code === 'internal') log.error('A log could not be read', error)
        send({ kind: 'failed', id, error: failure })
      },
    )
    .finally(() => running.delete(id))
})
