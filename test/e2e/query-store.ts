import { readFile } from 'node:fs/promises'
import path from 'node:path'
import type { LookupLine } from '../../electron/sample/lookup-log.ts'
import { makeSample, sampleFiles } from '../../electron/sample/make-sample.ts'
import { truthSchema, type SampleTruth } from '../../electron/sample/truth.ts'
import { testEngines } from '../support/engines.ts'
import { temporaryFolder } from '../support/fixtures.ts'

export interface QueryStore {
  /** Holds the store and what lies beside it; to be removed at the end. */
  readonly folder: string
  readonly directory: string
  /** What was planted in the sample. */
  readonly truth: SampleTruth
  /** The log of lookups by their ids. */
  readonly lookups: ReadonlyMap<string, LookupLine>
}

/** The sample store, made by a real engine; null where none runs here, which is said in a printed line. */
export async function makeQueryStore(): Promise<QueryStore | null> {
  const [engine] = await testEngines()
  if (!engine) {
    console.log('Skipped: no engine runs here to make the sample with.')
    return null
  }
  const folder = await temporaryFolder('query')
  const directory = path.join(folder, 'sample')
  const engines = await engine.create()
  try {
    await makeSample({ directory, engines, signal: new AbortController().signal, progress: () => undefined })
  } finally {
    await engines.close()
  }
  const files = sampleFiles(directory)
  const truth = truthSchema.parse(JSON.parse(await readFile(files.truth, 'utf8')))
  const lines = (await readFile(files.lookups, 'utf8')).trimEnd().split('\n')
  const lookups = new Map(lines.map((line) => JSON.parse(line) as LookupLine).map((line) => [line.id, line]))
  return { folder, directory, truth, lookups }
}
