import type { Metadata } from '../../shared/domain/metadata.ts'
import { testEngines } from '../support/engines.ts'
import { temporaryFolder } from '../support/fixtures.ts'
import { defaultDatabase } from '../support/generate-store.ts'
import { seededRandom } from '../support/random.ts'

export const topics = ['billing', 'delivery', 'login', 'refund'] as const
/** Records of the collection `many`; more than any page, so that most are never loaded. */
export const manyRecords = 6000
const start = Date.UTC(2026, 0, 1) / 1000

/** Metadata of the record `many-<index>`: hits run against the stored order, so that sorting cannot be told from storing by chance. */
export function manyMetadata(index: number): Metadata {
  const metadata: Metadata = new Map<string, string | bigint | number | boolean>([
    ['topic', topics[index % topics.length] ?? ''],
    ['hits', BigInt(manyRecords - index)],
    ['score', index / 8],
    ['created_at', BigInt(start + index * 3600)],
    ['day', new Date((start + index * 3600) * 1000).toISOString()],
    ['reviewed', index % 3 === 0],
  ])
  if (index % 10 === 0) metadata.set('note', index % 20 === 0 ? '' : `note ${index}`)
  return metadata
}

export function manyDocument(index: number): string | null {
  if (index % 50 === 49) return null
  return `Question ${index} about ${topics[index % topics.length]}, asked on a rainy day`
}

const answers = [
  ['How do I reset my password?', 'Open **Settings**, then *Security*, and choose `Reset`.'],
  [
    'Where is my invoice?',
    '# Invoices\n\n- Open Billing\n- Choose [Invoices](https://example.com/invoices)\n\n![chart](https://example.com/chart.png)',
  ],
  ['What is in the order?', '{"items": [{"sku": 9007199254740993, "price": 3.0}]}'],
  ['Can I cancel?', 'Yes, until the parcel is packed.'],
] as const

/**
 * A store of collections for the records page, made by a real engine; null where none runs here, which is said in a printed line.
 * `many`: manyRecords records in stored order; `semantic_cache`: four queries with their answers; `turns`: one conversation; `nothing`: empty.
 */
export async function makeRecordsStore(): Promise<string | null> {
  const [engine] = await testEngines()
  if (!engine) {
    console.log('Skipped: no engine runs here to make a store with.')
    return null
  }
  const directory = await temporaryFolder('records')
  const random = seededRandom(11)
  const engines = await engine.create()
  try {
    const { api } = await engines.start(directory, { create: true, kind: engine.kind })
    const make = async (name: string) => {
      const { id } = await api.createCollection(defaultDatabase, { name, space: 'cosine', metadata: null })
      return { ...defaultDatabase, id }
    }
    const many = await make('many')
    for (let from = 0; from < manyRecords; from += 1000) {
      const places = Array.from({ length: 1000 }, (_, place) => from + place)
      await api.add(many, {
        ids: places.map((index) => `many-${index}`),
        embeddings: places.map(() => Float32Array.of(1, random.normal(), random.normal())),
        documents: places.map(manyDocument),
        metadatas: places.map(manyMetadata),
      })
    }
    const cache = await make('semantic_cache')
    await api.add(cache, {
      ids: answers.map((_, index) => `entry-${index}`),
      embeddings: answers.map((_, index) => Float32Array.of(1, index, 0)),
      documents: answers.map(([query]) => query),
      metadatas: answers.map(
        ([, response], index) =>
          new Map<string, string | bigint>([
            ['response', response],
            ['namespace', index < 2 ? 'account' : 'orders'],
            ['hit_count', BigInt(index)],
          ]),
      ),
    })
    const turns = await make('turns')
    await api.add(turns, {
      ids: ['talk'],
      embeddings: [Float32Array.of(0, 0, 0)],
      documents: ['User: Is it raining?\nAssistant: Yes, take an umbrella.'],
      metadatas: [null],
    })
    await make('nothing')
    await api.settled()
  } finally {
    await engines.close()
  }
  return directory
}
