import { rm, writeFile } from 'node:fs/promises'
import path from 'node:path'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { EmbedderHost } from '../../electron/embedder/embedder-host.ts'
import { createHashingEmbedder } from '../../electron/embedder/hashing.ts'
import { temporaryFolder } from '../support/fixtures.ts'

const lexical = { kind: 'lexical', dimension: 16 } as const
const options = { purpose: 'document' } as const
let folder: string
let host: EmbedderHost
beforeEach(async () => {
  folder = await temporaryFolder('host')
})
afterEach(async () => {
  await host.close()
  await rm(folder, { recursive: true })
})

/** A worker that ends on the word "end", throws on "throw", and answers zeros to everything else. */
async function fragileWorker(): Promise<string> {
  const file = path.join(folder, 'fragile.worker.mjs')
  await writeFile(
    file,
    `import { parentPort } from 'node:worker_threads'
    parentPort.on('message', ({ type, id, texts }) => {
      if (type !== 'embed') return
      if (texts.includes('end')) process.exit(1)
      if (texts.includes('throw')) throw new Error('broken')
      if (!texts.includes('wait')) parentPort.postMessage({ type: 'done', id, dimension: 2, data: new Float32Array(texts.length * 2) })
    })`,
  )
  return file
}

test('The worker gives the same vectors as the embedder itself, also to several callers at once', async () => {
  host = new EmbedderHost()
  const lists = [['cancel my order'], ['refund', 'export'], []]
  const found = await Promise.all(lists.map((texts) => host.embed(lexical, texts, options)))
  for (const [index, texts] of lists.entries()) {
    expect(found[index]).toEqual({ dimension: 16, data: await createHashingEmbedder(16).embed(texts, options) })
  }
})

test('A worker that ends fails what it was working on, and the next call starts another', async () => {
  host = new EmbedderHost(await fragileWorker())
  for (const word of ['end', 'throw']) {
    const waiting = host.embed(lexical, ['wait'], options)
    const failing = host.embed(lexical, [word], options)
    await expect(waiting).rejects.toMatchObject({ code: 'internal', message: 'The embedder ended while it worked.' })
    await expect(failing).rejects.toMatchObject({ code: 'internal' })
    expect((await host.embed(lexical, ['fine'], options)).data.length).toBe(2)
  }
})

test('A cancel settles the caller at once, even where the worker does not answer', async () => {
  host = new EmbedderHost(await fragileWorker())
  const controller = new AbortController()
  const waiting = host.embed(lexical, ['wait'], { ...options, signal: controller.signal })
  controller.abort()
  await expect(waiting).rejects.toMatchObject({ code: 'cancelled' })
  await expect(host.embed(lexical, ['fine'], { ...options, signal: controller.signal })).rejects.toMatchObject({ code: 'cancelled' })
  expect((await host.embed(lexical, ['fine'], options)).dimension).toBe(2)
})

test('A long lexical run is cancelled in the worker, so that it is free again', async () => {
  host = new EmbedderHost()
  const texts = Array.from({ length: 200_000 }, (_, index) => `How do I settle invoice number ${index}?`)
  const controller = new AbortController()
  const running = host.embed(lexical, texts, { ...options, signal: controller.signal, onProgress: () => controller.abort() })
  await expect(running).rejects.toMatchObject({ code: 'cancelled' })
  const started = performance.now()
  await host.embed(lexical, ['short'], options)
  expect(performance.now() - started).toBeLessThan(1500)
})

test('Closed, it takes no more texts', async () => {
  host = new EmbedderHost(await fragileWorker())
  const waiting = host.embed(lexical, ['wait'], options)
  await Promise.all([expect(waiting).rejects.toMatchObject({ code: 'cancelled' }), host.close()])
  await expect(host.embed(lexical, ['fine'], options)).rejects.toMatchObject({ code: 'cancelled' })
})
