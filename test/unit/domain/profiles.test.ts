import { expect, test } from 'vitest'
import type { MetadataValue } from '../../../shared/domain/metadata.ts'
import { profileMatchSchema, type Role } from '../../../shared/domain/profiles/profile.ts'
import { readField, readRole } from '../../../shared/domain/profiles/read-role.ts'
import { recogniseProfile } from '../../../shared/domain/profiles/recognise.ts'
import type { StoredRecord } from '../../../shared/domain/record.ts'

interface Shape {
  readonly name: string
  readonly document: string | null
  readonly metadata: Readonly<Record<string, MetadataValue>>
}

function recordsOf({ document, metadata }: Shape, count = 12): StoredRecord[] {
  return Array.from({ length: count }, (_, index) => ({
    id: `r${index}`,
    document,
    metadata: new Map(Object.entries(metadata)),
    uri: null,
  }))
}

function recognise(shape: Shape, count?: number) {
  const records = recordsOf(shape, count)
  const match = profileMatchSchema.parse(recogniseProfile({ name: shape.name, metadata: null, count: records.length, keys: [] }, records))
  const [first] = records
  return { ...match, read: (role: Role) => (first === undefined ? null : readRole(match.mapping, role, first)) }
}

const answer = 'Open Settings > Plan > Cancel. The subscription stays usable until the paid period ends.'
const question = 'How do I cancel my subscription?'
const created = '2026-03-14T09:26:53Z'

test.each<[string, Shape, string, Partial<Record<Role, MetadataValue>>]>([
  [
    'the prompt as document and response_text',
    {
      name: 'semantic_cache',
      document: question,
      metadata: { response_text: answer, created_at: created, ttl_seconds: 3600n, hit_count: 4n, skin_type: 'dry' },
    },
    'semantic-cache',
    { query: question, response: answer, createdAt: created, ttl: 3600n, hitCount: 4n, namespace: 'dry' },
  ],
  [
    'the prompt as document and cached_response without any bookkeeping',
    { name: 'cache_9e107d9d372bb6826bd81d3542a419d6', document: question, metadata: { cached_response: answer } },
    'semantic-cache',
    { query: question, response: answer },
  ],
  [
    'a response inside stringified JSON',
    {
      name: 'semantic_llm_cache',
      document: question,
      metadata: { response_data: JSON.stringify({ answer, model: 'gpt-4o', meta: { expires_at: 1_800_000_000 } }) },
    },
    'semantic-cache',
    { query: question, response: answer, model: 'gpt-4o', expiresAt: 1_800_000_000n },
  ],
  [
    'stringified metadata with a value',
    {
      name: 'cache_collection',
      document: question,
      metadata: { value: JSON.stringify({ value: answer, created_at: created }), namespace: 'billing' },
    },
    'semantic-cache',
    { query: question, response: answer, createdAt: created, namespace: 'billing' },
  ],
  [
    'a plain value in a cache',
    { name: 'response-cache', document: question, metadata: { value: answer, ttl: 60n } },
    'semantic-cache',
    { query: question, response: answer, ttl: 60n },
  ],
  [
    'the answer as document and query_preview',
    {
      name: 'semantic_cache',
      document: answer,
      metadata: { query_preview: question, cached_at: 1_773_480_413.5, expires_at: 1_773_484_013n, locale: 'de' },
    },
    'semantic-cache-response',
    { query: question, response: answer, createdAt: 1_773_480_413.5, expiresAt: 1_773_484_013n, namespace: 'de' },
  ],
  [
    'query, response, namespace, times and hits in metadata only',
    {
      name: 'llm_cache',
      document: null,
      metadata: {
        query: question,
        response: answer,
        namespace: 'eu',
        created: 1_773_480_413n,
        expires: 1_773_484_013n,
        hits: 7n,
        last_hit_at: created,
      },
    },
    'semantic-cache-metadata',
    {
      query: question,
      response: answer,
      namespace: 'eu',
      createdAt: 1_773_480_413n,
      expiresAt: 1_773_484_013n,
      hitCount: 7n,
      lastHitAt: created,
    },
  ],
  [
    'prompt and response as RedisVL lays them out',
    {
      name: 'llmcache',
      document: question,
      metadata: { entry_id: 'e1', prompt: question, response: answer, inserted_at: 1_773_480_413.2, updated_at: 1_773_480_413.2 },
    },
    'redisvl',
    { query: question, response: answer, createdAt: 1_773_480_413.2 },
  ],
  [
    'episodes with input and output',
    {
      name: 'episodes',
      document: null,
      metadata: { session_id: 's1', user_id: 'u1', input: question, output: answer, occurred_at: created },
    },
    'episodes',
    { input: question, output: answer, session: 's1', user: 'u1', createdAt: created },
  ],
  [
    'documents of turns with timestamp and topic',
    { name: 'chat_memory', document: `User: ${question}\nAssistant: ${answer}`, metadata: { timestamp: created, topic: 'cancel' } },
    'conversation-turns',
    { input: question, output: answer, topic: 'cancel', createdAt: created },
  ],
  [
    'facts about users',
    { name: 'user_facts', document: 'Priya prefers short answers.', metadata: { user_id: 'u7', category: 'preference', confidence: 0.9 } },
    'facts',
    { fact: 'Priya prefers short answers.', user: 'u7', category: 'preference', importance: 0.9 },
  ],
  [
    'mem0 without documents',
    {
      name: 'memories',
      document: null,
      metadata: { data: 'Likes tea', hash: 'aa', user_id: 'u1', agent_id: 'a1', run_id: 'run1', created_at: created },
    },
    'mem0',
    { fact: 'Likes tea', user: 'u1', session: 'run1', namespace: 'a1', createdAt: created },
  ],
  [
    'claude-mem',
    {
      name: 'cm__claude-mem',
      document: 'Fixed the race in the queue',
      metadata: {
        sqlite_id: 5n,
        doc_type: 'observation',
        field_type: 'narrative',
        project: 'shop',
        memory_session_id: 'ms',
        created_at_epoch: 1_773_480_413_000n,
        title: 'Race',
      },
    },
    'claude-mem',
    {
      fact: 'Fixed the race in the queue',
      namespace: 'shop',
      category: 'observation',
      session: 'ms',
      createdAt: 1_773_480_413_000n,
      topic: 'Race',
    },
  ],
  [
    'A-MEM notes',
    {
      name: 'memories',
      document: 'Uses uv',
      metadata: {
        content: 'Uses uv',
        context: 'Python',
        keywords: '["uv"]',
        links: '[]',
        tags: '[]',
        evolution_history: '[]',
        retrieval_count: 3n,
        last_accessed: '202507201829',
        timestamp: '202507201829',
      },
    },
    'a-mem',
    { fact: 'Uses uv', topic: 'Python', hitCount: 3n, lastHitAt: '202507201829' },
  ],
  [
    'LlamaIndex nodes',
    {
      name: 'quickstart',
      document: 'A long text about engines.',
      metadata: { _node_content: '{"id_": "n"}', _node_type: 'TextNode', ref_doc_id: 'd', file_name: 'engines.pdf' },
    },
    'llama-index',
    { source: 'engines.pdf' },
  ],
  [
    'LangChain documents',
    { name: 'docs', document: 'A page of a manual.', metadata: { source: 'manual.pdf', page: 3n, total_pages: 90n } },
    'langchain',
    { source: 'manual.pdf' },
  ],
  [
    'CrewAI memory',
    {
      name: 'short_term_memory',
      document: 'The researcher found two sources.',
      metadata: { agent: 'Researcher', quality: 8n, expected_output: 'A list' },
    },
    'crewai',
    { fact: 'The researcher found two sources.', speaker: 'Researcher', importance: 8n },
  ],
  ['GPTCache with ids and vectors only', { name: 'gptcache', document: null, metadata: {} }, 'gptcache', {}],
])('%s is recognised and read', (_, shape, id, roles) => {
  const match = recognise(shape)
  expect(match.id).toBe(id)
  expect(match.confidence).toBeGreaterThan(0.5)
  expect(Object.fromEntries(Object.keys(roles).map((role) => [role, match.read(role as Role)]))).toEqual(roles)
})

test.each<[string, Shape]>([
  ['bare words', { name: 'fruit', document: 'apple', metadata: {} }],
  ['a shop', { name: 'products', document: 'Oak table, 180 cm', metadata: { price: 499.0, sku: 'A-1', colour: 'oak' } }],
  ['vectors only under any name', { name: 'images', document: null, metadata: {} }],
  ['reviews', { name: 'reviews', document: 'The soup was cold.', metadata: { stars: 2n, city: 'Lyon' } }],
  ['a glossary', { name: 'terms', document: 'Amortisation', metadata: { definition: 'Paying off', chapter: 3n } }],
])('%s are not taken for something with confidence', (_, shape) => {
  expect(recognise(shape).confidence).toBeLessThan(0.5)
})

test('confidence grows with the records seen and never reaches certainty', () => {
  const shape: Shape = {
    name: 'semantic_cache',
    document: question,
    metadata: { response_text: answer, hit_count: 1n, ttl: 5n, created_at: created },
  }
  const few = recognise(shape, 1).confidence
  const many = recognise(shape, 50).confidence
  expect(few).toBeLessThan(many)
  expect(many).toBeLessThan(1)
})

test('a key whose values are of the wrong kind does not get the role', () => {
  const match = recognise({
    name: 'semantic_cache',
    document: question,
    metadata: { answer, timestamp: 'some day', created: created, hits: 'many' },
  })
  expect(match.mapping.fields.createdAt).toEqual({ from: 'metadata', key: 'created', path: null })
  expect(match.mapping.fields.hitCount).toBeUndefined()
})

test('one field never serves two roles', () => {
  const match = recognise({
    name: 'chat_memory',
    document: 'User: a\nAssistant: b',
    metadata: { type: 'dialogue', timestamp: created, agent_id: 'x', title: 't' },
  })
  const used = Object.values(match.mapping.fields).map((field) => JSON.stringify(field))
  expect(new Set(used).size).toBe(used.length)
})

test('an empty collection is judged by its name alone, carefully', () => {
  const match = recogniseProfile({ name: 'conversations_7', metadata: new Map([['agent_id', 'tars']]), count: 0, keys: [] }, [])
  expect(match.id).toBe('agent-memory')
  expect(match.confidence).toBeLessThanOrEqual(0.6)
  expect(recogniseProfile({ name: 'stuff', metadata: null, count: 0, keys: [] }, [])).toMatchObject({ id: 'unknown', confidence: 0 })
})

test('values inside JSON text keep their types, and JSON inside JSON is opened', () => {
  const record: StoredRecord = {
    id: 'r',
    document: null,
    uri: null,
    metadata: new Map<string, MetadataValue>([
      ['payload', '{"n": 9007199254740993, "f": 2.0, "inner": "{\\"text\\": \\"deep\\"}", "list": [{"x": true}], "none": null}'],
      ['plain', 'text'],
    ]),
  }
  const read = (key: string, path: string | null) => readField({ from: 'metadata', key, path }, record)
  expect(read('payload', 'n')).toBe(9_007_199_254_740_993n)
  expect(read('payload', 'f')).toBe(2)
  expect(read('payload', 'inner.text')).toBe('deep')
  expect(read('payload', 'list.0.x')).toBe(true)
  expect(read('payload', 'list')).toBe('[{"x":true}]')
  expect(read('payload', 'none')).toBeNull()
  expect(read('payload', 'constructor')).toBeNull()
  expect(read('plain', 'a')).toBeNull()
  expect(read('plain', null)).toBe('text')
  expect(read('absent', null)).toBeNull()
})
