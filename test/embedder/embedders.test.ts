import { readFile, rm, stat, writeFile } from 'node:fs/promises'
import path from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { createHashingEmbedder } from '../../electron/embedder/hashing.ts'
import { createCore, type Core } from '../../electron/core.ts'
import type { EmbedderConfig } from '../../shared/contract/embedders.ts'
import type { Metadata } from '../../shared/domain/metadata.ts'
import { fromWireError } from '../../shared/rpc/errors.ts'
import type { RunningApp } from '../support/app.ts'
import { testEngines } from '../support/engines.ts'
import { temporaryFolder } from '../support/fixtures.ts'
import { defaultDatabase } from '../support/generate-store.ts'
import { startHub, type Hub } from '../support/hub.ts'
import { makeOnnxModel, meanOf, normalised, writeModel, type Token } from '../support/onnx-model.ts'
import { jsonError, startOpenAi, type OpenAiServer } from '../support/openai-server.ts'

const hubModel = 'tests/tiny'
const model = makeOnnxModel()
const key = 'sk-another-secret-42'
const containing = (text: string): string => expect.stringContaining(text) as string
const [engine] = await testEngines()
if (!engine) console.log('Skipped: no engine runs here to make stores with.')

const tiny: EmbedderConfig = {
  kind: 'transformers',
  model: hubModel,
  localModelId: null,
  dtype: 'fp32',
  pooling: 'mean',
  normalise: true,
  maxTokens: null,
  queryPrefix: '',
  documentPrefix: '',
}

let hub: Hub
let server: OpenAiServer
let home: string
let data: string
let core: Core
let connectionId: string
const collections = new Map<string, string>()

const call: RunningApp['call'] = async (name, input, signal) => {
  const reply = await core.dispatch(name, input, { signal: signal ?? new AbortController().signal })
  if (!reply.ok) throw fromWireError(reply.error)
  return reply.value as never
}

const ref = (name: string): { connectionId: string; collectionId: string } => ({ connectionId, collectionId: collections.get(name) ?? '' })
const remote = (changes: Partial<Extract<EmbedderConfig, { kind: 'openai' }>> = {}): EmbedderConfig => ({
  kind: 'openai',
  baseUrl: server.baseUrl,
  model: 'small',
  dimensions: null,
  queryPrefix: '',
  documentPrefix: '',
  ...changes,
})

interface Stored {
  readonly name: string
  readonly metadata?: Metadata
  readonly configuration?: string
  readonly vectors: readonly (readonly number[])[]
  readonly documents: readonly (string | null)[]
  readonly metadatas?: readonly Metadata[]
}

async function makeStore(directory: string, stored: readonly Stored[]): Promise<void> {
  const engines = await engine!.create()
  try {
    const { api } = await engines.start(directory, { create: true, kind: engine!.kind })
    for (const { name, metadata, configuration, vectors, documents, metadatas } of stored) {
      const { id } = await api.createCollection(defaultDatabase, {
        name,
        metadata: metadata ?? null,
        space: 'cosine',
        ...(configuration ? { configuration } : {}),
      })
      if (vectors.length === 0) continue
      await api.add(
        { ...defaultDatabase, id },
        {
          ids: vectors.map((_, index) => `${name}-${index}`),
          embeddings: vectors.map((vector) => Float32Array.from(vector)),
          documents: [...documents],
          ...(metadatas ? { metadatas: [...metadatas] } : {}),
        },
      )
    }
    await api.settled()
  } finally {
    await engines.close()
  }
}

const phrases: Token[][] = [
  ['how', 'do', 'i', 'cancel'],
  ['refund', 'my', 'invoice'],
  ['export'],
  ['cancel', 'my', 'export'],
  ['how', 'do', 'i', 'export', 'my', 'invoice'],
]
const sentenceVector = (tokens: readonly Token[]): number[] => normalised(meanOf(model, ['[CLS]', ...tokens, '[SEP]']))

async function lexicalRows(texts: readonly string[], dimension: number): Promise<number[][]> {
  const vectors = await createHashingEmbedder(dimension).embed(texts, { purpose: 'document' })
  return texts.map((_, index) => [...vectors.subarray(index * dimension, (index + 1) * dimension)])
}

async function openCore(): Promise<Core> {
  return createCore({ mode: 'browser', version: '0.0.0', data, workingDirectory: home, home, dialogs: null, modelHost: hub.url })
}

async function ended(jobId: string, timeout = 15_000) {
  let job = (await call('jobs.list', {})).find(({ id }) => id === jobId)
  await expect
    .poll(
      async () => {
        job = (await call('jobs.list', {})).find(({ id }) => id === jobId)
        return job?.state
      },
      { timeout },
    )
    .not.toBe('running')
  return job
}

beforeAll(async () => {
  hub = await startHub(hubModel, model.files)
  server = await startOpenAi()
  home = await temporaryFolder('home')
  data = await temporaryFolder('data')
  if (engine) {
    const questions = Array.from({ length: 45 }, (_, index) => `How do I settle invoice number ${index} for team ${index % 7}?`)
    const answers = questions.map((_, index) => `Open the billing page and press the green button, step ${index}.`)
    const openAiFunction = {
      type: 'known',
      name: 'openai',
      config: { model_name: 'small', api_base: 'http://127.0.0.1:9/v1', api_key_env_var: 'X' },
    }
    await makeStore(path.join(home, 'store'), [
      {
        name: 'sentences',
        metadata: new Map([['embedding_model', `${hubModel}`]]),
        vectors: phrases.map(sentenceVector),
        documents: phrases.map((tokens) => tokens.join(' ')),
      },
      {
        name: 'semantic_cache',
        vectors: await lexicalRows(questions, 64),
        documents: answers,
        metadatas: questions.map(
          (query, index) =>
            new Map<string, string | bigint>([
              ['query', query],
              ['hit_count', BigInt(index)],
            ]),
        ),
      },
      {
        name: 'remote_notes',
        configuration: JSON.stringify({ hnsw: { space: 'cosine' }, embedding_function: openAiFunction }),
        vectors: Array.from({ length: 30 }, (_, index) => server.vectorOf(`note ${index}`, null)),
        documents: Array.from({ length: 30 }, (_, index) => `note ${index}`),
      },
      {
        name: 'ready_made',
        configuration: JSON.stringify({ hnsw: { space: 'cosine' }, embedding_function: { type: 'known', name: 'default', config: {} } }),
        vectors: [[1, 2, 3, 4]],
        documents: ['four numbers'],
      },
      {
        name: 'zeros',
        vectors: [
          [0, 0, 0],
          [0, 0, 0],
        ],
        documents: ['one', 'two'],
      },
      {
        name: 'wordless',
        vectors: [
          [1, 0, 0],
          [0, 1, 0],
        ],
        documents: [null, null],
      },
    ])
  }
  core = await openCore()
  if (engine) {
    connectionId = (await core.openDirectoryByPath(path.join(home, 'store'))).id
    const { tenants } = await call('collections.catalog', { connectionId })
    for (const { id, name } of tenants.flatMap(({ databases }) => databases.flatMap((database) => database.collections)))
      collections.set(name, id)
  }
})
afterAll(async () => {
  await core.close()
  await Promise.all([hub.stop(), server.stop()])
  await Promise.all([home, data].map((folder) => rm(folder, { recursive: true })))
})

describe('Built-in embedders', () => {
  test('The lexical one comes with any dimension, says its limits and works at once', async () => {
    const [lexical, miniLm] = await call('embedders.list', { dimension: 768 })
    expect(lexical).toMatchObject({ id: 'lexical-768', builtIn: true, dimension: 768, sendsTo: null, needs: null })
    expect(lexical?.description).toContain('not meaning')
    expect(await call('embedders.test', { id: 'lexical-768' })).toMatchObject({ dimension: 768, message: containing('768 dimensions') })
    expect((await call('embedders.list', { dimension: null }))[0]?.id).toBe('lexical-384')
    expect(miniLm).toMatchObject({ title: 'all-MiniLM-L6-v2', dimension: 384, builtIn: true, sendsTo: null })
  })

  test('The sentence model says which files are missing and where they belong', async () => {
    const miniLm = (await call('embedders.list', { dimension: null }))[1]
    const folder = path.join(data, 'models', 'Xenova', 'all-MiniLM-L6-v2')
    expect(miniLm?.needs).toBe(
      `config.json, tokenizer.json, tokenizer_config.json and onnx/model.onnx are missing. Download them, or put them into ${folder}.`,
    )
    await expect(call('embedders.test', { id: miniLm?.id ?? '' })).rejects.toMatchObject({ code: 'not-found', remedy: containing(folder) })
    expect(hub.requests).toEqual([])
  })

  test('They cannot be removed, and unknown ones are told as such', async () => {
    await expect(call('embedders.remove', { id: 'lexical-384' })).rejects.toMatchObject({ code: 'invalid-input' })
    await expect(call('embedders.test', { id: 'lexical-1' })).rejects.toMatchObject({ code: 'not-found' })
    await expect(call('embedders.test', { id: 'no such' })).rejects.toMatchObject({ code: 'not-found' })
  })
})

describe('Models of the hub', () => {
  test('A model is downloaded as a job, listed with its size, used, and removed', async () => {
    const { id, needs } = await call('embedders.save', { id: null, title: 'Tiny', config: tiny })
    expect(needs).toContain('onnx/model.onnx')
    hub.faults = { slow: { name: 'onnx/model.onnx', piece: 100, milliseconds: 30 } }
    const { jobId } = await call('embedders.download', { id })
    expect((await call('embedders.download', { id })).jobId).toBe(jobId)
    expect(await ended(jobId)).toMatchObject({ state: 'done', title: `Download ${hubModel}` })
    hub.faults = {}
    const bytes = [...model.files.values()].reduce((sum, file) => sum + file.length, 0)
    expect(await call('embedders.models', {})).toEqual({
      folder: path.join(data, 'models'),
      bytes,
      downloads: [{ model: hubModel, bytes, complete: true }],
      local: [],
    })
    const before = hub.requests.length
    expect(await call('embedders.test', { id })).toMatchObject({ dimension: 6, norm: expect.closeTo(1, 5) as number })
    expect(hub.requests.length).toBe(before)
    expect((await call('embedders.list', { dimension: null })).find((embedder) => embedder.id === id)).toMatchObject({
      dimension: 6,
      needs: null,
    })
    await call('embedders.removeDownload', { model: hubModel })
    expect((await call('embedders.models', {})).downloads).toEqual([])
    await expect(call('embedders.test', { id })).rejects.toMatchObject({ code: 'not-found' })
    await expect(call('embedders.removeDownload', { model: '../..' })).rejects.toMatchObject({ code: 'not-found' })
    await call('embedders.remove', { id })
  })

  test('A cancelled download is shown as unfinished and goes on later; a broken one works after it was removed and fetched again', async () => {
    const { id } = await call('embedders.save', { id: null, title: 'Tiny', config: tiny })
    hub.faults = { slow: { name: 'onnx/model.onnx', piece: 50, milliseconds: 50 } }
    const { jobId } = await call('embedders.download', { id })
    await expect.poll(async () => (await call('jobs.list', {})).find((job) => job.id === jobId)?.stage).toContain('onnx/model.onnx')
    await call('jobs.cancel', { jobId })
    expect(await ended(jobId)).toMatchObject({ state: 'cancelled', error: null })
    expect((await call('embedders.models', {})).downloads).toMatchObject([{ model: hubModel, complete: false }])
    hub.faults = {}
    expect(await ended((await call('embedders.download', { id })).jobId)).toMatchObject({ state: 'done' })

    await writeFile(path.join(data, 'models', hubModel, 'onnx', 'model.onnx'), 'not a model')
    await expect(call('embedders.test', { id })).rejects.toMatchObject({ code: 'damaged', message: containing('Tiny') })
    await call('embedders.removeDownload', { model: hubModel })
    expect(await ended((await call('embedders.download', { id })).jobId)).toMatchObject({ state: 'done' })
    expect((await call('embedders.test', { id })).dimension).toBe(6)
    await call('embedders.removeDownload', { model: hubModel })
    await call('embedders.remove', { id })
  })

  test('A download that fails says why', async () => {
    const { id } = await call('embedders.save', { id: null, title: 'Other', config: { ...tiny, model: 'tests/other' } })
    const job = await ended((await call('embedders.download', { id })).jobId)
    expect(job).toMatchObject({ state: 'failed', error: { code: 'not-found', message: containing('tests/other') } })
    await call('embedders.remove', { id })
  })

  test.each(['../outside', 'a/../../b', '/etc', 'a/b/c', '.hidden/x', 'C:\\models'])('%s is no name of a model', async (name) => {
    await expect(call('embedders.save', { id: null, title: 'x', config: { ...tiny, model: name } })).rejects.toMatchObject({
      code: 'invalid-input',
    })
  })

  test('A folder chosen with the picker becomes a model', async () => {
    const folder = path.join(home, 'my model')
    await writeModel(folder, model)
    const [root] = await call('connections.places', {})
    const { children } = await call('connections.browse', { handle: root?.handle ?? '' })
    const handleOf = (name: string): string => children.find((child) => child.name === name)?.handle ?? ''
    const local = await call('embedders.addLocalModel', { handle: handleOf('my model') })
    expect(local).toMatchObject({ name: 'my model', folder })
    expect((await call('embedders.addLocalModel', { handle: handleOf('my model') })).id).toBe(local.id)
    const { id } = await call('embedders.save', { id: null, title: 'Mine', config: { ...tiny, model: 'mine', localModelId: local.id } })
    expect((await call('embedders.test', { id })).dimension).toBe(6)
    await expect(call('embedders.download', { id })).rejects.toMatchObject({ code: 'invalid-input' })
    if (engine) {
      await expect(call('embedders.addLocalModel', { handle: handleOf('store') })).rejects.toMatchObject({
        code: 'not-found',
        message: containing('config.json'),
      })
    }
    await call('embedders.removeLocalModel', { id: local.id })
    expect((await stat(path.join(folder, 'config.json'))).isFile()).toBe(true)
    expect((await call('embedders.list', { dimension: null })).at(-1)?.needs).toContain('no longer known')
    await expect(call('embedders.test', { id })).rejects.toMatchObject({ code: 'not-found' })
    await call('embedders.remove', { id })
  })
})

describe('Servers', () => {
  test('The key is kept apart, in a file only its owner reads, and goes to the named host only', async () => {
    const { id, hasKey } = await call('embedders.save', { id: null, title: 'Remote', config: remote() })
    expect(hasKey).toBe(false)
    expect(await call('embedders.setKey', { id, key })).toEqual({ keptIn: `secrets.json in ${data}, a file that only its owner can read` })
    if (process.platform !== 'win32') expect((await stat(path.join(data, 'secrets.json'))).mode & 0o777).toBe(0o600)
    expect(await readFile(path.join(data, 'embedders.json'), 'utf8')).not.toContain(key)
    server.requests.length = 0
    await call('embedders.test', { id })
    expect(server.requests.map(({ authorization }) => authorization)).toEqual([`Bearer ${key}`])

    await call('embedders.save', { id, title: 'Remote, renamed', config: remote({ model: 'large' }) })
    await call('embedders.test', { id })
    expect(server.requests.at(-1)).toMatchObject({ authorization: `Bearer ${key}`, body: { model: 'large' } })

    const elsewhere = await startOpenAi()
    const moved = await call('embedders.save', { id, title: 'Remote', config: remote({ baseUrl: elsewhere.baseUrl }) })
    expect(moved.hasKey).toBe(false)
    await call('embedders.test', { id })
    expect(elsewhere.requests.map(({ authorization }) => authorization)).toEqual([null])
    await elsewhere.stop()
    expect(await readFile(path.join(data, 'secrets.json'), 'utf8')).not.toContain(key)
    await call('embedders.remove', { id })
  })

  test('Removing an embedder removes its key, and a key that is gone is asked for again', async () => {
    const { id } = await call('embedders.save', { id: null, title: 'Remote', config: remote() })
    await call('embedders.setKey', { id, key })
    await rm(path.join(data, 'secrets.json'))
    await expect(call('embedders.test', { id })).rejects.toMatchObject({
      code: 'unauthorised',
      message: 'The key of Remote cannot be read any more.',
    })
    await call('embedders.setKey', { id, key })
    await call('embedders.remove', { id })
    expect(await readFile(path.join(data, 'secrets.json'), 'utf8')).not.toContain(key)
    await expect(call('embedders.setKey', { id: 'lexical-384', key })).rejects.toMatchObject({ code: 'invalid-input' })
  })

  test('Texts to this computer do not leave it, others say where they go', async () => {
    const here = await call('embedders.save', { id: null, title: 'Here', config: remote({ baseUrl: 'http://localhost:11434/v1' }) })
    const there = await call('embedders.save', { id: null, title: 'There', config: remote({ baseUrl: 'https://api.example.com/v1' }) })
    expect([here.sendsTo, there.sendsTo]).toEqual([null, 'api.example.com'])
    for (const { id } of [here, there]) await call('embedders.remove', { id })
  })

  test.each(['ftp://example.com/v1', 'not a url', 'file:///etc', 'http://me:secret@example.com/v1'])(
    '%s is no base URL',
    async (baseUrl) => {
      await expect(call('embedders.save', { id: null, title: 'x', config: remote({ baseUrl }) })).rejects.toMatchObject({
        code: 'invalid-input',
      })
    },
  )

  test('Errors of the server reach the caller of a test', async () => {
    const { id } = await call('embedders.save', { id: null, title: 'Remote', config: remote() })
    server.next = [jsonError(401, 'No key given')]
    await expect(call('embedders.test', { id })).rejects.toMatchObject({ code: 'unauthorised', message: containing('asks for a key') })
    await call('embedders.remove', { id })
  })
})

describe.skipIf(!engine)('The embedder of a collection', () => {
  test('What a collection names is suggested only: nothing is set up, fetched or called', async () => {
    server.requests.length = 0
    hub.requests.length = 0
    const choice = await call('embedders.choice', ref('remote_notes'))
    expect(choice).toMatchObject({
      embedder: null,
      chosenByPerson: false,
      reason: 'The collection names the embedding function openai with the model small. No embedder is set up for it.',
      suggestion: { config: { kind: 'openai', baseUrl: 'http://127.0.0.1:9/v1', model: 'small' } },
    })
    expect((await call('embedders.list', { dimension: null })).every(({ builtIn }) => builtIn)).toBe(true)
    expect([server.requests, hub.requests]).toEqual([[], []])
  })

  test('Once a person has set it up, the collection’s own name picks it', async () => {
    const { id } = await call('embedders.save', { id: null, title: 'Remote', config: remote() })
    expect(await call('embedders.choice', ref('remote_notes'))).toMatchObject({
      embedder: { id },
      chosenByPerson: false,
      problem: null,
      suggestion: null,
    })
    expect(await call('embedders.checkParity', { ...ref('remote_notes'), embedderId: id })).toMatchObject({ verdict: 'same', compared: 20 })
    await call('embedders.remove', { id })
  })

  test('Where "default" contradicts the dimension, that is said', async () => {
    const { embedder, reason } = await call('embedders.choice', ref('ready_made'))
    expect(embedder).toBeNull()
    expect(reason).toContain('That makes 384 dimensions, but the vectors have 4: something else made them.')
  })

  test('A person’s choice wins, is kept over a restart, and can be taken back', async () => {
    const chosen = await call('embedders.choose', { ...ref('sentences'), embedderId: 'lexical-6' })
    expect(chosen).toMatchObject({ embedder: { id: 'lexical-6' }, chosenByPerson: true, problem: null })
    await core.close()
    core = await openCore()
    expect(await call('embedders.choice', ref('sentences'))).toMatchObject({ embedder: { id: 'lexical-6' }, chosenByPerson: true })
    expect(await call('embedders.choose', { ...ref('sentences'), embedderId: null })).toMatchObject({ chosenByPerson: false })
    await expect(call('embedders.choose', { ...ref('sentences'), embedderId: 'gone' })).rejects.toMatchObject({ code: 'not-found' })
  })

  test('Another dimension is a problem that is told, and nothing is embedded', async () => {
    expect(await call('embedders.choose', { ...ref('sentences'), embedderId: 'lexical-384' })).toMatchObject({
      problem: 'Lexical makes vectors of 384 dimensions; those of the collection have 6.',
    })
    await expect(call('embedders.checkParity', { ...ref('sentences'), embedderId: 'lexical-384' })).rejects.toMatchObject({
      code: 'invalid-input',
    })
    await call('embedders.choose', { ...ref('sentences'), embedderId: null })
  })

  test('A server whose dimension is not known yet sees no stored text before it is', async () => {
    server.requests.length = 0
    server.vectorOf = () => [1, 2, 3]
    const wrong = await call('embedders.save', { id: null, title: 'Wrong', config: remote() })
    await expect(call('embedders.checkParity', { ...ref('remote_notes'), embedderId: wrong.id })).rejects.toMatchObject({
      code: 'invalid-input',
      message: 'Wrong makes vectors of 3 dimensions; those of the collection have 6.',
    })
    expect(server.requests.flatMap(({ body }) => body.input).filter((text) => text.startsWith('note'))).toEqual([])
    await call('embedders.remove', { id: wrong.id })
  })
})

describe.skipIf(!engine)('Parity', () => {
  test('The model that made the vectors gives the same, by its own code and files', async () => {
    const { id } = await call('embedders.save', { id: null, title: 'Tiny', config: tiny })
    expect(await ended((await call('embedders.download', { id })).jobId)).toMatchObject({ state: 'done' })
    expect(await call('embedders.choice', ref('sentences'))).toMatchObject({
      embedder: { id },
      reason: `The metadata of the collection says embedding_model: ${hubModel}.`,
    })
    expect(await call('embedders.parity', { ...ref('sentences'), embedderId: id })).toBeNull()
    const parity = await call('embedders.checkParity', { ...ref('sentences'), embedderId: id })
    expect(parity).toMatchObject({ verdict: 'same', text: 'document', compared: phrases.length })
    expect(parity.min).toBeGreaterThan(0.99999)
    expect(parity.message).toBe('This embedder makes the same vectors: median similarity 1.000 over 5 documents (1.000 to 1.000).')
    expect(await call('embedders.parity', { ...ref('sentences'), embedderId: id })).toEqual(parity)

    const changed = await call('embedders.save', { id, title: 'Tiny', config: { ...tiny, pooling: 'cls' } })
    expect(await call('embedders.parity', { ...ref('sentences'), embedderId: changed.id })).toBeNull()
    expect(await call('embedders.checkParity', { ...ref('sentences'), embedderId: id })).toMatchObject({ verdict: 'different' })
    await call('embedders.removeDownload', { model: hubModel })
    await call('embedders.remove', { id })
  })

  test('An embedder that did not make the vectors is told so, with numbers', async () => {
    const parity = await call('embedders.checkParity', { ...ref('sentences'), embedderId: 'lexical-6' })
    expect(parity).toMatchObject({ verdict: 'different', compared: 5 })
    expect(parity.message).toMatch(/^These vectors were not made by this embedder: median similarity -?\d\.\d{3} over 5 documents/)
  })

  test('A cache whose document is the answer is compared by its query, and that is said', async () => {
    const parity = await call('embedders.checkParity', { ...ref('semantic_cache'), embedderId: 'lexical-64' })
    expect(parity).toMatchObject({ verdict: 'same', text: 'query', compared: 20 })
    expect(parity.message).toMatch(
      /over 20 texts of the profile's query field .* The documents are not what was embedded: they give -?0\.\d{3}\.$/,
    )
  })

  test('Close vectors are a warning', async () => {
    const { id } = await call('embedders.save', { id: null, title: 'Remote', config: remote() })
    server.vectorOf = (text) => {
      const index = Number(text.replace(/\D/g, ''))
      const codes = [...text].map((letter) => letter.codePointAt(0) ?? 0)
      const made = Array.from({ length: 6 }, (_, at) =>
        Math.sin(codes.reduce((total, code, place) => total + code * ((place + at + 1) % 7), 0)),
      )
      const length = Math.hypot(...made)
      // A step at right angles whose length sets the angle: cosine 1 / sqrt(1 + 0.25 ** 2), about 0.970.
      const aside = made.map((_, at) => Number(at === index % 6))
      const along = aside.reduce((sum, value, at) => sum + value * (made[at] ?? 0), 0) / length ** 2
      const right = aside.map((value, at) => value - along * (made[at] ?? 0))
      const step = (0.25 * length) / Math.hypot(...right)
      return made.map((value, at) => value + step * (right[at] ?? 0))
    }
    const parity = await call('embedders.checkParity', { ...ref('remote_notes'), embedderId: id })
    expect(parity.median).toBeCloseTo(1 / Math.sqrt(1 + 0.25 ** 2), 5)
    expect(parity).toMatchObject({ verdict: 'close', message: containing('close but not the same') })
    await call('embedders.remove', { id })
  })

  test.each([
    ['zeros', 'No stored vector can be compared: they are absent, zero or not finite.'],
    ['wordless', 'The records have no text that could be embedded again.'],
  ])('Where nothing can be compared, as in %s, the verdict is unknown', async (name, message) => {
    expect(await call('embedders.checkParity', { ...ref(name), embedderId: 'lexical-3' })).toMatchObject({
      verdict: 'unknown',
      compared: 0,
      median: null,
      message,
    })
  })
})

test.skipIf(!engine)(
  'On the sample, every collection picks the lexical embedder that made it, and parity confirms it',
  { timeout: 120_000 },
  async () => {
    const job = await ended((await call('connections.openSample', {})).jobId, 90_000)
    expect(job?.state).toBe('done')
    const sample = job?.result ?? ''
    const { tenants } = await call('collections.catalog', { connectionId: sample })
    const found = tenants.flatMap(({ databases }) => databases.flatMap((database) => database.collections))
    expect(found.length).toBe(3)
    for (const { id: collectionId } of found) {
      const inSample = { connectionId: sample, collectionId }
      expect(await call('embedders.choice', inSample)).toMatchObject({
        embedder: { id: 'lexical-384' },
        reason: 'The metadata of the collection says embedding_model: lexical-hashing.',
        problem: null,
      })
      expect(await call('embedders.checkParity', { ...inSample, embedderId: 'lexical-384' })).toMatchObject({
        verdict: 'same',
        compared: 20,
        text: 'document',
      })
    }
  },
)
