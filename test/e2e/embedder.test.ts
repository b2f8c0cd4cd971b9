import { mkdtemp, rm } from 'node:fs/promises'
import os from 'node:os'
import path from 'node:path'
import type { Page, Route } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { createHashingEmbedder } from '../../electron/embedder/hashing.ts'
import { seriousFindings } from '../support/accessibility.ts'
import { startApp, type RunningApp } from '../support/app.ts'
import { openPage, type OpenPage } from '../support/chromium.ts'
import { startHub, type Hub } from '../support/hub.ts'
import { makeOnnxModel } from '../support/onnx-model.ts'
import { startOpenAi, type OpenAiServer } from '../support/openai-server.ts'
import { openConnection } from '../support/open-connection.ts'
import { sampleStore } from '../support/sample-store.ts'
import { sampleContent } from '../support/sample-content.ts'

const store = await sampleStore()
const shots = process.env['MNEMOSCOPE_SHOTS']
const model = 'tests/tiny'
const weights = 'onnx/model.onnx'
const files = makeOnnxModel({ padding: 400_000 }).files

/** What the sample's texts are in its own vectors. */
async function storedVectors(): Promise<Map<string, number[]>> {
  const { collections } = await sampleContent()
  const records = collections.find(({ name }) => name === 'support_cache')?.records ?? []
  const texts = [...new Set(records.flatMap(({ document, metadata }) => [document, ...Object.values(metadata ?? {})]))].filter(
    (text): text is string => typeof text === 'string',
  )
  const { dimension, embed } = createHashingEmbedder(384)
  const vectors = await embed(texts, { purpose: 'document' })
  return new Map(texts.map((text, at) => [text, [...vectors.subarray(at * dimension, (at + 1) * dimension)]]))
}

describe.skipIf(store === null)('embedders', () => {
  let app: RunningApp
  let window: OpenPage
  let page: Page
  let hub: Hub
  let server: OpenAiServer
  let home: string
  let ref: { connectionId: string; collectionId: string }

  const row = (title: string) => page.getByRole('listitem', { name: title, exact: true })
  async function shoot(name: string): Promise<void> {
    if (shots !== undefined) await page.screenshot({ path: path.join(shots, `${name}.png`) })
  }
  async function goToQuery(): Promise<void> {
    await page.goto(`${app.origin}/#/s/${ref.connectionId}/c/${ref.collectionId}/query`)
    await page.reload()
    await page.getByRole('button', { name: /^Embedder: / }).waitFor()
  }
  async function openSettings(): Promise<void> {
    await page.keyboard.press('Control+Comma')
    await page.getByRole('button', { name: 'Add embedder' }).waitFor()
  }
  async function choose(select: string, option: string): Promise<void> {
    await page.getByRole('combobox', { name: select }).click()
    await page.getByRole('option', { name: option }).click()
  }

  beforeAll(async () => {
    home = await mkdtemp(path.join(os.tmpdir(), 'mnemoscope-home-'))
    hub = await startHub(model, files)
    server = await startOpenAi()
    app = await startApp({ directory: store?.directory, env: { HOME: home, INIT_CWD: home, HF_ENDPOINT: hub.url } })
    const { connectionId, collections } = await openConnection(app)
    ref = { connectionId, collectionId: collections.get('support_cache') ?? '' }
    window = await openPage(app, { width: 1280, height: 800 })
    page = window.page
    await page.getByRole('treeitem').nth(1).waitFor()
  }, 120_000)
  afterAll(async () => {
    await window.close()
    await Promise.all([app.stop(), server.stop(), hub.stop()])
    await Promise.all([home, store?.folder ?? ''].map((folder) => rm(folder, { recursive: true, force: true })))
  })

  test('a server is set up with its key, which it is said where it is kept, and reaches nobody else', async () => {
    await goToQuery()
    await openSettings()
    await page.getByRole('button', { name: 'Add embedder' }).click()
    await choose('Kind', 'OpenAI-compatible server')
    await page.getByRole('textbox', { name: /^Title/ }).fill('Nearly')
    await page.getByRole('textbox', { name: /^Base URL/ }).fill(server.baseUrl)
    await page.getByRole('textbox', { name: /^Model/ }).fill('nearly-the-same')
    await page.getByLabel(/^Key/).fill('a secret of the test')
    await shoot('embedder-form-light')
    await page.getByRole('button', { name: 'Save embedder' }).click()
    await page.getByText(/^The key is kept in secrets\.json in .*, a file that only its owner can read\.$/).waitFor()
    await row('Nearly').getByText('key kept').waitFor()
    await page.getByRole('button', { name: 'Test Nearly' }).click()
    await row('Nearly')
      .getByText(/^It works: 6 dimensions/)
      .waitFor()
    expect(server.requests.map(({ authorization }) => authorization)).toEqual(['Bearer a secret of the test'])
    expect(await page.content()).not.toContain('a secret of the test')
    await page.keyboard.press('Escape')
  })

  test('an embedder of another dimension is refused before any text is sent', async () => {
    const { id } = (await app.call('embedders.list', { dimension: 384 })).find(({ title }) => title === 'Nearly') ?? { id: '' }
    await app.call('embedders.choose', { ...ref, embedderId: id })
    const sent = server.requests.length
    await page.goto(`${app.origin}/#/s/${ref.connectionId}/c/${ref.collectionId}/query?q=password`)
    await page.reload()
    await page.getByText('Nearly makes vectors of 6 dimensions; those of the collection have 384.').first().waitFor()
    await shoot('query-dimension-light')
    expect(server.requests).toHaveLength(sent)
  })

  test('a check of parity says whether the embedder made the stored vectors, in each of three ways, and can be cancelled', async () => {
    const known = await storedVectors()
    const off = { by: 0 }
    server.vectorOf = (text) => {
      const vector = known.get(text) ?? Array.from({ length: 384 }, (_, at) => Math.sin(at + text.length))
      // At right angles to the vector, near enough: turned by `by` towards it, the cosine is that of the angle.
      const turned = vector.map((_, at) => Math.sin(12.9898 * at + 1) * Math.SQRT2 * 384 ** -0.5)
      return vector.map((value, at) => Math.cos(off.by) * value + Math.sin(off.by) * (turned[at] ?? 0))
    }
    const config = {
      kind: 'openai',
      baseUrl: server.baseUrl,
      model: 'nearly',
      dimensions: 384,
      queryPrefix: '',
      documentPrefix: '',
    } as const
    const { id } = await app.call('embedders.save', { id: null, title: 'Turned', config })
    await app.call('embedders.choose', { ...ref, embedderId: id })
    await goToQuery()
    await page.getByRole('button', { name: 'Embedder: Turned' }).click()
    const popover = page.getByRole('dialog', { name: 'Embedder' })
    const check = popover.getByRole('button', { name: 'Check parity' })

    server.next = ['hang']
    await check.click()
    await popover.getByRole('status', { name: 'Progress' }).getByRole('button', { name: 'Cancel' }).click()
    await popover.getByRole('status', { name: 'Progress' }).waitFor({ state: 'detached' })
    expect(await popover.getByRole('alert').count()).toBe(0)

    for (const [by, verdict, sentence] of [
      [0, 'same vectors', 'This embedder makes the same vectors: median similarity 1.000 over 20'],
      [Math.acos(0.97), 'almost the same vectors', 'This embedder makes close but not the same vectors'],
      [Math.acos(0.3), 'other vectors', 'These vectors were not made by this embedder'],
    ] as const) {
      off.by = by
      await check.click()
      await popover.getByText(sentence).waitFor()
      await popover.getByText(verdict, { exact: false }).first().waitFor()
      await shoot(`parity-${verdict.replaceAll(' ', '-')}`)
    }
    expect(await seriousFindings(page)).toEqual([])
    await page.keyboard.press('Escape')
    await page.getByRole('button', { name: 'Embedder: Turned' }).getByText('other vectors').waitFor()
    await page.getByRole('textbox', { name: 'Query' }).fill('How do I reset my password?')
    await page.keyboard.press('Enter')
    await page.getByRole('status').getByText('These vectors were not made by this embedder').waitFor()
    await shoot('query-parity-light')
    await app.call('embedders.choose', { ...ref, embedderId: null })
  })

  test('a model is downloaded with progress, cancelled, refused where it arrives broken, and then works', async () => {
    const config = {
      kind: 'transformers',
      model,
      localModelId: null,
      dtype: 'fp32',
      pooling: 'mean',
      normalise: true,
      maxTokens: null,
      queryPrefix: '',
      documentPrefix: '',
    } as const
    // What an attempt before this one left.
    for (const { id, title } of await app.call('embedders.list', { dimension: 384 }))
      if (title === 'Tiny') await app.call('embedders.remove', { id })
    await app.call('embedders.removeDownload', { model }).catch(() => undefined)
    await app.call('embedders.save', { id: null, title: 'Tiny', config })
    await goToQuery()
    await openSettings()
    await row('Tiny')
      .getByText(/are missing\. Download them, or put them into /)
      .waitFor()
    // Slow enough to be seen under way by a page that is late.
    hub.faults = { slow: { name: weights, piece: 2000, milliseconds: 1000 } }
    await row('Tiny')
      .getByRole('button', { name: /^(Download the model|Go on with the download)$/ })
      .click()
    await row('Tiny')
      .getByText(/ KB of \d+ KB · [1-9]\d?%$/)
      .waitFor()
    await shoot('embedder-download-light')
    await row('Tiny').getByRole('button', { name: 'Cancel' }).click()
    const goOn = row('Tiny').getByRole('button', { name: 'Go on with the download' })
    await goOn.waitFor()
    await page.getByRole('list', { name: 'Model files' }).getByText('not complete').waitFor()

    const broken = Buffer.from(files.get(weights) ?? [])
    broken[broken.length - 5] = 0x62
    const slow = { name: weights, piece: 100_000, milliseconds: 300 }
    hub.faults = { redirectLarge: true, instead: { name: weights, contents: broken }, slow }
    // The list of jobs that is asked for when a download has begun arrives when it has failed already.
    let deliver = (): void => undefined
    const failed = new Promise<void>((resolve) => (deliver = resolve))
    let isDelivered = false
    const hold = async (route: Route): Promise<void> => {
      const response = await route.fetch()
      await failed
      // The page may not wait for it any more.
      await route.fulfill({ response }).catch(() => undefined)
      isDelivered = true
    }
    await page.route('**/rpc/jobs.list', hold, { times: 1 })
    await goOn.click()
    await expect.poll(async () => (await app.call('jobs.list', {})).at(-1)?.state).toBe('failed')
    deliver()
    await expect.poll(() => isDelivered).toBe(true)
    await page.waitForTimeout(200)
    await row('Tiny')
      .getByText(/^onnx\/model\.onnx did not arrive intact from .*checksum/)
      .waitFor()
    await shoot('embedder-broken-light')
    expect(await seriousFindings(page)).toEqual([])

    hub.faults = {}
    await goOn.click()
    await row('Tiny')
      .getByText(/missing\./)
      .waitFor({ state: 'detached' })
    await page.getByRole('button', { name: 'Test Tiny' }).click()
    await row('Tiny')
      .getByText(/^It works: 6 dimensions, norm 1\.000/)
      .waitFor()
    await page.getByRole('button', { name: `Remove the files of ${model}` }).click()
    await row('Tiny')
      .getByText(/are missing\./)
      .waitFor()
    await page.keyboard.press('Escape')
  })
})
