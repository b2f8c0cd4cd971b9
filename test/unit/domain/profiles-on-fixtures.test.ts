import { afterAll, describe, expect, test } from 'vitest'
import { openDirectoryStore } from '../../../electron/store/directory/directory-store.ts'
import type { Store } from '../../../electron/store/store.ts'
import { storedOrder } from '../../../shared/contract/records.ts'
import type { ProfileMatch } from '../../../shared/domain/profiles/profile.ts'
import { readRole } from '../../../shared/domain/profiles/read-role.ts'
import { recogniseProfile } from '../../../shared/domain/profiles/recognise.ts'
import type { StoredRecord } from '../../../shared/domain/record.ts'
import { noFilter } from '../../../shared/domain/where.ts'
import { fixturePath, haveFixtures, temporaryFolder } from '../../support/fixtures.ts'

const open: Store[] = []
afterAll(() => Promise.all(open.map((store) => store.close())))

async function recogniseFixture(folder: string, collection: string): Promise<{ match: ProfileMatch; records: StoredRecord[] }> {
  const store = await openDirectoryStore({ directory: fixturePath('chroma', folder), scratch: await temporaryFolder('profiles') })
  open.push(store)
  const { tenants } = await store.catalog()
  const found = tenants
    .flatMap(({ databases }) => databases.flatMap(({ collections }) => collections))
    .find(({ name }) => name === collection)
  if (found === undefined) throw new Error(`${folder} has no collection ${collection}`)
  const [detail, keys, page] = await Promise.all([
    store.detail(found.id),
    store.keys(found.id),
    store.page({ collectionId: found.id, filter: noFilter, sort: storedOrder }, 0, 200),
  ])
  const match = recogniseProfile({ name: collection, metadata: detail.metadata, count: found.count, keys }, page.records)
  return { match, records: page.records }
}

interface Expected {
  readonly id: string
  readonly confidence: readonly [least: number, most: number]
  /** Roles whose value in the first record must contain this text. */
  readonly reads?: Readonly<Record<string, string>>
}

const expected: readonly (readonly [folder: string, collection: string, Expected])[] = [
  [
    'cache-llm-gateway',
    'query_cache',
    { id: 'semantic-cache', confidence: [0.75, 1], reads: { query: 'What is baggage allowance?', response: '15 kg' } },
  ],
  [
    'mem-a-mem-sys',
    'memories',
    {
      id: 'a-mem',
      confidence: [0.85, 1],
      reads: { fact: 'Test memory content', hitCount: '0', createdAt: '202507201829', category: 'Test category' },
    },
  ],
  ['mem-atc-zero-vectors', 'atc_experiences_e5_large', { id: 'agent-memory', confidence: [0.4, 0.75], reads: { createdAt: '1753809784' } }],
  [
    'mem-claude-zh',
    'memories',
    {
      id: 'memory-notes',
      confidence: [0.5, 0.8],
      reads: { fact: 'FastAPI', category: 'preference', importance: '0.7', namespace: 'demo-project', createdAt: '2026-04-01' },
    },
  ],
  ['mem-mem0-eval', 'mem0migrations', { id: 'mem0', confidence: [0.4, 0.8], reads: { user: '807b0cca' } }],
  ['mem-mem0-eval', 'locomo_gemini_768', { id: 'unknown', confidence: [0, 0] }],
  [
    'mem-neo-agent-zh',
    'game_memories',
    {
      id: 'conversation-turns',
      confidence: [0.6, 1],
      reads: { input: '你好', output: '引擎输出', createdAt: '1757397309', category: 'dialogue' },
    },
  ],
  ['mem-sophia-cs', 'sophia_memory', { id: 'agent-memory', confidence: [0.4, 0.75], reads: { fact: 'Krok 2', session: '1090d1db' } }],
  ['mem-tars-4empty', 'conversations_guest_5781a7af', { id: 'agent-memory', confidence: [0.4, 0.6] }],
  ['empty-letta', 'letta_archival_memory_agent', { id: 'letta', confidence: [0.4, 0.6] }],
  ['rag-cadquery-nometa-768', 'example_collection', { id: 'chunks', confidence: [0.25, 0.45] }],
  ['rag-cadquery-nometa-768', 'langchain', { id: 'langchain', confidence: [0.4, 0.6] }],
  ['rag-autogen-ip-orphans', 'autogen-docs', { id: 'chunks', confidence: [0.4, 0.8], reads: { source: 'Examples_small.md' } }],
  ['rag-sherpa-1536', 'sherpa_db', { id: 'chunks', confidence: [0.4, 0.8], reads: { source: 'rtgfqq', topic: 'NoMeaning' } }],
  ['rag-facetbench-399', 'facets', { id: 'unknown', confidence: [0, 0], reads: { category: 'Safety' } }],
  ['multi-tenant-chroma-dev', 'fruit', { id: 'unknown', confidence: [0, 0] }],
  ['bad-inconsistent-hash', 'test', { id: 'unknown', confidence: [0, 0] }],
]

describe.skipIf(!haveFixtures)('stores that others made', () => {
  test.each(expected)('%s / %s is recognised', async (folder, collection, { id, confidence, reads = {} }) => {
    const { match, records } = await recogniseFixture(folder, collection)
    expect(match, match.reasons.join(' ')).toMatchObject({ id })
    expect(match.confidence).toBeGreaterThanOrEqual(confidence[0])
    expect(match.confidence).toBeLessThanOrEqual(confidence[1])
    expect(match.reasons.length).toBeGreaterThan(0)
    const [first] = records
    for (const [role, text] of Object.entries(reads)) {
      expect(first && String(readRole(match.mapping, role as 'query', first)), role).toContain(text)
    }
  })
})
