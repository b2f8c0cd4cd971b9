import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import { createOpenAiEmbedder, type OpenAiTuning } from '../../electron/embedder/openai.ts'
import type { OpenAiRecipe } from '../../electron/embedder/protocol.ts'
import { jsonError, startOpenAi, type OpenAiServer, type OtherAnswer } from '../support/openai-server.ts'

const tuning: OpenAiTuning = { timeout: 10_000, attempts: 3, firstDelay: 20, longestDelay: 5000 }
const key = 'sk-very-secret-0123456789'
let server: OpenAiServer
beforeEach(async () => {
  server = await startOpenAi()
})
afterEach(() => server.stop())

function embed(
  texts: readonly string[],
  changes: Partial<OpenAiRecipe> = {},
  options: { signal?: AbortSignal; purpose?: 'query' | 'document' } = {},
  timeout = tuning.timeout,
) {
  const recipe: OpenAiRecipe = {
    kind: 'openai',
    baseUrl: server.baseUrl,
    model: 'small',
    dimensions: null,
    key: null,
    queryPrefix: '',
    documentPrefix: '',
    ...changes,
  }
  return createOpenAiEmbedder(recipe, { ...tuning, timeout }).embed(texts, { purpose: 'document', ...options })
}

function rowsOf({ dimension, data }: { dimension: number; data: Float32Array }): number[][] {
  return Array.from({ length: data.length / dimension }, (_, at) => [...data.subarray(at * dimension, (at + 1) * dimension)])
}

const expected = (text: string): number[] => [...Float32Array.from(server.vectorOf(text, null))]
const containing = (text: string): string => expect.stringContaining(text) as string

test('Texts go out with model and key, and each vector comes back at its text’s place', async () => {
  const texts = ['alpha', 'beta', 'gamma']
  expect(rowsOf(await embed(texts, { key }))).toEqual(texts.map(expected))
  expect(server.requests).toHaveLength(1)
  expect(server.requests[0]).toMatchObject({
    path: '/v1/embeddings',
    authorization: `Bearer ${key}`,
    body: { model: 'small', input: texts, encoding_format: 'float' },
  })
  expect(server.requests[0]?.body).not.toHaveProperty('dimensions')
})

test('Without a key no Authorization header is sent, and a base URL may end with a slash', async () => {
  await embed(['alpha'], { baseUrl: `${server.baseUrl}/` })
  expect(server.requests[0]).toMatchObject({ path: '/v1/embeddings', authorization: null })
})

test('The index of each vector counts, not its place in the answer', async () => {
  server.rearrange = (data) => data.toReversed()
  expect(rowsOf(await embed(['alpha', 'beta', 'gamma']))).toEqual(['alpha', 'beta', 'gamma'].map(expected))
  server.rearrange = (data) => data.map(({ embedding }) => ({ embedding }))
  expect(rowsOf(await embed(['alpha', 'beta']))).toEqual(['alpha', 'beta'].map(expected))
})

test('Prefixes differ for queries and documents; empty texts are not sent and have zeros', async () => {
  const prefixes = { queryPrefix: 'query: ', documentPrefix: 'passage: ' }
  const rows = rowsOf(await embed(['', 'alpha', '  '], prefixes, { purpose: 'query' }))
  expect(server.requests[0]?.body.input).toEqual(['query: alpha'])
  expect(rows).toEqual([[0, 0, 0, 0, 0, 0], expected('query: alpha'), [0, 0, 0, 0, 0, 0]])
  await embed(['alpha'], prefixes, { purpose: 'document' })
  expect(server.requests[1]?.body.input).toEqual(['passage: alpha'])
  await expect(embed(['', ' '])).rejects.toMatchObject({ code: 'invalid-input', message: 'There is no text to embed.' })
})

test('Many texts go out in batches by number and by size, in order, with progress', async () => {
  const texts = Array.from({ length: 100 }, (_, index) => `text ${index}`)
  const told: number[] = []
  const recipe = {
    kind: 'openai' as const,
    baseUrl: server.baseUrl,
    model: 'small',
    dimensions: null,
    key: null,
    queryPrefix: '',
    documentPrefix: '',
  }
  const embedded = await createOpenAiEmbedder(recipe, tuning).embed(texts, { purpose: 'document', onProgress: (done) => told.push(done) })
  expect(rowsOf(embedded)).toEqual(texts.map(expected))
  expect(server.requests.map(({ body }) => body.input.length)).toEqual([32, 32, 32, 4])
  expect(told).toEqual([32, 64, 96, 100])
  server.requests.length = 0
  await embed([`${'a'.repeat(60_000)}`, `${'b'.repeat(60_000)}`, 'c'])
  expect(server.requests.map(({ body }) => body.input.length)).toEqual([1, 2])
})

test('A batch that is too large for the server is halved', async () => {
  server.next = [{ status: 413, body: 'too large' }]
  const texts = ['alpha', 'beta', 'gamma']
  expect(rowsOf(await embed(texts))).toEqual(texts.map(expected))
  expect(server.requests.map(({ body }) => body.input)).toEqual([texts, ['alpha', 'beta'], ['gamma']])
})

test.each([429, 500, 503])('After status %i it tries again, waiting longer each time', async (status) => {
  server.next = [jsonError(status, 'not now'), jsonError(status, 'not now')]
  expect(rowsOf(await embed(['alpha']))).toEqual([expected('alpha')])
  const [first, second, third] = server.requests.map(({ at }) => at)
  expect((second ?? 0) - (first ?? 0)).toBeGreaterThanOrEqual(18)
  expect((third ?? 0) - (second ?? 0)).toBeGreaterThanOrEqual(38)
})

test('A server that names a time to wait has its way, in seconds or as a date', async () => {
  server.next = [jsonError(429, 'slow down', { 'retry-after': '1' })]
  await embed(['alpha'])
  expect((server.requests[1]?.at ?? 0) - (server.requests[0]?.at ?? 0)).toBeGreaterThanOrEqual(990)
  server.requests.length = 0
  server.next = [jsonError(503, 'loading', { 'retry-after': new Date(Date.now() + 2000).toUTCString() })]
  await embed(['alpha'])
  expect((server.requests[1]?.at ?? 0) - (server.requests[0]?.at ?? 0)).toBeGreaterThanOrEqual(500)
})

test('It gives up after some tries, at once where the quota is spent or the wait would be too long', async () => {
  server.next = Array.from({ length: 3 }, () => jsonError(429, 'Rate limit reached'))
  await expect(embed(['alpha'])).rejects.toMatchObject({
    code: 'busy',
    message: `${server.host} asks to send fewer requests. It says: Rate limit reached`,
  })
  expect(server.requests).toHaveLength(3)
  server.next = [jsonError(429, 'You exceeded your current quota', {}, 'insufficient_quota')]
  await expect(embed(['alpha'])).rejects.toMatchObject({ code: 'busy', message: containing('used up its quota') })
  expect(server.requests).toHaveLength(4)
  server.next = [jsonError(429, 'Come back tomorrow', { 'retry-after': '86400' })]
  await expect(embed(['alpha'])).rejects.toMatchObject({ code: 'busy' })
  expect(server.requests).toHaveLength(5)
})

const html: OtherAnswer = { status: 200, headers: { 'content-type': 'text/html' }, body: '<!doctype html><title>Admin</title>' }
test.each<[string, OtherAnswer, string | null, { code: string; message: string; remedy?: string }]>([
  [
    'a wrong key',
    jsonError(401, `Incorrect API key provided: ${key}.`),
    key,
    { code: 'unauthorised', message: 'does not accept the key. It says: Incorrect API key provided: (the key).' },
  ],
  ['a missing key', jsonError(401, 'No key'), null, { code: 'unauthorised', message: 'asks for a key' }],
  [
    'an unknown model',
    jsonError(404, 'model "small" not found, try pulling it first'),
    null,
    { code: 'not-found', message: 'does not offer the model small' },
  ],
  [
    'a wrong path',
    { status: 404, headers: { 'content-type': 'text/plain' }, body: '404 page not found' },
    null,
    { code: 'not-found', message: 'There is no embeddings endpoint at', remedy: 'ends with /v1' },
  ],
  ['a web page', html, null, { code: 'unsupported', message: 'answered with a web page (status 200)' }],
  ['a web page that says 404', { ...html, status: 404 }, null, { code: 'unsupported', message: 'answered with a web page (status 404)' }],
  [
    'JSON without vectors',
    { status: 200, headers: { 'content-type': 'application/json' }, body: '{"models":[]}' },
    null,
    { code: 'unsupported', message: 'something other than vectors' },
  ],
  [
    'broken JSON',
    { status: 200, headers: { 'content-type': 'application/json' }, body: '{"data":[{"emb' },
    null,
    { code: 'unsupported', message: 'something other than vectors' },
  ],
  [
    'a redirect',
    { status: 307, headers: { location: 'http://127.0.0.1:1/steal' }, body: '' },
    key,
    { code: 'unsupported', message: 'elsewhere, which is not followed' },
  ],
  [
    'a refusal',
    jsonError(400, 'This model does not support specifying dimensions'),
    null,
    { code: 'invalid-input', message: 'It says: This model does not support specifying dimensions' },
  ],
])('It says what is wrong after %s', async (_name, answer, withKey, { code, message, remedy }) => {
  server.next = [answer]
  const error = await embed(['alpha'], { key: withKey }).catch((thrown: unknown) => thrown)
  expect(error).toMatchObject({ code, message: containing(message), ...(remedy === undefined ? {} : { remedy: containing(remedy) }) })
  expect(JSON.stringify([error, String(error), (error as Error).stack])).not.toContain(key)
  expect(server.requests).toHaveLength(1)
})

test('Vectors of another dimension than asked for, or of several, are refused', async () => {
  server.vectorOf = () => [1, 2, 3]
  await expect(embed(['alpha'], { dimensions: 2 })).rejects.toMatchObject({
    code: 'unsupported',
    message: 'small answered with 3 dimensions instead of the 2 that were asked for.',
  })
  expect(server.requests[0]?.body.dimensions).toBe(2)
  server.vectorOf = (text) => (text === 'alpha' ? [1, 2, 3] : [1, 2])
  await expect(embed(['alpha', 'beta'])).rejects.toMatchObject({ message: 'small answered with vectors of 3 and of 2 dimensions.' })
})

test('Too few vectors, or two for one text, are refused', async () => {
  server.rearrange = (data) => data.slice(1)
  await expect(embed(['alpha', 'beta'])).rejects.toMatchObject({ code: 'unsupported', message: containing('1 vectors for 2 texts') })
  server.rearrange = (data) => data.map((item) => ({ ...item, index: 0 }))
  await expect(embed(['alpha', 'beta'])).rejects.toMatchObject({ code: 'unsupported' })
})

test('A server that does not answer in time is given up', async () => {
  server.next = ['hang']
  await expect(embed(['alpha'], {}, {}, 300)).rejects.toMatchObject({ code: 'unreachable', message: containing('did not answer within') })
})

test('A cancel ends the request, and the wait before the next one', async () => {
  server.next = ['hang']
  const controller = new AbortController()
  const hanging = embed(['alpha'], {}, { signal: controller.signal })
  setTimeout(() => controller.abort(), 50)
  await expect(hanging).rejects.toMatchObject({ code: 'cancelled' })
  server.next = [jsonError(429, 'slow down', { 'retry-after': '4' })]
  const waiting = new AbortController()
  const started = performance.now()
  const retried = embed(['alpha'], {}, { signal: waiting.signal })
  setTimeout(() => waiting.abort(), 100)
  await expect(retried).rejects.toMatchObject({ code: 'cancelled' })
  expect(performance.now() - started).toBeLessThan(2000)
})

test('A server that cuts the connection or is not there is told as such', async () => {
  server.next = ['cut']
  await expect(embed(['alpha'])).rejects.toMatchObject({ code: 'unreachable', message: containing('the connection was cut') })
  await server.stop()
  await expect(embed(['alpha'])).rejects.toMatchObject({
    code: 'unreachable',
    message: `${server.host} could not be reached: nothing listens there.`,
  })
  server = await startOpenAi()
})

test('The key is written nowhere', async () => {
  const written: string[] = []
  const spy = vi.spyOn(process.stderr, 'write').mockImplementation((chunk) => written.push(String(chunk)) > 0)
  server.next = [jsonError(401, key), jsonError(500, key), jsonError(500, key), jsonError(500, key), 'cut']
  for (let attempt = 0; attempt < 3; attempt += 1) {
    const error = await embed(['alpha'], { key }).catch((thrown: unknown) => thrown)
    expect(error).toBeInstanceOf(Error)
    expect(`${(error as Error).message} ${(error as Error).stack}`).not.toContain(key)
  }
  spy.mockRestore()
  expect(written.join('')).not.toContain(key)
})
