import { Worker } from 'node:worker_threads'
import { AppError, fromWireError } from '../../shared/rpc/errors.ts'
import { builtFile } from '../platform/paths.ts'
import { type ProjectionResult, type ProjectionTask, replySchema, resultSchemas } from './protocol.ts'

export interface RunOptions {
  readonly signal?: AbortSignal | undefined
  readonly onProgress?: (done: number, total: number) => void
}

/**
 * Does one task in a worker of its own, which ends with it, or at once after the signal.
 * @throws AppError 'cancelled' after the signal, 'internal' where the worker ended before its task
 */
export function runProjection<Type extends ProjectionTask['type']>(
  task: ProjectionTask & { readonly type: Type },
  { signal, onProgress }: RunOptions = {},
): Promise<ProjectionResult<Type>> {
  const cancelled = new AppError('cancelled', 'The operation was cancelled.')
  if (signal?.aborted) return Promise.reject(cancelled)
  return new Promise((resolve, reject) => {
    const worker = new Worker(builtFile('projection.worker.js'), { workerData: task satisfies ProjectionTask })
    const end = (settle: () => void): void => {
      signal?.removeEventListener('abort', abort)
      settle()
      void worker.terminate()
    }
    const abort = (): void => end(() => reject(cancelled))
    signal?.addEventListener('abort', abort, { once: true })
    worker.on('message', (message: unknown) => {
      const reply = replySchema.parse(message)
      if (reply.type === 'progress') onProgress?.(reply.done, reply.total)
      else if (reply.type === 'failed') end(() => reject(fromWireError(reply.error)))
      else end(() => resolve(resultSchemas[task.type].parse(reply.result) as ProjectionResult<Type>))
    })
    worker.on('error', (cause: Error) => end(() => reject(ended(cause))))
    worker.on('exit', () => end(() => reject(ended(null))))
  })
}

function ended(cause: Error | null): AppError {
  return new AppError('internal', 'The map could not be calculated: its worker ended.', 'Open the map again.', { cause })
}
