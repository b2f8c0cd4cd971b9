import { rm } from 'node:fs/promises'
import path from 'node:path'
import { expect, test } from 'vitest'
import { createCore } from '../../electron/core.ts'
import type { SavedEmbedder } from '../../electron/embedder/embedder-file.ts'
import { proposeEmbedder, type ChoiceFacts } from '../../electron/embedder/choose-embedder.ts'
import type { EmbedderChoice } from '../../shared/contract/embedders.ts'
import { copyFixture, haveFixtures, temporaryFolder } from '../support/fixtures.ts'

const nothing: ChoiceFacts = { dimension: null, metadata: null, embeddingFunction: null }
const known = (name: string, configuration: object | null = null): ChoiceFacts['embeddingFunction'] => ({
  name,
  type: 'known',
  configuration: configuration && JSON.stringify(configuration),
})
const propose = (facts: Partial<ChoiceFacts>, saved: SavedEmbedder[] = []) =>
  proposeEmbedder({ ...nothing, ...facts }, saved, ({ config }) => (config.kind === 'openai' ? config.dimensions : null))

test.each<[string, Partial<ChoiceFacts>, string | null]>([
  ['Chroma’s default function', { embeddingFunction: known('default'), dimension: 384 }, 'all-minilm-l6-v2'],
  ['Chroma’s default function before the first record', { embeddingFunction: known('default') }, 'all-minilm-l6-v2'],
  ['the ONNX function', { embeddingFunction: known('onnx_mini_lm_l6_v2'), dimension: 384 }, 'all-minilm-l6-v2'],
  [
    'a sentence transformer',
    { embeddingFunction: known('sentence_transformer', { model_name: 'sentence-transformers/all-MiniLM-L6-v2' }) },
    'all-minilm-l6-v2',
  ],
  ['metadata that says lexical', { metadata: new Map([['embedding_model', 'lexical-hashing']]), dimension: 128 }, 'lexical-128'],
  [
    'metadata against "default"',
    { metadata: new Map([['Embedding-Model', 'lexical-hashing']]), dimension: 384, embeddingFunction: known('default') },
    'lexical-384',
  ],
  ['384 dimensions alone', { dimension: 384 }, 'all-minilm-l6-v2'],
  ['"legacy", which says nothing', { dimension: 384, embeddingFunction: known('legacy') }, 'all-minilm-l6-v2'],
  ['100 dimensions alone', { dimension: 100 }, null],
  ['a default function that cannot have made 768 dimensions', { dimension: 768, embeddingFunction: known('default') }, null],
  ['a model nobody knows', { dimension: 384, metadata: new Map([['embedding_model', 'in-house-7']]) }, null],
])('A built-in embedder is picked, or none, for %s', (_name, facts, embedderId) => {
  expect(propose(facts).embedderId).toBe(embedderId)
})

test.each<[string, Partial<ChoiceFacts>, object]>([
  [
    'OpenAI',
    { embeddingFunction: known('openai', { model_name: 'text-embedding-3-large', dimensions: 256, api_key_env_var: 'KEY' }) },
    { kind: 'openai', baseUrl: 'https://api.openai.com/v1', model: 'text-embedding-3-large', dimensions: 256 },
  ],
  [
    'Ollama',
    { embeddingFunction: known('ollama', { url: 'http://10.0.0.5:11434/api/embeddings', model_name: 'bge-m3' }) },
    { kind: 'openai', baseUrl: 'http://10.0.0.5:11434/v1', model: 'bge-m3' },
  ],
  [
    'an address that is none',
    { embeddingFunction: known('ollama', { url: 'javascript:alert(1)', model_name: 'bge-m3' }) },
    { baseUrl: 'http://localhost:11434/v1' },
  ],
  [
    'E5',
    { metadata: new Map([['embedding_model', 'intfloat/e5-base-v2']]) },
    { kind: 'transformers', model: 'Xenova/e5-base-v2', queryPrefix: 'query: ', documentPrefix: 'passage: ', pooling: 'mean' },
  ],
  [
    'BGE',
    { embeddingFunction: known('sentence_transformer', { model_name: 'BAAI/bge-small-en-v1.5' }) },
    { model: 'Xenova/bge-small-en-v1.5', pooling: 'cls' },
  ],
  ['1,536 dimensions alone', { dimension: 1536 }, { kind: 'openai', model: 'text-embedding-3-small' }],
])('%s is suggested and not set up', (_name, facts, config) => {
  const proposal = propose(facts)
  expect(proposal.embedderId).toBeNull()
  expect(proposal.suggestion?.config).toMatchObject(config)
  expect(proposal.reason).toContain('No embedder is set up for it.')
})

test('A saved embedder of the same model is picked unless its dimension is another', () => {
  const saved = (id: string, dimensions: number | null): SavedEmbedder => ({
    id,
    title: id,
    hasKey: false,
    config: {
      kind: 'openai',
      baseUrl: 'https://example.com/v1',
      model: 'text-embedding-3-small',
      dimensions,
      queryPrefix: '',
      documentPrefix: '',
    },
  })
  const facts = { dimension: 1536, embeddingFunction: known('openai', { model_name: 'text-embedding-3-small' }) }
  expect(propose(facts, [saved('short', 512), saved('full', 1536)])).toMatchObject({ embedderId: 'full', suggestion: null })
  expect(propose(facts, [saved('short', 512)])).toMatchObject({
    embedderId: null,
    suggestion: { config: { model: 'text-embedding-3-small' } },
  })
})

test('What a store says is quoted shortly, however long it is', () => {
  expect(propose({ metadata: new Map([['embedding_model', 'x'.repeat(5000)]]) }).reason.length).toBeLessThan(300)
  expect(propose({ embeddingFunction: known('y'.repeat(5000), { model_name: 'z'.repeat(5000) }) }).reason.length).toBeLessThan(400)
})

const expectations: [string, string, Partial<EmbedderChoice> | object][] = [
  ['cache-llm-gateway', 'query_cache', { embedder: { id: 'all-minilm-l6-v2' }, problem: null }],
  [
    'rag-facetbench-399',
    'facets',
    {
      embedder: { id: 'all-minilm-l6-v2' },
      reason: 'The collection names the embedding function sentence_transformer with the model all-MiniLM-L6-v2.',
    },
  ],
  ['mem-atc-zero-vectors', 'atc_experiences_e5_large', { embedder: null, suggestion: { config: { model: 'Xenova/e5-large-v2' } } }],
  ['rag-sherpa-1536', 'sherpa_db', { embedder: null, suggestion: { config: { kind: 'openai' } } }],
  ['mem-neo-agent-zh', 'game_memories', { embedder: null, suggestion: null }],
]

test.skipIf(!haveFixtures).each(expectations)('On the store %s, %s gets the embedder it asks for', async (fixture, name, wanted) => {
  const directory = await copyFixture(fixture)
  const data = await temporaryFolder('data')
  const core = await createCore({ mode: 'browser', version: '0.0.0', data, workingDirectory: data, home: data, dialogs: null })
  try {
    const { signal } = new AbortController()
    const { id: connectionId } = await core.openDirectoryByPath(directory)
    const catalog = await core.dispatch('collections.catalog', { connectionId }, { signal })
    if (!catalog.ok) throw new Error(catalog.error.message)
    const { tenants } = catalog.value as { tenants: { databases: { collections: { id: string; name: string; dimension: number }[] }[] }[] }
    const collection = tenants
      .flatMap(({ databases }) => databases.flatMap(({ collections }) => collections))
      .find((found) => found.name === name)
    const ref = { connectionId, collectionId: collection?.id }
    expect(await core.dispatch('embedders.choice', ref, { signal })).toMatchObject({ ok: true, value: wanted })
    const parity = await core.dispatch('embedders.checkParity', { ...ref, embedderId: `lexical-${collection?.dimension}` }, { signal })
    expect(parity).toMatchObject({ ok: true, value: { verdict: fixture === 'mem-atc-zero-vectors' ? 'unknown' : 'different' } })
  } finally {
    await core.close()
    await Promise.all([data, path.dirname(directory)].map((folder) => rm(folder, { recursive: true, force: true })))
  }
})
