import { expect, test } from 'vitest'
import { createHashingEmbedder } from '../../../electron/embedder/hashing.ts'
import { murmur3 } from '../../../electron/embedder/murmur3.ts'

const utf8 = new TextEncoder()
const embedder = createHashingEmbedder()

async function similarity(a: string, b: string): Promise<number> {
  const { dimension } = embedder
  const vectors = await embedder.embed([a, b], { purpose: 'document' })
  let sum = 0
  for (let at = 0; at < dimension; at++) sum += (vectors[at] ?? 0) * (vectors[dimension + at] ?? 0)
  return sum
}

// Test vectors of the reference implementation (SMHasher), as published with many ports of it.
test.each([
  ['', 0, 0],
  ['', 1, 0x514e28b7],
  ['', 0xffffffff, 0x81f16f39],
  ['test', 0, 0xba6bd213],
  ['test', 0x9747b28c, 0x704b81dc],
  ['Hello, world!', 0, 0xc0363e43],
  ['Hello, world!', 0x9747b28c, 0x24884cba],
  ['The quick brown fox jumps over the lazy dog', 0, 0x2e4ff723],
  ['The quick brown fox jumps over the lazy dog', 0x9747b28c, 0x2fa826cd],
  ['aaaa', 0x9747b28c, 0x5a97808a],
  ['aaa', 0x9747b28c, 0x283e0130],
  ['aa', 0x9747b28c, 0x5d211726],
  ['a', 0x9747b28c, 0x7fa09ea6],
  ['abc', 0x9747b28c, 0xc84a62dd],
])('MurmurHash3 of %j with seed %i is the published value', (text, seed, hash) => {
  expect(murmur3(utf8.encode(text), seed)).toBe(hash)
})

test('bytes that are no text are hashed as unsigned', () => {
  expect(murmur3(new Uint8Array([0xff, 0xff, 0xff, 0xff]), 0)).toBe(0x76293b50)
  expect(murmur3(new Uint8Array([0x21, 0x43, 0x65, 0x87]), 0)).toBe(0xf55b516b)
  expect(murmur3(new Uint8Array([0x21, 0x43, 0x65]), 0)).toBe(0x7e4a8634)
  expect(murmur3(new Uint8Array([0, 0, 0, 0]), 0)).toBe(0x2362f9de)
})

test('vectors have norm 1, and a text without letters or digits has none', async () => {
  const vectors = await createHashingEmbedder(64).embed(['invoice', 'How do I export all invoices as CSV?', '怎么取消订阅', '  ?! '], {
    purpose: 'query',
  })
  const norms = [0, 1, 2, 3].map((index) => Math.hypot(...vectors.subarray(index * 64, (index + 1) * 64)))
  for (const norm of norms.slice(0, 3)) expect(norm).toBeCloseTo(1, 6)
  expect(norms[3]).toBe(0)
})

test('the same text has the same bytes, alone or among others, at first and later', async () => {
  const texts = ['Reset password', 'Export invoices as CSV', 'Reset password']
  const together = await embedder.embed(texts, { purpose: 'document' })
  const alone = await createHashingEmbedder(384).embed(['Reset password'], { purpose: 'query' })
  expect(together.subarray(0, 384)).toEqual(alone)
  expect(together.subarray(768)).toEqual(alone)
  expect(together.length).toBe(3 * 384)
})

test('the same words in other clothes are near, other words are far', async () => {
  expect(await similarity('How do I cancel my subscription?', 'how can i CANCEL my subscription')).toBeGreaterThan(0.9)
  expect(await similarity('How do I export invoices as CSV?', 'Is there a way to export my invoices to CSV?')).toBeGreaterThan(0.85)
  expect(await similarity('enable two-factor authentication', 'enalbe two-factor authentication')).toBeGreaterThan(0.6)
  expect(Math.abs(await similarity('How do I cancel?', 'What is the weather like in Oslo?'))).toBeLessThan(0.25)
})

test('texts without spaces between words are compared by their characters', async () => {
  expect(await similarity('怎样在续费之前取消订阅？', '如何在续费之前取消订阅？')).toBeGreaterThan(0.75)
  expect(await similarity('怎样在续费之前取消订阅？', '发票导出为文件')).toBeLessThan(0.3)
  expect(await similarity('ｌｅｄｇｅｒ', 'ledger')).toBeCloseTo(1, 6)
})

test('a signal ends it as cancelled', async () => {
  const controller = new AbortController()
  controller.abort()
  await expect(embedder.embed(['a'], { purpose: 'query', signal: controller.signal })).rejects.toMatchObject({ code: 'cancelled' })
})
