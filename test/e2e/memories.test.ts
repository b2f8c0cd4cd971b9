import { cp, readFile, rm } from 'node:fs/promises'
import path from 'node:path'
import type { Page } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { makeChatMemory } from '../../electron/sample/chat-memory.ts'
import { storedOrder } from '../../shared/contract/records.ts'
import { noFilter } from '../../shared/domain/where.ts'
import { seriousFindings } from '../support/accessibility.ts'
import { startApp, type RunningApp } from '../support/app.ts'
import { makeChatStore } from '../support/chat-store.ts'
import { openPage, type OpenPage } from '../support/chromium.ts'
import { fixturePath, haveFixtures, temporaryFolder } from '../support/fixtures.ts'
import { openConnection } from '../support/open-connection.ts'
import { sampleStore } from '../support/sample-store.ts'

const home = await temporaryFolder('home')
const store = await sampleStore(path.join(home, 'sample'))
const longSession = 5000
const { episodes, facts } = makeChatMemory()
type Planted = (typeof episodes)[number]

function text({ metadata }: Planted, key: string): string {
  return String(metadata.get(key))
}

function grouped(records: readonly Planted[], key: string): Map<string, Planted[]> {
  const groups = new Map<string, Planted[]>()
  for (const record of records) groups.set(text(record, key), [...(groups.get(text(record, key)) ?? []), record])
  return groups
}

describe.skipIf(store === null)('the memory view', () => {
  let app: RunningApp
  let window: OpenPage
  let page: Page
  let sample: { connectionId: string; collections: Map<string, string> }

  /** Opens another store of the home folder. */
  async function openStore(name: string): Promise<{ connectionId: string; collections: Map<string, string> }> {
    const places = await app.call('connections.places', {})
    const handle = places.find((place) => place.path === home)?.handle ?? ''
    const { children } = await app.call('connections.browse', { handle })
    const found = children.find((child) => path.basename(child.path) === name)
    const { id } = await app.call('connections.openPlace', { handle: found?.handle ?? '' })
    const catalog = await app.call('collections.catalog', { connectionId: id })
    const all = catalog.tenants.flatMap((tenant) => tenant.databases.flatMap((database) => database.collections))
    return { connectionId: id, collections: new Map(all.map((collection) => [collection.name, collection.id])) }
  }
  async function go(at: typeof sample, name: string, search: Record<string, string> = {}): Promise<void> {
    const address = `/s/${at.connectionId}/c/${at.collections.get(name) ?? ''}/memory?${new URLSearchParams(search).toString()}`
    await page.goto(`${app.origin}/#${address}`)
  }
  const inSearch = (name: string) => new URLSearchParams(page.url().split('?')[1]).get(name)
  const users = () => page.getByRole('listbox', { name: /^Users/ }).getByRole('option')
  const sessions = () => page.getByRole('listbox', { name: /^Sessions/ }).getByRole('option')
  const feed = () => page.getByRole('feed', { name: 'Episodes' })
  const texts = () => feed().getByRole('article')

  beforeAll(async () => {
    await makeChatStore(path.join(home, 'chat'), longSession)
    if (haveFixtures) await cp(fixturePath('chroma', 'mem-a-mem-sys'), path.join(home, 'a-mem'), { recursive: true })
    app = await startApp({ directory: store?.directory, env: { HOME: home, INIT_CWD: home } })
    sample = await openConnection(app)
    window = await openPage(app, { width: 1600, height: 900 })
    page = window.page
  })
  afterAll(async () => {
    await window?.close()
    await app?.stop()
    await rm(home, { recursive: true, force: true })
  })

  test('lists who is remembered, the one seen last first, with every episode of each', async () => {
    await go(sample, 'chat_memory')
    await feed().waitFor()
    const lastSeen = [...grouped(episodes, 'user_name')].map(([name, list]) => ({
      name,
      count: list.length,
      at:
        list
          .map(({ metadata }) => String(metadata.get('occurred_at')))
          .toSorted()
          .at(-1) ?? '',
    }))
    const wanted = lastSeen.toSorted((a, b) => (a.at < b.at ? 1 : -1)).slice(0, 5)
    const shown = await users().allTextContents()
    for (const [place, { name, count }] of wanted.entries()) expect(shown[place]).toMatch(new RegExp(`^${name}${count}`))
    expect(await page.getByRole('link', { name: 'Memory' }).count()).toBe(1)
  })

  test('reads like a conversation, the newest session first and each as it was spoken', async () => {
    const name = 'Yuki Tanaka'
    const own = episodes.filter((record) => text(record, 'user_name') === name)
    const bySession = [...grouped(own, 'session_id').values()]
    const time = (session: readonly Planted[]) =>
      session
        .map((record) => text(record, 'occurred_at'))
        .toSorted()
        .at(-1) ?? ''
    const newest = bySession.toSorted((a, b) => (time(a) < time(b) ? 1 : -1))[0] ?? []
    await page.getByLabel('Find a user').fill('tanaka')
    await expect.poll(() => users().count()).toBe(1)
    await users().first().click()
    await expect.poll(() => inSearch('user')).toBe(newest[0]?.metadata.get('user_id'))
    await page.getByRole('heading', { name }).waitFor()
    for (const [place, { metadata }] of newest.slice(0, 2).entries()) {
      const turns = texts().nth(place).getByRole('listitem')
      await expect
        .poll(() => turns.allTextContents())
        .toEqual([`User${String(metadata.get('input'))}`, `Assistant${String(metadata.get('output'))}`])
    }
    await page.getByLabel('Find a user').fill('')
    expect(await seriousFindings(page)).toEqual([])
  })

  test('shows the facts of the same user beside the episodes, and either opens in the inspector', async () => {
    const user = inSearch('user')
    const own = facts.filter((record) => text(record, 'user_id') === user)
    const list = page.getByRole('list', { name: 'Facts, newest first' })
    await list
      .getByText(own[0]?.document ?? '')
      .first()
      .waitFor()
    const counted = await app.call('memories.timeline', {
      connectionId: sample.connectionId,
      collectionId: sample.collections.get('user_facts') ?? '',
      filter: noFilter,
      user,
      order: 'newest',
      offset: 0,
      limit: 200,
    })
    expect(counted.episodes.map(({ id }) => id).toSorted()).toEqual(own.map(({ id }) => id).toSorted())

    await list.getByRole('button', { name: 'Open' }).first().click()
    const inspector = page.getByRole('article', { name: 'Record' })
    await inspector
      .getByText(counted.episodes[0]?.id ?? '')
      .first()
      .waitFor()
    await texts().nth(0).locator('header').getByRole('button').click()
    const id = inSearch('record') ?? ''
    await inspector.getByText(id).first().waitFor()
    // The inspector goes through the episodes in the order in which they are read.
    await inspector.getByText(/^1 of \d+$/).waitFor()
    await inspector.getByRole('button', { name: 'Close the record' }).click()
  })

  test('narrows the time of ISO texts, and says where nothing is left', async () => {
    const user = inSearch('user')
    const all = episodes
      .filter(({ metadata }) => metadata.get('user_id') === user)
      .map(({ metadata }) => String(metadata.get('occurred_at')))
    const newest = Date.parse(
      episodes
        .map(({ metadata }) => String(metadata.get('occurred_at')))
        .toSorted()
        .at(-1) ?? '',
    )
    const left = all.filter((time) => Date.parse(time) >= newest - 90 * 86_400_000)
    expect(left.length).toBeGreaterThan(0)
    expect(left.length).toBeLessThan(all.length)
    await page.getByRole('button', { name: 'Any time' }).click()
    await page.getByRole('button', { name: '90 days' }).click()
    await page.keyboard.press('Escape')
    await expect.poll(() => texts().first().getAttribute('aria-setsize')).toBe(String(left.length))
    await go(sample, 'chat_memory', {
      user: user ?? '',
      dates: JSON.stringify([{ key: 'occurred_at', from: '2030-01-01T00:00:00.000Z', to: null }]),
    })
    await page.getByText('No episode is like that').waitFor()
    await page.getByRole('button', { name: 'Clear the filter' }).click()
    await expect.poll(() => texts().first().getAttribute('aria-setsize')).toBe(String(all.length))
  })

  test('writes all that is remembered of a user into a file, without changing a value', async () => {
    const user = inSearch('user') ?? ''
    const ref = { connectionId: sample.connectionId, collectionId: sample.collections.get('chat_memory') ?? '' }
    await page.getByRole('button', { name: 'Actions' }).click()
    const [download] = await Promise.all([page.waitForEvent('download'), page.getByRole('menuitem', { name: 'JSONL' }).click()])
    expect(download.suggestedFilename()).toBe(`memory-${user}.jsonl`)
    const lines = (await readFile(await download.path(), 'utf8')).trimEnd().split('\n')
    const saved = lines.map((line) => JSON.parse(line) as { kind: string; id: string; document: string; metadata: { turn?: number } })
    const where = { kind: 'compare', key: 'user_id', operator: '$eq', value: user } as const
    const { records } = await app.call('records.page', {
      view: { ...ref, filter: { ...noFilter, where }, sort: storedOrder },
      offset: 0,
      limit: 1000,
    })
    const inFile = saved.filter(({ kind }) => kind === 'episode')
    expect(inFile.map(({ id, document }) => [id, document]).toSorted()).toEqual(
      records.map(({ id, document }) => [id, document]).toSorted(),
    )
    expect(saved.length).toBeGreaterThan(inFile.length)
  })

  test('selects a session and all of a user, and leads to their records', async () => {
    const heading = page.getByTitle('Select the session').first()
    const count = Number(/\d+/.exec((await heading.textContent()) ?? '')?.[0])
    await heading.click()
    await expect.poll(() => feed().getByRole('checkbox', { checked: true }).count()).toBe(count)
    await page.getByRole('button', { name: 'Actions' }).click()
    await page.getByRole('menuitem', { name: 'Show in Records' }).click()
    await page.waitForURL(/\/records\?/)
    expect(inSearch('where')).toContain('user_id')
  })

  test('goes through 5,000 episodes of one session by scrolling and by keyboard', async ({ skip }) => {
    const chat = await openStore('chat').catch(() => null)
    if (chat === null) return skip()
    await go(chat, 'episodes', { user: 'usr_long' })
    await feed().getByText('question 0', { exact: true }).waitFor()
    expect(await texts().first().getAttribute('aria-setsize')).toBe(String(longSession))
    expect(await texts().count()).toBeLessThan(40)
    await feed().evaluate((element) => element.scrollTo(0, element.scrollHeight))
    await expect
      .poll(() =>
        feed()
          .getByText(`answer ${longSession - 1}`, { exact: true })
          .count(),
      )
      .toBe(1)
    await feed().focus()
    await page.keyboard.press('k')
    await page.keyboard.press('k')
    await page.keyboard.press('Enter')
    await expect.poll(() => inSearch('record')).toMatch(/^long-49\d\d$/)
    expect(await sessions().count()).toBe(1)

    await go(chat, 'episodes', { user: 'usr_long', at: '3210' })
    await feed().getByText('question 3210', { exact: true }).waitFor()
  })

  test('shows users without sessions by day, nobody, long texts and hostile names as what they are', async ({ skip }) => {
    const chat = await openStore('chat').catch(() => null)
    if (chat === null) return skip()
    await go(chat, 'episodes', { user: 'usr_loner' })
    await feed().getByText('no session', { exact: true }).waitFor()
    expect(await page.getByRole('listbox', { name: /^Sessions/ }).count()).toBe(0)
    expect(await feed().getByRole('heading').count()).toBe(2)

    await go(chat, 'episodes', { without: 'user' })
    await feed().getByText('who am I', { exact: true }).waitFor()
    await page.getByRole('heading', { name: 'No user named' }).waitFor()

    await go(chat, 'episodes', { user: 'usr_wordy' })
    await feed().getByRole('button', { name: 'Show more' }).click()
    await feed().getByRole('button', { name: 'Read all 19,999 characters' }).waitFor()
    await feed().getByText('This record has no text.').waitFor()

    await go(chat, 'episodes', { user: 'usr_<b>\u202e' })
    await feed().getByText('<img src=x onerror=alert(1)>').waitFor()
    expect(await feed().locator('img').count()).toBe(0)

    await go(chat, 'episodes', { user: 'usr_gone' })
    await page.getByText('No episode of this user is here').waitFor()
    await go(chat, 'chat_history')
    await page.getByText('Nothing is remembered yet').waitFor()
  })

  test.skipIf(!haveFixtures)('reads the notes of an agent that names no users', async () => {
    const notes = await openStore('a-mem')
    await go(notes, 'memories')
    await feed().waitFor()
    await page.getByRole('heading', { name: 'All episodes' }).waitFor()
    expect(await texts().first().getAttribute('aria-setsize')).toBe('212')
    expect(await seriousFindings(page)).toEqual([])
  })

  test('has no place for a cache, and says so to a link', async () => {
    await go(sample, 'support_cache')
    await page.getByText('This collection does not read as memory').waitFor()
    await page.getByRole('link', { name: 'Records' }).click()
    await page.getByRole('grid').waitFor()
    expect(await page.getByRole('link', { name: 'Memory' }).count()).toBe(0)
    expect(window.problems).toEqual([])
  })
})
