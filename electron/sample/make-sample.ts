import { randomBytes } from 'node:crypto'
import { mkdir, readdir, rename, rm, rmdir, writeFile } from 'node:fs/promises'
import path from 'node:path'
import { AppError } from '../../shared/rpc/errors.ts'
import type { Engines } from '../store/engine/engines.ts'
import type { ChromaApi } from '../store/server/api.ts'
import { makeSampleContent, type SampleCollection } from './sample.ts'
import { row } from './vectors.ts'

export interface MakeSampleOptions {
  /** The store to make; must not exist, or be an empty folder. */
  readonly directory: string
  readonly engines: Engines
  readonly signal: AbortSignal
  readonly progress: (stage: string, done: number, total: number | null) => void
}

const scope = { tenant: 'default_tenant', database: 'default_database' }
const batchSize = 500

/** Where the log of lookups and the list of what was planted lie: beside the store, not inside it. */
export function sampleFiles(directory: string): { lookups: string; truth: string } {
  const folder = path.dirname(directory)
  return { lookups: path.join(folder, 'sample-lookups.jsonl'), truth: path.join(folder, 'sample-truth.json') }
}

async function writeCollection(
  api: ChromaApi,
  { name, metadata, records, vectors }: SampleCollection,
  signal: AbortSignal,
  wrote: (count: number) => void,
): Promise<void> {
  const { id } = await api.createCollection(scope, { name, metadata, space: 'cosine' }, { signal })
  for (let from = 0; from < records.length; from += batchSize) {
    const batch = records.slice(from, from + batchSize)
    const columns = {
      ids: batch.map((record) => record.id),
      documents: batch.map((record) => record.document),
      metadatas: batch.map((record) => record.metadata),
      embeddings: batch.map((_, index) => row(vectors, from + index)),
    }
    await api.add({ ...scope, id }, columns, { signal })
    wrote(batch.length)
  }
}

async function refuseExisting(directory: string): Promise<void> {
  const names = await readdir(directory).catch((error: NodeJS.ErrnoException) => {
    if (error.code === 'ENOENT') return []
    throw error
  })
  if (names.length > 0) {
    throw new AppError('conflict', `${directory} is not empty.`, 'The sample is made in a new folder only.')
  }
}

/**
 * Makes the sample store with a Chroma engine. Everything is built beside its place and moved there at the end, so that a
 * half-made store is never seen; after a failure nothing is left.
 * @throws AppError 'conflict' where the directory holds something, 'cancelled' after the signal, and whatever starting an
 * engine throws ('unsupported' where there is none).
 */
export async function makeSample({ directory, engines, signal, progress }: MakeSampleOptions): Promise<void> {
  await refuseExisting(directory)
  progress('Writing questions and answers', 0, null)
  const { collections, lookups, truth } = await makeSampleContent(signal)
  const total = collections.reduce((sum, { records }) => sum + records.length, 0)
  await mkdir(path.dirname(directory), { recursive: true })
  const making = `${directory}.making-${randomBytes(4).toString('hex')}`
  const files = sampleFiles(directory)
  const unfinished = { lookups: `${files.lookups}.${path.basename(making)}`, truth: `${files.truth}.${path.basename(making)}` }
  try {
    progress('Starting Chroma', 0, null)
    const engine = await engines.start(making, { create: true, signal })
    try {
      let done = 0
      for (const collection of collections) {
        await writeCollection(engine.api, collection, signal, (count) => {
          done += count
          progress('Storing records', done, total)
        })
      }
    } finally {
      await engine.stop()
    }
    await writeFile(unfinished.lookups, lookups.map((line) => `${JSON.stringify(line)}\n`).join(''))
    await writeFile(unfinished.truth, `${JSON.stringify(truth)}\n`)
    await rename(unfinished.lookups, files.lookups)
    await rename(unfinished.truth, files.truth)
    await rmdir(directory).catch((error: NodeJS.ErrnoException) => {
      if (error.code !== 'ENOENT') throw error
    })
    await rename(making, directory)
  } finally {
    await Promise.all([making, unfinished.lookups, unfinished.truth].map((leftover) => rm(leftover, { recursive: true, force: true })))
  }
}
