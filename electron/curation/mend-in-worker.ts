import { Worker } from 'node:worker_threads'
import { z } from 'zod'
import { AppError, fromWireError } from '../../shared/rpc/errors.ts'
import { builtFile } from '../platform/paths.ts'
import { createScratch } from '../platform/scratch.ts'

const answerSchema = z.union([z.object({ mended: z.array(z.string()) }), z.object({ error: z.unknown() })])

/**
 * Mends index files that an engine left torn, in a worker; see `mendStore`. To be called only while nobody has the store open.
 * @param parent where a folder for a private copy of the database is made
 * @param keepIn where files that are replaced are kept
 * @returns names of the collections that were mended
 * @throws AppError as the preflight does
 */
export async function mendInWorker(directory: string, parent: string, keepIn: string): Promise<string[]> {
  const scratch = await createScratch(parent)
  const worker = new Worker(builtFile('mend-store.worker.js'), { workerData: { directory, scratch: scratch.directory, keepIn } })
  try {
    const answer = await new Promise<z.infer<typeof answerSchema>>((resolve, reject) => {
      worker.once('message', (message: unknown) => resolve(answerSchema.parse(message)))
      worker.once('error', reject)
      worker.once('exit', () => reject(new AppError('damaged', 'The store could not be looked through.', 'It was left as it is.')))
    })
    if ('error' in answer) throw fromWireError(answer.error)
    return answer.mended
  } finally {
    await worker.terminate()
    await scratch.remove()
  }
}
