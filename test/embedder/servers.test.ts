import { readFile, rm, stat } from 'node:fs/promises'
import path from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { jsonError, startOpenAi } from '../support/openai-server.ts'
import { containing, startEmbedderCore, type EmbedderCore } from './embedder-core.ts'

const key = 'sk-another-secret-42'
let core: EmbedderCore
const call: EmbedderCore['call'] = (...given) => core.call(...given)

beforeAll(async () => {
  core = await startEmbedderCore()
})
afterAll(() => core.stop())

describe('Servers', () => {
  test('The key is kept apart, in a file only its owner reads, and goes to the named host only', async () => {
    const { id, hasKey } = await call('embedders.save', { id: null, title: 'Remote', config: core.remote() })
    expect(hasKey).toBe(false)
    expect(await call('embedders.setKey', { id, key })).toEqual({
      keptIn: `secrets.json in ${core.data}, a file that only its owner can read`,
    })
    if (process.platform !== 'win32') expect((await stat(path.join(core.data, 'secrets.json'))).mode & 0o777).toBe(0o600)
    expect(await readFile(path.join(core.data, 'embedders.json'), 'utf8')).not.toContain(key)
    core.server.requests.length = 0
    await call('embedders.test', { id })
    expect(core.server.requests.map(({ authorization }) => authorization)).toEqual([`Bearer ${key}`])

    await call('embedders.save', { id, title: 'Remote, renamed', config: core.remote({ model: 'large' }) })
    await call('embedders.test', { id })
    expect(core.server.requests.at(-1)).toMatchObject({ authorization: `Bearer ${key}`, body: { model: 'large' } })

    const elsewhere = await startOpenAi()
    const moved = await call('embedders.save', { id, title: 'Remote', config: core.remote({ baseUrl: elsewhere.baseUrl }) })
    expect(moved.hasKey).toBe(false)
    await call('embedders.test', { id })
    expect(elsewhere.requests.map(({ authorization }) => authorization)).toEqual([null])
    await elsewhere.stop()
    expect(await readFile(path.join(core.data, 'secrets.json'), 'utf8')).not.toContain(key)
    await call('embedders.remove', { id })
  })

  test('Removing an embedder removes its key, and a key that is gone is asked for again', async () => {
    const { id } = await call('embedders.save', { id: null, title: 'Remote', config: core.remote() })
    await call('embedders.setKey', { id, key })
    await rm(path.join(core.data, 'secrets.json'))
    await expect(call('embedders.test', { id })).rejects.toMatchObject({
      code: 'unauthorised',
      message: 'The key of Remote cannot be read any more.',
    })
    await call('embedders.setKey', { id, key })
    await call('embedders.remove', { id })
    expect(await readFile(path.join(core.data, 'secrets.json'), 'utf8')).not.toContain(key)
    await expect(call('embedders.setKey', { id: 'lexical-384', key })).rejects.toMatchObject({ code: 'invalid-input' })
  })

  test('Texts to this computer do not leave it, others say where they go', async () => {
    const here = await call('embedders.save', { id: null, title: 'Here', config: core.remote({ baseUrl: 'http://localhost:11434/v1' }) })
    const there = await call('embedders.save', { id: null, title: 'There', config: core.remote({ baseUrl: 'https://api.example.com/v1' }) })
    expect([here.sendsTo, there.sendsTo]).toEqual([null, 'api.example.com'])
    for (const { id } of [here, there]) await call('embedders.remove', { id })
  })

  test.each(['ftp://example.com/v1', 'not a url', 'file:///etc', 'http://me:secret@example.com/v1'])(
    '%s is no base URL',
    async (baseUrl) => {
      await expect(call('embedders.save', { id: null, title: 'x', config: core.remote({ baseUrl }) })).rejects.toMatchObject({
        code: 'invalid-input',
      })
    },
  )

  test('Errors of the server reach the caller of a test', async () => {
    const { id } = await call('embedders.save', { id: null, title: 'Remote', config: core.remote() })
    core.server.next = [jsonError(401, 'No key given')]
    await expect(call('embedders.test', { id })).rejects.toMatchObject({ code: 'unauthorised', message: containing('asks for a key') })
    await call('embedders.remove', { id })
  })
})
