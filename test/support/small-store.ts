import type { Metadata } from '../../shared/domain/metadata.ts'
import { type TestEngine, testEngines } from './engines.ts'
import { defaultDatabase } from './generate-store.ts'
import { temporaryFolder } from './fixtures.ts'

export interface SmallStore {
  readonly directory: string
  /** Collection `answers`: `count` records with ids `answer-0` and on, three dimensions, cosine. */
  readonly count: number
}

/** Metadata of the record at a place: a topic of three, an exact integer, a float. */
export function smallMetadata(index: number): Metadata {
  return new Map<string, string | bigint | number>([
    ['topic', ['refund', 'password', 'delivery'][index % 3] ?? ''],
    ['hits', BigInt(index)],
    ['score', index / 2],
  ])
}

/** A store of one small collection, made by a real engine; null where none runs here, which is said in a printed line. */
export async function makeSmallStore(count = 30, chosen?: TestEngine): Promise<SmallStore | null> {
  const engine = chosen ?? (await testEngines())[0]
  if (!engine) {
    console.log('Skipped: no engine runs here to make a store with.')
    return null
  }
  const directory = await temporaryFolder('store')
  const engines = await engine.create()
  try {
    const { api } = await engines.start(directory, { create: true, kind: engine.kind })
    const { id } = await api.createCollection(defaultDatabase, { name: 'answers', space: 'cosine', metadata: null })
    const places = Array.from({ length: count }, (_, index) => index)
    await api.add(
      { ...defaultDatabase, id },
      {
        ids: places.map((index) => `answer-${index}`),
        embeddings: places.map((index) => Float32Array.of(1, index, -index)),
        documents: places.map((index) => (index === 7 ? null : `Answer number ${index}`)),
        metadatas: places.map(smallMetadata),
      },
    )
    await api.settled()
  } finally {
    await engines.close()
  }
  return { directory, count }
}
