import { cp, mkdir, readFile, rename, rm, stat } from 'node:fs/promises'
import os from 'node:os'
import path from 'node:path'
import type { LookupLine } from '../../electron/sample/lookup-log.ts'
import { makeSample, sampleFiles } from '../../electron/sample/make-sample.ts'
import { truthSchema, type SampleTruth } from '../../electron/sample/truth.ts'
import { testEngines } from './engines.ts'
import { temporaryFolder } from './fixtures.ts'

export interface SampleStore {
  /** Holds the store and what lies beside it; to be removed at the end. */
  readonly folder: string
  readonly directory: string
  /** What was planted in the sample. */
  readonly truth: SampleTruth
  /** The log of lookups by their ids. */
  readonly lookups: ReadonlyMap<string, LookupLine>
}

function exists(file: string): Promise<boolean> {
  return stat(file).then(
    () => true,
    () => false,
  )
}

async function make(folder: string): Promise<boolean> {
  const [engine] = await testEngines()
  if (!engine) return false
  const engines = await engine.create()
  try {
    const directory = path.join(folder, 'chroma')
    await makeSample({ directory, engines, signal: new AbortController().signal, progress: () => undefined })
    return true
  } finally {
    await engines.close()
  }
}

/** The folder with the sample that this run's tests share, made by the first that asks; null where no engine runs here. */
async function sharedFolder(): Promise<string | null> {
  const ready = path.join(process.env['MNEMOSCOPE_TEST_RUN'] ?? os.tmpdir(), 'sample')
  const making = `${ready}.making`
  while (!(await exists(ready))) {
    const isFirst = await mkdir(making).then(
      () => true,
      () => false,
    )
    if (!isFirst) {
      await new Promise((resolve) => setTimeout(resolve, 100))
      continue
    }
    try {
      if (await exists(ready)) break
      const folder = await temporaryFolder('sample')
      if (!(await make(folder))) return null
      await rename(folder, ready)
    } finally {
      await rm(making, { recursive: true, force: true })
    }
  }
  return ready
}

/**
 * A copy of the sample store, as a real engine wrote it, in a new folder or the one given; null where no engine runs here,
 * which is said in a printed line. An app finds its sample in the folder `sample` of its data.
 */
export async function sampleStore(into?: string): Promise<SampleStore | null> {
  const shared = await sharedFolder()
  if (shared === null) {
    console.log('Skipped: no engine runs here to make the sample with.')
    return null
  }
  const folder = into ?? (await temporaryFolder('sample'))
  await cp(shared, folder, { recursive: true })
  const directory = path.join(folder, 'chroma')
  const files = sampleFiles(directory)
  const truth = truthSchema.parse(JSON.parse(await readFile(files.truth, 'utf8')))
  const lines = (await readFile(files.lookups, 'utf8')).trimEnd().split('\n')
  const lookups = new Map(lines.map((line) => JSON.parse(line) as LookupLine).map((line) => [line.id, line]))
  return { folder, directory, truth, lookups }
}
