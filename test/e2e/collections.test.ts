import type { Page } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { storedOrder } from '../../shared/contract/records.ts'
import { noFilter } from '../../shared/domain/where.ts'
import { seriousFindings } from '../support/accessibility.ts'
import type { RunningApp } from '../support/app.ts'
import { testEngines } from '../support/engines.ts'
import { temporaryFolder } from '../support/fixtures.ts'
import { defaultDatabase } from '../support/generate-store.ts'
import { openConnection } from '../support/open-connection.ts'
import { startOpenAi, type OpenAiServer } from '../support/openai-server.ts'
import { removeTemporary } from '../support/remove-temporary.ts'
import { startEditing } from '../support/start-editing.ts'
import { storeContents } from '../support/store-contents.ts'
import { useStorePage } from '../support/store-page.ts'

const [engine] = await testEngines()
const count = 20
/** More texts than are embedded at once. */
const many = 270
const settled = { timeout: 60_000 }

/** A store with collections `answers` and `others`, of two ids in common, and `many`, whose texts are too many for one request. */
async function makeStore(): Promise<string> {
  const directory = await temporaryFolder('collections')
  const engines = await engine?.create()
  if (!engine || !engines) return directory
  try {
    const { api } = await engines.start(directory, { create: true, kind: engine.kind })
    for (const [name, prefix, from] of [
      ['answers', 'answer', 0],
      ['others', 'answer', count - 2],
      ['many', 'many', 0],
    ] as const) {
      const { id } = await api.createCollection(defaultDatabase, { name, space: 'cosine', metadata: null })
      const places = Array.from({ length: name === 'many' ? many : count }, (_, place) => from + place)
      await api.add(
        { ...defaultDatabase, id },
        {
          ids: places.map((place) => `${prefix}-${place}`),
          embeddings: places.map((place) => Float32Array.of(1, place, from)),
          documents: places.map((place) => `Text ${place} of ${name}, refund`),
          metadatas: places.map((place) => new Map<string, string | bigint>([['half', place % 2 === 0 ? 'even' : 'odd']])),
        },
      )
    }
    await api.settled()
  } finally {
    await engines.close()
  }
  return directory
}

const source = await makeStore()
afterAll(() => removeTemporary(source))

describe.skipIf(!engine)('changes from collection to collection', () => {
  let embeddings: OpenAiServer
  let app: RunningApp
  let page: Page
  let connectionId: string
  let before: Map<string, Map<string, string>>

  const none: ReadonlySet<string> = new Set()
  const isLarge = (name: string): boolean => name.startsWith('many')
  /** Every record of every collection, with the vectors of the small ones, by the collection's name. */
  async function everything(): Promise<Map<string, Map<string, string>>> {
    const { collections } = await openConnection(app)
    const contents = new Map<string, Map<string, string>>()
    for (const name of [...collections.keys()].toSorted())
      contents.set(name, await storeContents(app, { connectionId, collectionId: collections.get(name) ?? '' }, isLarge(name) ? none : null))
    return contents
  }
  async function idOf(name: string): Promise<string> {
    return (await openConnection(app)).collections.get(name) ?? ''
  }
  async function show(name: string, search: Record<string, string> = {}): Promise<void> {
    await page.goto(`${app.origin}/#/s/${connectionId}/c/${await idOf(name)}/records?${new URLSearchParams(search).toString()}`)
    await page.reload()
    await page.locator('[data-row="0"]').waitFor()
  }
  async function fromTree(name: string, entry: string): Promise<void> {
    await show(name)
    await page.getByRole('treeitem', { name: new RegExp(`^${name}`) }).click({ button: 'right' })
    await page.getByRole('menuitem', { name: entry }).click()
  }
  async function bulk(what: string) {
    await page.getByRole('button', { name: 'Change records' }).click()
    await page.getByRole('menuitem', { name: 'Change all…' }).click()
    const dialog = page.getByRole('dialog', { name: /^Change all/ })
    await dialog.getByRole('combobox', { name: 'What to do' }).click()
    await page.getByRole('option', { name: what }).click()
    return dialog
  }
  /** Starts a change from the page and waits until it is done. */
  async function changes(start: () => Promise<void>): Promise<void> {
    // A change is the result of its job.
    const jobs = async (): Promise<string[]> =>
      (await app.call('jobs.list', {})).filter(({ state, result }) => state === 'done' && result !== null).map(({ id }) => id)
    const earlier = await jobs()
    await start()
    await expect.poll(async () => (await jobs()).some((id) => !earlier.includes(id)), settled).toBe(true)
  }
  /** Takes the newest change back, and looks whether every record of every collection is what it was. */
  async function takeBack(): Promise<void> {
    await page.locator('[role="dialog"]:not([aria-modal="false"])').waitFor({ state: 'detached' })
    await changes(() => page.keyboard.press('Control+z'))
    expect(await everything()).toEqual(before)
  }

  beforeAll(async () => {
    embeddings = await startOpenAi()
  })
  const opened = useStorePage({
    source,
    name: 'answers',
    args: engine?.command ? ['--engine', engine.command] : [],
    width: 1440,
    height: 900,
    prepare: async (made) => {
      ;({ app, page } = made)
      connectionId = made.collection.connectionId
      await app.call('embedders.choose', { ...made.collection, embedderId: 'lexical-3' })
      const prefixes = { queryPrefix: '', documentPrefix: '' }
      const config = { kind: 'openai' as const, baseUrl: embeddings.baseUrl, model: 'any', dimensions: 6, ...prefixes }
      await app.call('embedders.save', { id: null, title: 'Six numbers', config })
      await startEditing(app, connectionId)
      before = await everything()
    },
  })
  afterAll(() => embeddings.stop())

  test('a collection is duplicated with every vector, and the copy goes with the undo', async () => {
    await fromTree('answers', 'Duplicate…')
    const dialog = page.getByRole('dialog', { name: 'Duplicate “answers”' })
    expect(await seriousFindings(page)).toEqual([])
    await changes(() => dialog.getByRole('button', { name: 'Duplicate collection' }).click())
    expect((await everything()).get('answers-copy')).toEqual(before.get('answers'))
    await takeBack()
  })

  test('a copy with another embedder fails without a trace, goes on where it stopped, and has parity afterwards', async () => {
    const asked = (): string[] => embeddings.requests.flatMap(({ body }) => body.input)
    const earlier = asked().length
    embeddings.rearrange = (vectors) => (asked().length - earlier > 256 ? [] : vectors)
    await fromTree('many', 'Duplicate…')
    const dialog = page.getByRole('dialog', { name: 'Duplicate “many”' })
    await dialog.getByRole('textbox', { name: 'Name of the copy' }).fill('many-again')
    await dialog.getByRole('radio', { name: 'Embed all documents again' }).click()
    await dialog.getByRole('combobox', { name: 'Embedder of the copy' }).click()
    await page.getByRole('option', { name: /^Six numbers/ }).click()
    await dialog.getByText('The vectors will have 6 numbers instead of 3.').waitFor()
    expect(await seriousFindings(page)).toEqual([])
    const copy = dialog.getByRole('button', { name: 'Duplicate collection' })
    await copy.click()
    await dialog
      .getByRole('alert')
      .or(dialog.getByText(/vectors/))
      .first()
      .waitFor(settled)
    await expect.poll(() => copy.isEnabled(), settled).toBe(true)
    expect(await everything()).toEqual(before)
    const first = asked().length
    embeddings.rearrange = (vectors) => vectors
    await changes(() => copy.click())
    // What was missing, and the sample of the parity check.
    expect(asked().length - first).toBeLessThan(100)
    const ref = { connectionId, collectionId: await idOf('many-again') }
    const { records, total } = await app.call('records.page', {
      view: { ...ref, filter: noFilter, sort: storedOrder },
      offset: 0,
      limit: 1,
    })
    const { vector } = await app.call('records.vector', { ...ref, id: records[0]?.id ?? '' })
    const wanted = embeddings.vectorOf(records[0]?.document ?? '', 6)
    const stored = [...(vector?.values ?? [])]
    const cosine = wanted.reduce((sum, value, place) => sum + value * (stored[place] ?? 0), 0)
    expect(total).toBe(many)
    expect(cosine / Math.hypot(...wanted) / Math.hypot(...stored)).toBeCloseTo(1, 6)
    const { embedder } = await app.call('embedders.choice', ref)
    expect(embedder?.title).toBe('Six numbers')
    expect((await app.call('embedders.parity', { ...ref, embedderId: embedder?.id ?? '' }))?.verdict).toBe('same')
    await takeBack()
  })

  test('records of another collection are merged in; those with the same ID stay or are overwritten', async () => {
    for (const [choice, kept] of [
      ['Leave records whose ID exists here as they are', true],
      ['Overwrite them', false],
    ] as const) {
      await fromTree('answers', 'Merge another into it…')
      const dialog = page.getByRole('dialog', { name: 'Merge into “answers”' })
      await dialog.getByRole('combobox', { name: 'Records of' }).click()
      await page.getByRole('option', { name: /^others/ }).click()
      await dialog.getByRole('radio', { name: choice }).click()
      await changes(() => dialog.getByRole('button', { name: 'Merge collections' }).click())
      const after = await everything()
      const both = `answer-${count - 1}`
      expect(after.get('answers')?.size).toBe(2 * count - 2)
      expect(after.get('answers')?.get(both)).toBe((kept ? before : after).get(kept ? 'answers' : 'others')?.get(both))
      expect(after.get('others')).toEqual(before.get('others'))
      await takeBack()
    }
  })

  test('records are copied and moved to another collection', async () => {
    for (const word of ['Copy', 'Move']) {
      await show('answers', { where: '{"half":"even"}' })
      const dialog = await bulk('Copy or move to a collection')
      await dialog.getByRole('button', { name: word, exact: true }).click()
      await dialog.getByRole('combobox', { name: 'To the collection' }).click()
      await page.getByRole('option', { name: /^others/ }).click()
      // One of the even ones exists there.
      await changes(() => dialog.getByRole('button', { name: `${word} 9 records` }).click())
      const after = await everything()
      expect(after.get('others')?.get('answer-4')).toBe(before.get('answers')?.get('answer-4'))
      expect(after.get('others')?.get('answer-18')).toBe(before.get('others')?.get('answer-18'))
      expect(after.get('answers')?.has('answer-4')).toBe(word === 'Copy')
      expect(after.get('answers')?.has('answer-18')).toBe(true)
      await takeBack()
    }
  })

  test('texts are found and replaced, and embedded again where that is asked for', async () => {
    await show('answers')
    const dialog = await bulk('Find and replace')
    await dialog.getByRole('textbox', { name: 'Find', exact: true }).fill('text (\\d)\\b')
    await dialog.getByRole('textbox', { name: /^Replace with/ }).fill('Answer $1')
    await dialog.getByRole('checkbox', { name: 'Regular expression' }).click()
    await dialog.getByRole('radio', { name: 'Embed the document again' }).click()
    await dialog
      .getByText('None of the records would be changed')
      .or(dialog.getByText(/^0 of 20 records/))
      .waitFor()
    await dialog.getByRole('checkbox', { name: 'Match case' }).click()
    await dialog.getByRole('list', { name: 'Sample' }).getByText('Answer').first().waitFor()
    expect(await seriousFindings(page)).toEqual([])
    await changes(() => dialog.getByRole('button', { name: 'Change 10 records' }).click())
    const ref = { connectionId, collectionId: await idOf('answers') }
    const [one, other] = await app.call('records.get', { ...ref, ids: ['answer-7', 'answer-17'] })
    expect([one?.document, other?.document]).toEqual(['Answer 7 of answers, refund', 'Text 17 of answers, refund'])
    const vectors = (await everything()).get('answers')
    expect(vectors?.get('answer-17')).toBe(before.get('answers')?.get('answer-17'))
    await takeBack()
  })

  test('vectors are made again from the documents', async () => {
    await show('answers', { where: '{"half":"odd"}' })
    const dialog = await bulk('Embed the documents again')
    await changes(() => dialog.getByRole('button', { name: 'Embed 10 documents again' }).click())
    const after = (await everything()).get('answers')
    expect(after?.get('answer-2')).toBe(before.get('answers')?.get('answer-2'))
    expect(after?.get('answer-3')).not.toBe(before.get('answers')?.get('answer-3'))
    await takeBack()
  })

  test('nothing strange was said meanwhile', () => {
    expect(opened().window.problems).toEqual([])
  })
})
