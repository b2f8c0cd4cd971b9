import { rm } from 'node:fs/promises'
import { afterEach, describe, expect, test } from 'vitest'
import { openDirectoryStore } from '../../../electron/store/directory/directory-store.ts'
import type { Store } from '../../../electron/store/store.ts'
import { storedOrder } from '../../../shared/contract/records.ts'
import { noFilter } from '../../../shared/domain/where.ts'
import { fixturePath, haveFixtures, temporaryFolder } from '../../support/fixtures.ts'
import { treeHash } from '../../support/tree-hash.ts'

let store: Store | null = null
let scratch: string | null = null

async function open(directory: string): Promise<Store> {
  scratch = await temporaryFolder('scratch')
  store = await openDirectoryStore({ directory, scratch })
  return store
}

afterEach(async () => {
  await store?.close()
  if (scratch) await rm(scratch, { recursive: true, force: true })
  store = null
})

/** Collections and counts as the fixtures' index lists them. */
const stores: Record<string, string[]> = {
  'cache-llm-gateway': ['query_cache 28 x 384 l2'],
  'mem-a-mem-sys': ['memories 212 x 384 l2'],
  'mem-claude-zh': ['memories 2 x 384 cosine'],
  'mem-neo-agent-zh': ['game_memories 9 x 1024 l2'],
  'mem-sophia-cs': ['sophia_memory 10 x 384 l2'],
  'mem-atc-zero-vectors': ['atc_experiences_e5_large 172 x 1024 cosine'],
  'mem-mem0-eval': ['locomo_gemini_768 0 x null l2', 'mem0migrations 1 x 1536 l2'],
  'mem-tars-4empty': [
    'conversations_guest_384732ce 0 x null l2',
    'conversations_guest_5781a7af 0 x null l2',
    'conversations_guest_5d1c66ef 0 x null l2',
    'conversations_guest_8ab72515 0 x null l2',
  ],
  'empty-letta': ['letta_archival_memory_agent 0 x null l2'],
  'empty-chroma-dev0': [],
  'rag-cadquery-nometa-768': ['example_collection 58 x 768 l2', 'langchain 0 x null l2'],
  'rag-autogen-ip-orphans': ['autogen-docs 1 x 384 ip'],
  'rag-sherpa-1536': ['sherpa_db 18 x 1536 l2'],
  'rag-facetbench-399': ['facets 399 x 384 cosine'],
  'multi-tenant-chroma-dev': ['fruit 3 x 384 l2', 'testingtesting 0 x null l2'],
  'bad-inconsistent-hash': ['test 1 x 384 l2'],
}

describe.skipIf(!haveFixtures)('stores made by other programs', () => {
  for (const [name, expected] of Object.entries(stores)) {
    test(`${name} opens with its collections and counts, and stays as it was`, async () => {
      const directory = fixturePath('chroma', name)
      const before = await treeHash(directory)
      const opened = await open(directory)
      const catalog = await opened.catalog()
      const collections = catalog.tenants.flatMap((tenant) => tenant.databases).flatMap((database) => database.collections)
      expect(collections.map((one) => `${one.name} ${one.count} x ${one.dimension} ${one.space}`).toSorted()).toEqual(expected)
      expect(collections.map((one) => one.problem).filter(Boolean)).toEqual([])
      for (const collection of collections) {
        const page = await opened.page({ collectionId: collection.id, filter: noFilter, sort: storedOrder }, 0, 1000)
        expect(page.total).toBe(collection.count)
        expect(page.records).toHaveLength(collection.count ?? 0)
        const rest = await opened.page({ collectionId: collection.id, filter: noFilter, sort: storedOrder }, 1, 1000)
        expect(rest.records).toEqual(page.records.slice(1))
        const ids = page.records.map((record) => record.id)
        expect(await opened.records(collection.id, ids.toReversed())).toEqual(page.records)
      }
      await opened.close()
      expect(await treeHash(directory)).toBe(before)
    })
  }

  test('a tenant other than the default is shown with its database', async () => {
    const catalog = await (await open(fixturePath('chroma', 'multi-tenant-chroma-dev'))).catalog()
    const homes = catalog.tenants.flatMap((tenant) =>
      tenant.databases.map((database) => [tenant.name, database.name, database.collections.length]),
    )
    expect(homes).toEqual([
      ['default_tenant', 'default_database', 0],
      ['b1f6fa55-5c0a-4f93-82bb-fc398ed2e788', 'helloworld', 2],
      ['bae4191b-3df0-4cdf-8845-cc8a2356c370', 'helloworld', 0],
    ])
  })

  test('a folder of Chroma 0.3 is refused with the way to convert it', async () => {
    await expect(open(fixturePath('chroma', 'old-parquet-aianytime'))).rejects.toMatchObject({
      code: 'unsupported',
      message: expect.stringContaining('Parquet'),
      remedy: expect.stringContaining('chroma-migrate'),
    })
  })
})
