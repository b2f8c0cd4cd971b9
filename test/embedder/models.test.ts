import { mkdir, stat, writeFile } from 'node:fs/promises'
import path from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { writeModel } from '../support/onnx-model.ts'
import { containing, hubModel, model, startEmbedderCore, tiny, type EmbedderCore } from './embedder-core.ts'

let core: EmbedderCore
const call: EmbedderCore['call'] = (...given) => core.call(...given)

beforeAll(async () => {
  core = await startEmbedderCore()
})
afterAll(() => core.stop())

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
    const folder = path.join(core.data, 'models', 'Xenova', 'all-MiniLM-L6-v2')
    expect(miniLm?.needs).toBe(
      `config.json, tokenizer.json, tokenizer_config.json and onnx/model.onnx are missing. Download them, or put them into ${folder}.`,
    )
    await expect(call('embedders.test', { id: miniLm?.id ?? '' })).rejects.toMatchObject({ code: 'not-found', remedy: containing(folder) })
    expect(core.hub.requests).toEqual([])
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
    core.hub.faults = { slow: { name: 'onnx/model.onnx', piece: 100, milliseconds: 30 } }
    const { jobId } = await call('embedders.download', { id })
    expect((await call('embedders.download', { id })).jobId).toBe(jobId)
    expect(await core.ended(jobId)).toMatchObject({ state: 'done', title: `Download ${hubModel}` })
    core.hub.faults = {}
    const bytes = [...model.files.values()].reduce((sum, file) => sum + file.length, 0)
    expect(await call('embedders.models', {})).toEqual({
      folder: path.join(core.data, 'models'),
      bytes,
      downloads: [{ model: hubModel, bytes, complete: true }],
      local: [],
    })
    const before = core.hub.requests.length
    expect(await call('embedders.test', { id })).toMatchObject({ dimension: 6, norm: expect.closeTo(1, 5) as number })
    expect(core.hub.requests.length).toBe(before)
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
    core.hub.faults = { slow: { name: 'onnx/model.onnx', piece: 50, milliseconds: 50 } }
    const { jobId } = await call('embedders.download', { id })
    await expect.poll(async () => (await call('jobs.list', {})).find((job) => job.id === jobId)?.stage).toContain('onnx/model.onnx')
    await call('jobs.cancel', { jobId })
    expect(await core.ended(jobId)).toMatchObject({ state: 'cancelled', error: null })
    expect((await call('embedders.models', {})).downloads).toMatchObject([{ model: hubModel, complete: false }])
    core.hub.faults = {}
    expect(await core.ended((await call('embedders.download', { id })).jobId)).toMatchObject({ state: 'done' })

    await writeFile(path.join(core.data, 'models', hubModel, 'onnx', 'model.onnx'), 'not a model')
    await expect(call('embedders.test', { id })).rejects.toMatchObject({ code: 'damaged', message: containing('Tiny') })
    await call('embedders.removeDownload', { model: hubModel })
    expect(await core.ended((await call('embedders.download', { id })).jobId)).toMatchObject({ state: 'done' })
    expect((await call('embedders.test', { id })).dimension).toBe(6)
    await call('embedders.removeDownload', { model: hubModel })
    await call('embedders.remove', { id })
  })

  test('A download that fails says why', async () => {
    const { id } = await call('embedders.save', { id: null, title: 'Other', config: { ...tiny, model: 'tests/other' } })
    const job = await core.ended((await call('embedders.download', { id })).jobId)
    expect(job).toMatchObject({ state: 'failed', error: { code: 'not-found', message: containing('tests/other') } })
    await call('embedders.remove', { id })
  })

  test.each(['../outside', 'a/../../b', '/etc', 'a/b/c', '.hidden/x', 'C:\\models'])('%s is no name of a model', async (name) => {
    await expect(call('embedders.save', { id: null, title: 'x', config: { ...tiny, model: name } })).rejects.toMatchObject({
      code: 'invalid-input',
    })
  })

  test('A folder chosen with the picker becomes a model', async () => {
    const folder = path.join(core.home, 'my model')
    await writeModel(folder, model)
    await mkdir(path.join(core.home, 'no model'))
    const [root] = await call('connections.places', {})
    const { children } = await call('connections.browse', { handle: root?.handle ?? '' })
    const handleOf = (name: string): string => children.find((child) => child.name === name)?.handle ?? ''
    const local = await call('embedders.addLocalModel', { handle: handleOf('my model') })
    expect(local).toMatchObject({ name: 'my model', folder })
    expect((await call('embedders.addLocalModel', { handle: handleOf('my model') })).id).toBe(local.id)
    const { id } = await call('embedders.save', { id: null, title: 'Mine', config: { ...tiny, model: 'mine', localModelId: local.id } })
    expect((await call('embedders.test', { id })).dimension).toBe(6)
    await expect(call('embedders.download', { id })).rejects.toMatchObject({ code: 'invalid-input' })
    await expect(call('embedders.addLocalModel', { handle: handleOf('no model') })).rejects.toMatchObject({
      code: 'not-found',
      message: containing('config.json'),
    })
    await call('embedders.removeLocalModel', { id: local.id })
    expect((await stat(path.join(folder, 'config.json'))).isFile()).toBe(true)
    expect((await call('embedders.list', { dimension: null })).at(-1)?.needs).toContain('no longer known')
    await expect(call('embedders.test', { id })).rejects.toMatchObject({ code: 'not-found' })
    await call('embedders.remove', { id })
  })
})
