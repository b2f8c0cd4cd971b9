import { parentPort } from 'node:worker_threads'
import { toWireError } from '../../shared/rpc/errors.ts'
import { log } from '../platform/log.ts'
import { requestSchema, type WorkerReply, type WorkerRequest } from './protocol.ts'
import { RunningEmbedders } from './running-embedders.ts'

const port = parentPort
if (!port) throw new Error('Embedders run in a worker.')
const running = new Map<number, AbortController>()
const embedders = new RunningEmbedders()

function tell(reply: WorkerReply, transfer: ArrayBuffer[] = []): void {
  port?.postMessage(reply, transfer)
}

async function answer({ id, recipe, texts, purpose }: Extract<WorkerRequest, { type: 'embed' }>): Promise<void> {
  const controller = new AbortController()
  running.set(id, controller)
  try {
    const { dimension, data } = await embedders.get(recipe).embed(texts, {
      purpose,
      signal: controller.signal,
      onProgress: (done, total) => tell({ type: 'progress', id, done, total }),
    })
    tell({ type: 'done', id, dimension, data }, [data.buffer])
  } catch (error) {
    const wire = toWireError(error)
    if (wire.code === 'internal') log.error(`The ${recipe.kind} embedder failed`, error)
    tell({ type: 'failed', id, error: wire })
  } finally {
    running.delete(id)
  }
}

port.on('message', (message: unknown) => {
  const request = requestSchema.parse(message)
  if (request.type === 'cancel') running.get(request.id)?.abort()
  else void answer(request)
})
