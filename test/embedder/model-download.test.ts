import { readdir, readFile, rm, stat } from 'node:fs/promises'
import path from 'node:path'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { downloadModel } from '../../electron/embedder/model-download.ts'
import { temporaryFolder } from '../support/fixtures.ts'
import { startHub, type Hub } from '../support/hub.ts'
import { makeOnnxModel } from '../support/onnx-model.ts'

const name = 'tests/tiny'
const weights = 'onnx/model.onnx'
const model = makeOnnxModel({ padding: 400_000 })
const size = model.files.get(weights)?.length ?? 0
const all = [...model.files.values()].reduce((sum, file) => sum + file.length, 0)

let hub: Hub
let folder: string
beforeEach(async () => {
  hub = await startHub(name, model.files)
  folder = await temporaryFolder('model')
})
afterEach(async () => {
  await hub.stop()
  await rm(folder, { recursive: true })
})

type Told = [stage: string, done: number, total: number | null]

function download(changes: Partial<Parameters<typeof downloadModel>[0]> = {}, told: Told[] = []): Promise<void> {
  return downloadModel({
    host: hub.url,
    model: name,
    dtype: 'fp32',
    folder,
    signal: new AbortController().signal,
    progress: (...progress) => told.push(progress),
    ...changes,
  })
}

async function expectWhole(): Promise<void> {
  for (const [file, contents] of model.files) expect((await readFile(path.join(folder, file))).equals(contents)).toBe(true)
  expect((await readdir(folder, { recursive: true })).filter((file) => file.endsWith('.partial'))).toEqual([])
}

async function partialSize(): Promise<number> {
  const partial = (await readdir(path.join(folder, 'onnx')).catch(() => [])).find((file) => file.endsWith('.partial'))
  return partial === undefined ? 0 : (await stat(path.join(folder, 'onnx', partial))).size
}

const rangesOf = (): (string | null)[] =>
  hub.requests.filter(({ method, path: asked }) => method === 'GET' && asked.endsWith(weights)).map(({ range }) => range)

test('All files arrive, with bytes told up to the sum of their sizes', async () => {
  const told: Told[] = []
  await download({}, told)
  await expectWhole()
  expect(told.at(-1)).toEqual(['Downloaded', all, all])
  const bytes = told.filter(([, , total]) => total !== null).map(([, done]) => done)
  expect(bytes).toEqual(bytes.toSorted((a, b) => a - b))
  expect(told.some(([stage]) => stage === `Downloading ${weights}`)).toBe(true)
})

test('What is there already is not fetched again', async () => {
  await download()
  const before = hub.requests.length
  await download()
  expect(hub.requests.length).toBe(before)
})

test('A connection that is cut is taken up again where it broke', async () => {
  hub.faults = { cut: { name: weights, after: 150_000, times: 1 } }
  await download()
  await expectWhole()
  const ranges = rangesOf()
  expect(ranges.length).toBe(2)
  expect(ranges[0]).toBeNull()
  const from = Number(/^bytes=(\d+)-$/.exec(ranges[1] ?? '')?.[1])
  expect(from).toBeGreaterThan(0)
  expect(from).toBeLessThanOrEqual(150_000)
})

test('Cancelled, it keeps what it has, and the next download goes on from there', async () => {
  hub.faults = { slow: { name: weights, piece: 20_000, milliseconds: 20 } }
  const controller = new AbortController()
  const running = download({
    signal: controller.signal,
    progress: (stage, done) => {
      if (stage.endsWith(weights) && done > 120_000) controller.abort()
    },
  })
  await expect(running).rejects.toMatchObject({ code: 'cancelled' })
  const kept = await partialSize()
  expect(kept).toBeGreaterThan(0)
  expect(kept).toBeLessThan(size)
  expect(await stat(path.join(folder, weights)).catch(() => null)).toBeNull()
  hub.faults = {}
  await download()
  await expectWhole()
  expect(rangesOf().at(-1)).toBe(`bytes=${kept}-`)
})

test('A hub that knows no ranges sends the file anew, and it is whole', async () => {
  hub.faults = { cut: { name: weights, after: 150_000, times: 1 }, ignoreRanges: true }
  await download()
  await expectWhole()
})

test('Half of an older version is never joined to the newer one', async () => {
  hub.faults = { cut: { name: weights, after: 50_000, times: 99 } }
  await expect(download()).rejects.toMatchObject({ code: 'unreachable' })
  expect(await partialSize()).toBeGreaterThan(0)
  hub.faults = {}
  const newer = makeOnnxModel({ seed: 9, padding: 400_000 }).files.get(weights) ?? Buffer.alloc(0)
  expect(newer.length).toBe(size)
  hub.replace(weights, newer)
  await download()
  expect((await readFile(path.join(folder, weights))).equals(newer)).toBe(true)
  expect(await partialSize()).toBe(0)
})

test('Large files that the hub leads elsewhere arrive, and are checked against the checksum it tells', async () => {
  hub.faults = { redirectLarge: true }
  await download()
  await expectWhole()
  await rm(path.join(folder, weights))
  const damaged = Buffer.from(model.files.get(weights) ?? [])
  damaged[size - 5] = 0x62
  hub.faults = { redirectLarge: true, instead: { name: weights, contents: damaged } }
  await expect(download()).rejects.toMatchObject({ code: 'damaged', message: expect.stringContaining('checksum') as string })
  expect(await readdir(path.join(folder, 'onnx'))).toEqual([])
})

test.each([
  ['config.json', Buffer.from('<html>Log in to the network</html>'), 'it is no JSON'],
  [weights, Buffer.from('<!doctype html><p>Blocked</p>'), 'it is text'],
  [weights, Buffer.from('version https://git-lfs.github.com/spec/v1\noid sha256:abc\nsize 5\n'), 'it is text'],
])('A page instead of %s is not taken for it', async (file, contents, why) => {
  hub.faults = { instead: { name: file, contents } }
  await expect(download()).rejects.toMatchObject({ code: 'damaged', message: expect.stringContaining(why) as string })
  expect(await stat(path.join(folder, file)).catch(() => null)).toBeNull()
})

test('A dtype that the model does not have is told before anything large is fetched', async () => {
  await expect(download({ dtype: 'q4' })).rejects.toMatchObject({
    code: 'not-found',
    message: `The model ${name} at ${hub.host} has no file onnx/model_q4.onnx.`,
  })
  expect(hub.requests.filter(({ method }) => method === 'GET').map(({ path: asked }) => asked)).toEqual([
    `/${name}/resolve/main/config.json`,
  ])
})

test('Further files that config.json names are fetched too', async () => {
  hub.replace(
    'config.json',
    Buffer.from(JSON.stringify({ model_type: 'bert', 'transformers.js_config': { use_external_data_format: { 'model.onnx': 2 } } })),
  )
  hub.replace('onnx/model.onnx_data', Buffer.from('first'))
  hub.replace('onnx/model.onnx_data_1', Buffer.from('second'))
  await download()
  expect(await readFile(path.join(folder, 'onnx/model.onnx_data_1'), 'utf8')).toBe('second')
})

test('A model that needs an account says so', async () => {
  hub.faults = { status: 401 }
  await expect(download()).rejects.toMatchObject({ code: 'unauthorised', remedy: expect.stringContaining(folder) as string })
})

test('A hub that stops sending is given up after a while, and what came is kept', async () => {
  hub.faults = { stall: { name: weights, after: 50_000 } }
  await expect(download({ idleTimeout: 300 })).rejects.toMatchObject({
    code: 'unreachable',
    message: expect.stringContaining('sent nothing') as string,
  })
  expect(await partialSize()).toBeGreaterThan(0)
})

test('A slow hub is waited for as long as bytes come', async () => {
  hub.faults = { slow: { name: weights, piece: 40_000, milliseconds: 100 } }
  await download({ idleTimeout: 500 })
  await expectWhole()
})

test('Without a network the sentence says which files go into which folder', async () => {
  await hub.stop()
  await expect(download()).rejects.toMatchObject({
    code: 'unreachable',
    message: `${hub.host} could not be reached: nothing listens there.`,
    remedy: expect.stringContaining(`put config.json, tokenizer.json, tokenizer_config.json, onnx/model.onnx into ${folder}`) as string,
  })
  hub = await startHub(name, model.files)
})

test('A hub that leads round in circles or to another protocol is not followed', async () => {
  hub.faults = { redirectTo: `/${name}/resolve/main/config.json` }
  await expect(download()).rejects.toMatchObject({ code: 'unreachable', message: expect.stringContaining('without end') as string })
  hub.faults = { redirectTo: 'file:///etc/passwd' }
  await expect(download()).rejects.toMatchObject({ code: 'unreachable', message: expect.stringContaining('not safe') as string })
})

test('An address that is none is refused', async () => {
  await expect(download({ host: 'not an address' })).rejects.toMatchObject({
    code: 'invalid-input',
    remedy: expect.stringContaining('HF_ENDPOINT') as string,
  })
})
