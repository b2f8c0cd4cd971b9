import { parentPort, workerData } from 'node:worker_threads'
import { z } from 'zod'
import { toWireError } from '../../shared/rpc/errors.ts'
import { mendStore } from './mend-store.ts'

/** Mends one store in its own thread, because looking through a large index takes seconds without a pause. */
const options = z.object({ directory: z.string(), scratch: z.string(), keepIn: z.string() }).parse(workerData)

try {
  parentPort?.postMessage({ mended: await mendStore(options) })
} catch (error) {
  parentPort?.postMessage({ error: toWireError(error) })
}
