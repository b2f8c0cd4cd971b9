import { existsSync } from 'node:fs'
import { readdir, rm } from 'node:fs/promises'
import path from 'node:path'
import { defaultDatabase } from '../../support/generate-store.ts'
import { temporaryFolder } from '../../support/fixtures.ts'
import { seededRandom } from '../../support/random.ts'
import { startRawEngine } from './raw-engine.ts'

export interface BaseStore {
  readonly directory: string
  readonly kept: string
  readonly young: string
  /** The folder of the index of `kept`. */
  readonly segment: string
  /** What the collection `kept` holds, in stored order. */
  readonly ids: string[]
  readonly vectors: ReadonlyMap<string, Float32Array>
  remove(): Promise<void>
}

const dimension = 8

async function persistedFolder(directory: string): Promise<string> {
  const entries = await readdir(directory, { withFileTypes: true })
  const folder = entries.find((entry) => entry.isDirectory() && existsSync(path.join(directory, entry.name, 'index_metadata.pickle')))
  if (!folder) throw new Error('The engine did not write an index.')
  return folder.name
}

/**
 * A store made by a real engine that is killed in the end: `kept` (l2, 8 dimensions) has an index on disk and 20 newer records in
 * the queue only; `young` (cosine, 4 dimensions) is in the queue only. Null where no engine runs here.
 */
export async function makeBaseStore(): Promise<BaseStore | null> {
  const folder = await temporaryFolder('base')
  const directory = path.join(folder, 'store')
  const engine = await startRawEngine(directory)
  if (!engine) return null
  const random = seededRandom(7)
  const vector = (length: number): Float32Array => Float32Array.from({ length }, () => random.normal())
  try {
    const { api } = engine
    const make = async (name: string, space: 'l2' | 'cosine'): Promise<string> =>
      (await api.createCollection(defaultDatabase, { name, space, metadata: new Map([['made for', 'tests']]) })).id
    const kept = await make('kept', 'l2')
    const young = await make('young', 'cosine')
    const vectors = new Map<string, Float32Array>()
    const add = async (collection: string, ids: string[], length: number): Promise<void> => {
      const embeddings = ids.map(() => vector(length))
      if (collection === kept) for (const [index, id] of ids.entries()) vectors.set(id, embeddings[index] ?? vector(0))
      await api.add(
        { ...defaultDatabase, id: collection },
        {
          ids,
          embeddings,
          documents: ids.map((id) => `document of ${id}`),
          metadatas: ids.map(
            (_, index) =>
              new Map<string, string | bigint | number | boolean>([
                ['topic', `topic ${index % 5}`],
                ['n', BigInt(index)],
                ['score', index / 4],
                ['odd', index % 2 === 1],
              ]),
          ),
        },
      )
    }
    const named = (prefix: string, count: number): string[] => Array.from({ length: count }, (_, index) => `${prefix}-${index}`)
    await add(kept, named('first', 600), dimension)
    await api.delete({ ...defaultDatabase, id: kept }, named('first', 30))
    for (const id of named('first', 30)) vectors.delete(id)
    await add(kept, named('second', 400), dimension)
    await add(kept, named('tail', 20), dimension)
    await add(young, named('young', 12), 4)
    await api.settled()
    return {
      directory,
      kept,
      young,
      segment: await persistedFolder(directory),
      ids: [...vectors.keys()],
      vectors,
      remove: () => rm(folder, { recursive: true, force: true }),
    }
  } finally {
    await engine.kill()
  }
}
