import { Worker } from 'node:worker_threads'
import { z } from 'zod'
import { findingSchema, type Finding } from '../../../shared/contract/connections.ts'
import { AppError, fromWireError } from '../../../shared/rpc/errors.ts'
import { builtFile } from '../../platform/paths.ts'
import { createScratch } from '../../platform/scratch.ts'
import { keepSqliteCompiled } from '../sqlite-code.ts'
import { migrationsOfEngine } from './migrations.ts'

export interface PreflightOptions {
  /** Folder for a private copy of the database; the copy is removed at the end, or by a later preflight where the app was killed. */
  readonly scratch: string
  readonly signal?: AbortSignal
}

export interface PreflightResult {
  /** Those of severity `error` forbid starting an engine. */
  readonly findings: readonly Finding[]
  readonly hashType: 'md5' | 'sha256'
  /** What an engine of this version would do with the store's format; 'unknown' leaves it to the engine's validate mode. */
  verdictFor(version: string | null): 'opens' | 'migrates' | 'too-new' | 'unknown'
}

const answerSchema = z.union([
  z.object({
    report: z.object({ findings: z.array(findingSchema), migrations: z.array(z.string()), hashType: z.enum(['md5', 'sha256']) }),
  }),
  z.object({ error: z.unknown() }),
])

/**
 * Looks at a store, reading only, for everything that makes starting an engine dangerous: a damaged database or index, a
 * missing pickle, poisoned operations, a queue that fell behind, too little space.
 * @throws AppError 'not-a-store', 'busy', 'forbidden', 'damaged' where not even that can be found out, 'cancelled'
 */
export async function preflight(directory: string, options: PreflightOptions): Promise<PreflightResult> {
  const scratch = await createScratch(options.scratch)
  try {
    const { findings, migrations, hashType } = await runInWorker(directory, scratch.directory, options.signal)
    return { findings, hashType, verdictFor: (version) => verdict(migrations, version) }
  } finally {
    await scratch.remove()
  }
}

function verdict(stored: readonly string[], version: string | null): ReturnType<PreflightResult['verdictFor']> {
  const known = migrationsOfEngine(version)
  if (known === null) return 'unknown'
  if (stored.some((name) => !known.has(name))) return 'too-new'
  return [...known.keys()].every((name) => stored.includes(name)) ? 'opens' : 'migrates'
}

type Report = Extract<z.infer<typeof answerSchema>, { report: unknown }>['report']

function runInWorker(directory: string, scratch: string, signal: AbortSignal | undefined): Promise<Report> {
  keepSqliteCompiled()
  return new Promise((resolve, reject) => {
    const worker = new Worker(builtFile('preflight.worker.js'), { workerData: { directory, scratch } })
    const cancel = (): void => finish(() => reject(new AppError('cancelled', 'The operation was cancelled.')))
    const finish = (settle: () => void): void => {
      signal?.removeEventListener('abort', cancel)
      void worker.terminate().then(settle, reject)
    }
    if (signal?.aborted) return cancel()
    signal?.addEventListener('abort', cancel)
    worker.once('message', (message: unknown) => {
      const answer = answerSchema.parse(message)
      finish(() => ('report' in answer ? resolve(answer.report) : reject(fromWireError(answer.error))))
    })
    worker.once('error', (error) => finish(() => reject(error)))
  })
}
