import { parentPort, workerData } from 'node:worker_threads'
import { AppError, toWireError } from '../../../shared/rpc/errors.ts'
import { log } from '../../platform/log.ts'
import { requestSchema, type WorkerReply, workerDataSchema } from './protocol.ts'
import { type CallOptions, Reader } from './reader.ts'

const port = parentPort
if (!port) throw new Error('The reader runs as a worker.')
const { directory, scratch } = workerDataSchema.parse(workerData)
const running = new Map<number, AbortController>()

function tell(reply: WorkerReply, transfer: ArrayBuffer[] = []): void {
  port?.postMessage(reply, transfer)
}

/** Large arrays change hands instead of being copied. */
function transferable(value: unknown): ArrayBuffer[] {
  if (typeof value !== 'object' || value === null || !('data' in value) || !(value.data instanceof Float32Array)) return []
  const { buffer } = value.data
  return buffer instanceof ArrayBuffer ? [buffer] : []
}

const reader = new Reader({
  directory,
  scratch,
  onRefreshed: () => tell({ type: 'refreshed' }),
  onChanged: () => tell({ type: 'changed' }),
})
const methods = reader.methods()

async function answer(id: number, method: string, values: readonly unknown[]): Promise<void> {
  const controller = new AbortController()
  running.set(id, controller)
  const options: CallOptions = {
    signal: controller.signal,
    onProgress: (stage, done, total) => tell({ type: 'progress', id, stage, done, total }),
  }
  try {
    const handler = methods[method]
    if (!handler) throw new AppError('internal', `The reader has no method ${method}.`)
    const value = await handler(options, ...values)
    tell({ type: 'done', id, value }, transferable(value))
  } catch (error) {
    const wire = toWireError(error)
    if (wire.code === 'internal') log.error(`The reader failed in ${method}`, error)
    tell({ type: 'failed', id, error: wire })
    // A trap inside WebAssembly leaves its memory in an unknown state; a new worker starts clean.
    if (error instanceof WebAssembly.RuntimeError) setImmediate(() => process.exit(1))
  } finally {
    running.delete(id)
  }
}

port.on('message', (message: unknown) => {
  const request = requestSchema.parse(message)
  if (request.type === 'cancel') running.get(request.id)?.abort()
  else void answer(request.id, request.method, request.arguments)
})
