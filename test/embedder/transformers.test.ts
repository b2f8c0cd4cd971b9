import { rm, writeFile } from 'node:fs/promises'
import path from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { EmbedderHost } from '../../electron/embedder/embedder-host.ts'
import type { TransformersRecipe } from '../../electron/embedder/protocol.ts'
import { temporaryFolder } from '../support/fixtures.ts'
import { makeOnnxModel, meanOf, modelMaxLength, normalised, writeModel, type Token } from '../support/onnx-model.ts'

const model = makeOnnxModel()
let folder: string
let host: EmbedderHost
let recipe: TransformersRecipe

beforeAll(async () => {
  folder = path.join(await temporaryFolder('model'), 'a model')
  await writeModel(folder, model)
  host = new EmbedderHost()
  recipe = {
    kind: 'transformers',
    title: 'tiny',
    folder,
    dtype: 'fp32',
    pooling: 'mean',
    normalise: true,
    maxTokens: null,
    queryPrefix: '',
    documentPrefix: '',
  }
})
afterAll(async () => {
  await host.close()
  await rm(path.dirname(folder), { recursive: true })
})

async function vectorsOf(texts: readonly string[], changes: Partial<TransformersRecipe> = {}, purpose: 'query' | 'document' = 'document') {
  const { dimension, data } = await host.embed({ ...recipe, ...changes }, texts, { purpose })
  expect(dimension).toBe(model.dimension)
  expect(data.length).toBe(texts.length * dimension)
  return texts.map((_, index) => [...data.subarray(index * dimension, (index + 1) * dimension)])
}

function expectNear(found: readonly number[] | undefined, wanted: readonly number[]): void {
  expect(found?.length).toBe(wanted.length)
  for (const [at, value] of wanted.entries()) expect(found?.[at]).toBeCloseTo(value, 6)
}

const cancelRefunds: Token[] = ['[CLS]', 'cancel', 'refund', '##s', '[SEP]']

test('A text has the mean of its tokens’ states at norm 1, as computed by hand', async () => {
  const [vector] = await vectorsOf(['Cancel REFUNDS'])
  expectNear(vector, normalised(meanOf(model, cancelRefunds)))
  expect(Math.hypot(...(vector ?? []))).toBeCloseTo(1, 6)
})

test('Without normalising the mean stays as it is', async () => {
  expectNear((await vectorsOf(['cancel refunds'], { normalise: false }))[0], meanOf(model, cancelRefunds))
})

test('In a batch of texts of different length, padding changes nothing and the order is kept', async () => {
  const texts = [
    'how do i export my invoices ?',
    'cancel',
    'unheard',
    'refund my invoice',
    ...Array.from({ length: 40 }, () => 'cancel refunds'),
  ]
  const vectors = await vectorsOf(texts)
  expectNear(vectors[0], normalised(meanOf(model, ['[CLS]', 'how', 'do', 'i', 'export', 'my', 'invoice', '##s', '?', '[SEP]'])))
  expectNear(vectors[1], normalised(meanOf(model, ['[CLS]', 'cancel', '[SEP]'])))
  expectNear(vectors[2], normalised(meanOf(model, ['[CLS]', '[UNK]', '[SEP]'])))
  expectNear(vectors[3], normalised(meanOf(model, ['[CLS]', 'refund', 'my', 'invoice', '[SEP]'])))
  for (const vector of vectors.slice(4)) expectNear(vector, normalised(meanOf(model, cancelRefunds)))
})

test('Pooling takes the first or the last token of each text, also in a batch', async () => {
  const texts = ['how do i cancel ?', 'refund']
  for (const vector of await vectorsOf(texts, { pooling: 'cls', normalise: false })) expectNear(vector, model.row('[CLS]'))
  for (const vector of await vectorsOf(texts, { pooling: 'last_token', normalise: false })) expectNear(vector, model.row('[SEP]'))
})

test('Queries and documents have their own prefixes', async () => {
  const prefixes = { queryPrefix: 'query: ', documentPrefix: 'passage: ' }
  const [query] = await vectorsOf(['cancel'], prefixes, 'query')
  const [document] = await vectorsOf(['cancel'], prefixes, 'document')
  expectNear(query, normalised(meanOf(model, ['[CLS]', 'query', ':', 'cancel', '[SEP]'])))
  expectNear(document, normalised(meanOf(model, ['[CLS]', 'passage', ':', 'cancel', '[SEP]'])))
})

test('A text is cut at the model’s own length, or earlier where the embedder says so', async () => {
  const long = 'cancel '.repeat(50)
  const cut = (tokens: number): Token[] => ['[CLS]', ...Array.from({ length: tokens - 1 }, (): Token => 'cancel')]
  expectNear((await vectorsOf([long], { normalise: false }))[0], meanOf(model, cut(modelMaxLength)))
  expectNear((await vectorsOf([long], { normalise: false, maxTokens: 8 }))[0], meanOf(model, cut(8)))
  expectNear((await vectorsOf([long], { normalise: false, maxTokens: 500 }))[0], meanOf(model, cut(modelMaxLength)))
})

test('Progress counts the texts up to all of them', async () => {
  const told: [number, number][] = []
  const texts = Array.from({ length: 50 }, (_, index) => 'cancel '.repeat(1 + (index % 5)))
  await host.embed(recipe, texts, { purpose: 'document', onProgress: (done, total) => told.push([done, total]) })
  expect(told.length).toBeGreaterThan(1)
  expect(told.at(-1)).toEqual([50, 50])
  expect(told.map(([done]) => done)).toEqual(told.map(([done]) => done).toSorted((a, b) => a - b))
})

test('A cancel ends a long run at once, and the next call works', async () => {
  const controller = new AbortController()
  const texts = Array.from({ length: 20_000 }, () => 'how do i cancel')
  const running = host.embed(recipe, texts, { purpose: 'document', signal: controller.signal, onProgress: () => controller.abort() })
  await expect(running).rejects.toMatchObject({ code: 'cancelled' })
  expectNear((await vectorsOf(['cancel refunds']))[0], normalised(meanOf(model, cancelRefunds)))
})

test('Missing files are named with the folder they belong to', async () => {
  const empty = await temporaryFolder('model')
  await rm(path.join(empty, 'onnx'), { recursive: true, force: true })
  await writeFile(path.join(empty, 'config.json'), '{"model_type":"bert"}')
  await expect(vectorsOf(['cancel'], { folder: empty })).rejects.toMatchObject({
    code: 'not-found',
    message: 'tiny lacks tokenizer.json, tokenizer_config.json, onnx/model.onnx.',
    remedy: expect.stringContaining(empty) as string,
  })
  await expect(vectorsOf(['cancel'], { dtype: 'q8' })).rejects.toMatchObject({ message: 'tiny lacks onnx/model_quantized.onnx.' })
  await rm(empty, { recursive: true })
})

test('Weights that are no model are told as broken, and two folders of the same name are not confused', async () => {
  const parent = await temporaryFolder('model')
  const broken = path.join(parent, 'a model')
  await writeModel(broken, makeOnnxModel({ seed: 2 }))
  await writeFile(path.join(broken, 'onnx/model.onnx'), Buffer.alloc(300, 7))
  await expect(vectorsOf(['cancel'], { folder: broken })).rejects.toMatchObject({
    code: 'damaged',
    message: expect.stringContaining('tiny') as string,
  })
  const other = makeOnnxModel({ seed: 3 })
  const good = path.join(parent, 'b', 'a model')
  await writeModel(good, other)
  expectNear((await vectorsOf(['cancel'], { folder: good }))[0], normalised(meanOf(other, ['[CLS]', 'cancel', '[SEP]'])))
  await rm(parent, { recursive: true })
})
