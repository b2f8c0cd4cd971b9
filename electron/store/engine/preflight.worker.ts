import { parentPort, workerData } from 'node:worker_threads'
import { z } from 'zod'
import { toWireError } from '../../../shared/rpc/errors.ts'
import { runPreflight } from './preflight-checks.ts'

/** Runs one preflight in its own thread, because checking a large store takes seconds without a pause. */
const { directory, scratch } = z.object({ directory: z.string(), scratch: z.string() }).parse(workerData)

try {
  parentPort?.postMessage({ report: await runPreflight(directory, scratch) })
} catch (error) {
  parentPort?.postMessage({ error: toWireError(error) })
}
