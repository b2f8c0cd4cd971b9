import { cp, readdir, rm } from 'node:fs/promises'
import path from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { openDirectoryStore } from '../../../electron/store/directory/directory-store.ts'
import type { Engines, RunningEngine } from '../../../electron/store/engine/engines.ts'
import type { Store } from '../../../electron/store/store.ts'
import type { CollectionSummary } from '../../../shared/contract/collections.ts'
import { testEngines, type TestEngine } from '../../support/engines.ts'
import { fixturePath, haveFixtures, temporaryFolder } from '../../support/fixtures.ts'
import { generateStore } from '../../support/generate-store.ts'
import { everyOther, isQuick, mostlyOne } from '../../support/quick.ts'
import { seededRandom } from '../../support/random.ts'
import { engineRecords, expectSameAnswers, expectSameRecords, expectSameVectors, readerRecords } from './compare.ts'

const engines = await testEngines()
/** Filters asked of the generated store: a thousand of the engine of today, some of the one before. */
const filtersFor = isQuick ? { newest: 80, compat: 40 } : { newest: 1000, compat: 250 }

/** Copies of one store, opened by the reader and by an engine. */
class BothWays {
  readonly #folder: string
  readonly #manager: Engines
  readonly store: Store
  readonly running: RunningEngine
  readonly collections: CollectionSummary[]

  private constructor(folder: string, manager: Engines, store: Store, running: RunningEngine, collections: CollectionSummary[]) {
    this.#folder = folder
    this.#manager = manager
    this.store = store
    this.running = running
    this.collections = collections
  }

  static async open(source: string, engine: TestEngine): Promise<BothWays> {
    const folder = await temporaryFolder('agreement')
    const [forReader, forEngine] = [path.join(folder, 'reader'), path.join(folder, 'engine')]
    await Promise.all([cp(source, forReader, { recursive: true }), cp(source, forEngine, { recursive: true })])
    const store = await openDirectoryStore({ directory: forReader, scratch: folder })
    const manager = await engine.create()
    const migrate = { consent: true, snapshotFolder: path.join(folder, 'snapshots') } as const
    try {
      const running = await manager.start(forEngine, { kind: engine.kind, migrate })
      const { tenants } = await store.catalog()
      const collections = tenants.flatMap((tenant) => tenant.databases).flatMap((database) => database.collections)
      return new BothWays(folder, manager, store, running, collections)
    } catch (error) {
      await store.close()
      await manager.close()
      throw error
    }
  }

  async close(): Promise<void> {
    await this.store.close()
    await this.#manager.close()
    await rm(this.#folder, { recursive: true, force: true })
  }
}

describe.each(engines)('reader and $name engine agree on a generated store', (engine) => {
  let folder: string
  let both: BothWays

  beforeAll(async () => {
    folder = await temporaryFolder('generated')
    const directory = path.join(folder, 'store')
    await generateStore({ directory, engine, seed: 20_240 + engines.indexOf(engine) })
    both = await BothWays.open(directory, engine)
  }, 120_000)

  afterAll(async () => {
    await both?.close()
    await rm(folder, { recursive: true, force: true })
  })

  test('about tenants, databases, collections, counts, dimensions and spaces', async () => {
    const { api } = both.running
    expect(both.collections.map((collection) => collection.name)).toEqual(
      expect.arrayContaining([
        'persisted-l2',
        'persisted-cosine',
        'persisted-ip',
        'never-persisted',
        'without-documents',
        'empty',
        'elsewhere',
      ]),
    )
    for (const { id, name, tenant, database, count, dimension, space, problem } of both.collections) {
      const stored = await api.collection({ tenant, database }, name)
      expect({ id, name, dimension, problem, count }).toEqual({
        id: stored.id,
        name: stored.name,
        dimension: stored.dimension,
        problem: null,
        count: await api.count({ tenant, database, id }),
      })
      expect(stored.configuration_json).toMatchObject({ hnsw: { space } })
    }
  })

  test('about ids, order, documents, uris and metadata with types', async () => {
    for (const collection of both.collections) {
      expectSameRecords(await readerRecords(both.store, collection.id), await engineRecords(both.running.api, collection))
    }
  }, 120_000)

  test('about every vector', async () => {
    const random = seededRandom(5)
    for (const collection of both.collections.filter((each) => (each.count ?? 0) > 0)) {
      await expectSameVectors(both.store, both.running.api, collection, collection, random)
    }
  }, 120_000)

  test(`about ${filtersFor[engine.name]} random filters`, async () => {
    const wanted = filtersFor[engine.name]
    const random = seededRandom(77)
    const collections = both.collections.filter((each) => (each.count ?? 0) > 0)
    let asked = 0
    let matching = 0
    for (const collection of collections) {
      const records = await engineRecords(both.running.api, collection)
      const filters = Math.ceil(wanted / collections.length)
      const counts = await expectSameAnswers(both.store, both.running.api, collection, records, {
        random,
        filters,
        arrays: engine.name === 'newest',
      })
      asked += counts.asked
      matching += counts.matching
    }
    expect(asked).toBeGreaterThanOrEqual(wanted)
    expect(matching).toBeGreaterThan(wanted * 0.4)
  }, 300_000)
})

/** Stores that no released engine opens, or whose vectors an engine does not give. */
const notOpened = new Set(['bad-inconsistent-hash', 'old-parquet-aianytime'])
const newestOnly = new Set(['cache-llm-gateway', 'mem-claude-zh', 'mem-mem0-eval', 'mem-tars-4empty', 'rag-facetbench-399'])
const fixtures = haveFixtures ? (await readdir(fixturePath('chroma'))).filter((name) => !notOpened.has(name)) : []

describe.skipIf(!haveFixtures).each(mostlyOne(engines, 'newest'))('reader and $name engine agree on a store made by others', (engine) => {
  test.concurrent.each(everyOther(fixtures).filter((name) => engine.name === 'newest' || !newestOnly.has(name)))(
    '%s',
    async (name) => {
      const both = await BothWays.open(fixturePath('chroma', name), engine)
      const random = seededRandom(3)
      try {
        for (const collection of both.collections) {
          const records = await engineRecords(both.running.api, collection)
          expectSameRecords(await readerRecords(both.store, collection.id), records)
          if (records.length === 0) continue
          await expectSameVectors(both.store, both.running.api, collection, collection, random)
          await expectSameAnswers(both.store, both.running.api, collection, records, {
            random,
            filters: isQuick ? 8 : 25,
            arrays: engine.name === 'newest',
          })
        }
      } finally {
        await both.close()
      }
    },
    120_000,
  )
})
