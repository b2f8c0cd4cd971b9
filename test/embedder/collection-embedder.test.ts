import path from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { testEngines } from '../support/engines.ts'
import { containing, hubModel, startEmbedderCore, tiny, type EmbedderCore } from './embedder-core.ts'
import { makeEmbeddedStore, phrases } from './embedded-store.ts'

const [engine] = await testEngines()
if (!engine) console.log('Skipped: no engine runs here to make stores with.')

describe.skipIf(!engine)('An embedder and a collection', () => {
  let core: EmbedderCore
  let connectionId: string
  const collections = new Map<string, string>()
  const call: EmbedderCore['call'] = (...given) => core.call(...given)
  const ref = (name: string): { connectionId: string; collectionId: string } => ({
    connectionId,
    collectionId: collections.get(name) ?? '',
  })

  beforeAll(async () => {
    core = await startEmbedderCore()
    if (!engine) return
    const directory = path.join(core.home, 'store')
    await makeEmbeddedStore(engine, directory, core.server.vectorOf)
    connectionId = await core.open(directory)
    const { tenants } = await call('collections.catalog', { connectionId })
    for (const { id, name } of tenants.flatMap(({ databases }) => databases.flatMap((database) => database.collections)))
      collections.set(name, id)
  })
  afterAll(() => core.stop())

  describe('The embedder of a collection', () => {
    test('What a collection names is suggested only: nothing is set up, fetched or called', async () => {
      core.server.requests.length = 0
      core.hub.requests.length = 0
      const choice = await call('embedders.choice', ref('remote_notes'))
      expect(choice).toMatchObject({
        embedder: null,
        chosenByPerson: false,
        reason: 'The collection names the embedding function openai with the model small. No embedder is set up for it.',
        suggestion: { config: { kind: 'openai', baseUrl: 'http://127.0.0.1:9/v1', model: 'small' } },
      })
      expect((await call('embedders.list', { dimension: null })).every(({ builtIn }) => builtIn)).toBe(true)
      expect([core.server.requests, core.hub.requests]).toEqual([[], []])
    })

    test('Once a person has set it up, the collection’s own name picks it', async () => {
      const { id } = await call('embedders.save', { id: null, title: 'Remote', config: core.remote() })
      expect(await call('embedders.choice', ref('remote_notes'))).toMatchObject({
        embedder: { id },
        chosenByPerson: false,
        problem: null,
        suggestion: null,
      })
      expect(await call('embedders.checkParity', { ...ref('remote_notes'), embedderId: id })).toMatchObject({
        verdict: 'same',
        compared: 20,
      })
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
      await core.restart()
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
      core.server.requests.length = 0
      core.server.vectorOf = () => [1, 2, 3]
      const wrong = await call('embedders.save', { id: null, title: 'Wrong', config: core.remote() })
      await expect(call('embedders.checkParity', { ...ref('remote_notes'), embedderId: wrong.id })).rejects.toMatchObject({
        code: 'invalid-input',
        message: 'Wrong makes vectors of 3 dimensions; those of the collection have 6.',
      })
      expect(core.server.requests.flatMap(({ body }) => body.input).filter((text) => text.startsWith('note'))).toEqual([])
      await call('embedders.remove', { id: wrong.id })
    })
  })

  describe('Parity', () => {
    test('The model that made the vectors gives the same, by its own code and files', async () => {
      const { id } = await call('embedders.save', { id: null, title: 'Tiny', config: tiny })
      expect(await core.ended((await call('embedders.download', { id })).jobId)).toMatchObject({ state: 'done' })
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
      const { id } = await call('embedders.save', { id: null, title: 'Remote', config: core.remote() })
      core.server.vectorOf = (text) => {
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

  test(
    'On the sample, every collection picks the lexical embedder that made it, and parity confirms it',
    { timeout: 120_000 },
    async () => {
      const job = await core.ended((await call('connections.openSample', {})).jobId, 90_000)
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
})
