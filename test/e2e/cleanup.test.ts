import { mkdtemp, readFile, rm } from 'node:fs/promises'
import os from 'node:os'
import path from 'node:path'
import type { Page } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import type { CollectionRef } from '../../shared/contract/collections.ts'
import { cleanupPageSize } from '../../shared/contract/cleanup.ts'
import { storedOrder } from '../../shared/contract/records.ts'
import { cleanupRuleSchema } from '../../shared/domain/cleanup/rule.ts'
import { noFilter } from '../../shared/domain/where.ts'
import { expectSame } from '../curation/expect-same.ts'
import { seriousFindings } from '../support/accessibility.ts'
import { startApp, type RunningApp } from '../support/app.ts'
import { openPage, type OpenPage } from '../support/chromium.ts'
import { engineCommand } from '../support/engine-command.ts'
import { copyFixture, haveFixtures } from '../support/fixtures.ts'
import { startEditing } from '../support/start-editing.ts'
import { directoryContents, directoryStates } from '../support/store-contents.ts'
import { sampleStore } from '../support/sample-store.ts'

const shots = process.env['MNEMOSCOPE_SHOTS']
/** Each look reads the whole store, which the change then has to wait for. */
const seldom = { timeout: 60_000, interval: 1500 }
const noEngine = 'no engine runs here to make the sample with'

async function collectionOf(app: RunningApp, connectionId: string, name: string): Promise<CollectionRef> {
  const { tenants } = await app.call('collections.catalog', { connectionId })
  const found = tenants.flatMap(({ databases }) => databases.flatMap(({ collections }) => collections)).find((one) => one.name === name)
  return { connectionId, collectionId: found?.id ?? '' }
}

describe('cleaning up the sample', { timeout: 120_000 }, () => {
  let app: RunningApp | null = null
  let opened: OpenPage | null = null
  let page: Page
  let home: string
  let ref: CollectionRef
  let directory: string

  beforeAll(async () => {
    home = await mkdtemp(path.join(os.tmpdir(), 'mnemoscope-home-'))
    const sample = await sampleStore(path.join(home, 'sample'))
    if (!sample) return
    ;({ directory } = sample)
    const command = await engineCommand()
    app = await startApp({
      directory,
      data: path.join(home, 'data'),
      args: command === null ? [] : ['--engine', command],
      env: { HOME: home, INIT_CWD: home },
    })
    ref = await collectionOf(app, (await app.call('app.info', {})).startConnectionId ?? '', 'support_cache')
    opened = await openPage(app, { route: `/s/${ref.connectionId}/c/${ref.collectionId}/cleanup`, width: 1280, height: 800 })
    page = opened.page
  }, 120_000)
  afterAll(async () => {
    await opened?.close()
    await app?.stop()
    await rm(home, { recursive: true, force: true })
  })

  async function shoot(name: string): Promise<void> {
    if (shots === undefined) return
    for (const scheme of ['light', 'dark'] as const) {
      await page.emulateMedia({ colorScheme: scheme })
      await page.screenshot({ path: path.join(shots, `cleanup-${name}-${scheme}.png`) })
    }
    await page.emulateMedia({ colorScheme: 'light' })
  }
  const findings = () => page.getByRole('navigation', { name: 'Findings' })
  const finding = (name: string) => findings().getByRole('button', { name: new RegExp(`^${name}`) })
  const review = (name: string) => page.getByRole('region', { name, exact: true })
  const groups = () => page.getByRole('list', { name: 'Groups' }).locator(':scope > li')
  const edited = async (running: RunningApp): Promise<void> => {
    const { state } = await running.call('editing.status', { connectionId: ref.connectionId })
    if (state !== 'editing') await startEditing(running, ref.connectionId)
  }
  /** Ids that the review of near-duplicates says would go, in order, by the threshold that is set in the page. */
  const removedInReview = async (running: RunningApp): Promise<string[]> => {
    const similarity = new URLSearchParams(page.url().split('?')[1]).get('similarity')
    const rule = cleanupRuleSchema.parse({ rule: 'near-duplicates', threshold: similarity === null ? null : Number(similarity) })
    const ids: string[] = []
    for (let offset = 0, count = 1; offset < count; offset += cleanupPageSize) {
      const found = await running.call('cleanup.groups', { ...ref, rule, offset, limit: cleanupPageSize })
      count = found.total
      for (const { members } of found.groups) ids.push(...members.filter(({ removed }) => removed).map(({ id }) => id))
    }
    return ids.toSorted()
  }
  const total = async (): Promise<number> => {
    return (await app?.call('records.page', { view: { ...ref, filter: noFilter, sort: storedOrder }, offset: 0, limit: 1 }))?.total ?? 0
  }

  test('lists what was found with counts, and says what each finding is', async ({ skip }) => {
    if (!opened) return skip(noEngine)
    await finding('Exact duplicates').waitFor()
    expect(await findings().getByRole('button').allTextContents()).toEqual(
      expect.arrayContaining([expect.stringMatching(/^Conflicting answers\d+$/)]),
    )
    await review('Exact duplicates').getByText('One record of each group stays').waitFor()
    await page.getByRole('list', { name: 'Groups' }).getByRole('listitem').first().waitFor()
    expect(await seriousFindings(page)).toEqual([])
    await shoot('exact')
  })

  test('the threshold of near-duplicates tells live what it would remove', async ({ skip }) => {
    if (!opened) return skip(noEngine)
    await finding('Near-duplicates').click()
    const line = page.getByRole('slider', { name: 'Similarity from which records are near-duplicates' })
    const status = review('Near-duplicates').getByRole('status').filter({ hasText: 'would be removed from' })
    await status.waitFor()
    const before = Number(/^([\d,]+)/.exec((await status.textContent()) ?? '')?.[1]?.replaceAll(',', ''))
    await line.focus()
    for (let press = 0; press < 6; press += 1) await page.keyboard.press('ArrowLeft')
    await expect
      .poll(async () => Number(/^([\d,]+)/.exec((await status.textContent()) ?? '')?.[1]?.replaceAll(',', '')))
      .toBeGreaterThan(before)
    await expect.poll(() => page.url()).toMatch(/similarity=/)
    expect(await seriousFindings(page)).toEqual([])
    await shoot('near')
  })

  test('groups are reviewed by keyboard, and what is said stays', async ({ skip }) => {
    if (!opened) return skip(noEngine)
    await finding('Conflicting answers').click()
    await review('Conflicting answers')
      .getByText(/0 records of \d+ groups would be removed/)
      .waitFor()
    await page.keyboard.press('j')
    await page.keyboard.press('ArrowDown')
    await page.keyboard.press('x')
    await review('Conflicting answers')
      .getByText(/1 record of \d+ groups would be removed/)
      .waitFor()
    await shoot('conflicts')
    await page.reload()
    await review('Conflicting answers')
      .getByText(/1 record of \d+ groups would be removed/)
      .waitFor()
    await page.keyboard.press('j')
    await page.keyboard.press('ArrowDown')
    await page.keyboard.press('x')
    await review('Conflicting answers')
      .getByText(/0 records of \d+ groups would be removed/)
      .waitFor()
  })

  test('a preview is applied once editing has begun, has a report, and can be undone', async ({ skip }) => {
    if (!opened) return skip(noEngine)
    const before = await total()
    await finding('Expired').click()
    await review('Expired').getByRole('button', { name: 'Preview…' }).click()
    const dialog = page.getByRole('dialog', { name: 'Preview of the cleanup' })
    const button = dialog.getByRole('button', { name: /^Remove \d+ records$/ })
    await button.waitFor()
    expect(await seriousFindings(page)).toEqual([])
    await shoot('preview')
    const count = Number(/\d+/.exec((await button.textContent()) ?? '')?.[0])
    await button.click()
    await page.getByRole('button', { name: 'Start editing' }).last().click()
    await page.getByRole('dialog', { name: 'Report' }).getByText(`support_cache: ${count} records removed`).waitFor({ timeout: 60_000 })
    await shoot('report')
    expect(await total()).toBe(before - count)
    await page.getByRole('button', { name: 'Done' }).click()
    await page.keyboard.press('Control+z')
    await expect.poll(total).toBe(before)
  })

  test('of near-duplicates one is chosen to stay, another beside it, or told to be none; what is left goes and comes back', async ({
    skip,
  }) => {
    if (!opened || !app) return skip(noEngine)
    const running = app
    await edited(running)
    await finding('Near-duplicates').click()
    const status = review('Near-duplicates').getByText(/^[\d,]+ records? of [\d,]+ groups would be removed$/)
    const counted = async (): Promise<number> => Number(/^[\d,]+/.exec((await status.textContent()) ?? '')?.[0].replaceAll(',', ''))
    await status.waitFor()
    const all = await counted()
    await page.keyboard.press('y')
    await groups().first().getByText('kept').waitFor()
    await page.keyboard.press('ArrowDown')
    for (const [key, left] of [
      ['y', all - 1],
      ['y', all],
      ['n', all - 1],
    ] as const) {
      await page.keyboard.press(key)
      await expect.poll(counted).toBe(left)
    }
    // What is previewed is what the review said.
    await review('Near-duplicates').getByRole('button', { name: 'Preview…' }).click()
    const dialog = page.getByRole('dialog', { name: 'Preview of the cleanup' })
    const button = dialog.getByRole('button', { name: `Remove ${(all - 1).toLocaleString('en')} records` })
    await button.waitFor()
    const marked = await removedInReview(running)
    expect(marked.length).toBe(all - 1)
    const states = () => directoryStates(directory, ref.collectionId)
    const before = await states()
    await button.click()
    await page
      .getByRole('dialog', { name: 'Report' })
      .getByText(`${all - 1} records removed`)
      .waitFor({ timeout: 60_000 })
    const left = new Map([...before].filter(([id]) => !marked.includes(id)))
    expectSame(await states(), left)
    expect(left.size).toBe(before.size - marked.length)
    await page.getByRole('button', { name: 'Done' }).click()
    await page.keyboard.press('Control+z')
    await expect.poll(total, seldom).toBe(before.size)
    expectSame(await states(), before)
  })

  test('conflicting answers are never removed unless somebody marked them', async ({ skip }) => {
    if (!opened) return skip(noEngine)
    await finding('Conflicting answers').click()
    await review('Conflicting answers').getByRole('button', { name: 'Preview…' }).click()
    const dialog = page.getByRole('dialog', { name: 'Preview of the cleanup' })
    await dialog.getByText('Nothing would be removed or changed.').waitFor()
    expect(await dialog.getByRole('button', { name: 'Remove' }).isDisabled()).toBe(true)
    await page.keyboard.press('Escape')
  })

  test('a finding becomes a policy, which is edited, kept as a file, read again and previewed with one click', async ({ skip }) => {
    if (!opened) return skip(noEngine)
    const policies = () => findings().getByRole('list', { name: 'Policies' })
    const more = async (entry: string) => {
      await policies().getByRole('button', { name: 'More about Nightly' }).click()
      await page.getByRole('menuitem', { name: entry }).click()
    }
    await finding('Expired').click()
    await review('Expired').getByRole('button', { name: 'Save as a policy…' }).click()
    const saving = page.getByRole('dialog', { name: 'Save as a policy' })
    await saving.getByRole('textbox', { name: 'Name of the policy' }).fill('Nightly')
    await saving.getByRole('button', { name: 'Save policy' }).click()
    await policies().getByText('1 rule').waitFor()
    await more('Edit…')
    const editing = page.getByRole('dialog', { name: 'Edit the policy' })
    await editing.getByRole('button', { name: 'Add a rule' }).click()
    await page.getByRole('menuitem', { name: 'Old records' }).click()
    const days = editing.getByRole('textbox', { name: 'Days' })
    await days.fill('400')
    await days.press('Enter')
    await editing.getByText('Records older than 400 days').waitFor()
    expect(await seriousFindings(page)).toEqual([])
    await shoot('policy')
    await editing.getByRole('button', { name: 'Save policy' }).click()
    await policies().getByText('2 rules').waitFor()
    const [download] = await Promise.all([page.waitForEvent('download'), more('Save as a file…')])
    expect(download.suggestedFilename()).toBe('Nightly.policy.json')
    const file = await readFile(await download.path(), 'utf8')
    const rules = [
      { rule: 'expired', at: null },
      { rule: 'older-than', days: 400, at: null },
    ]
    expect(JSON.parse(file)).toEqual({ name: 'Nightly', collection: 'support_cache', rules })
    await more('Remove policy')
    await policies().waitFor({ state: 'detached' })
    const choose = async (text: string) => {
      const [chooser] = await Promise.all([
        page.waitForEvent('filechooser'),
        findings().getByRole('button', { name: 'Add a policy from a file…' }).click(),
      ])
      await chooser.setFiles({ name: 'Nightly.policy.json', mimeType: 'application/json', buffer: Buffer.from(text) })
    }
    await choose('{"rules": [{"rule": "everything"}]}')
    const notice = page.getByRole('region', { name: 'Notifications' })
    await notice.getByText(/^The file is no policy: rules\.0\.rule/).waitFor()
    await notice.getByLabel('Dismiss').first().click()
    await choose(file)
    await policies()
      .getByRole('button', { name: /^Nightly/ })
      .click()
    const preview = page.getByRole('dialog', { name: 'Preview of the cleanup' })
    await preview.getByRole('list', { name: 'Rules' }).getByText('Records older than 400 days').waitFor()
    expect(await preview.getByRole('list', { name: 'Rules' }).getByRole('listitem').count()).toBe(2)
    await page.keyboard.press('Escape')
  })

  test('all episodes of a user are archived, and what is known of the user is forgotten everywhere; both are undone', async ({ skip }) => {
    if (!opened || !app) return skip(noEngine)
    const running = app
    await edited(running)
    const memory = await collectionOf(running, ref.connectionId, 'chat_memory')
    const facts = await collectionOf(running, ref.connectionId, 'user_facts')
    const [user] = await running.call('cleanup.forgettable', { connectionId: ref.connectionId, kind: 'user' })
    const id = user?.value ?? ''
    const isOf = (text: string): boolean => text.includes(JSON.stringify(id))
    const contentsOf = ({ collectionId }: CollectionRef) => directoryContents(directory, collectionId)
    const everything = async () => [await contentsOf(memory), await contentsOf(facts)] as const
    const before = await everything()
    const own = before.map((contents) => [...contents.values()].filter(isOf).length)
    await page.goto(`${running.origin}/#/s/${memory.connectionId}/c/${memory.collectionId}/memory?user=${encodeURIComponent(id)}`)
    await page.getByRole('feed', { name: 'Episodes' }).getByRole('article').first().waitFor()

    await page.getByRole('button', { name: 'Actions' }).click()
    await page.getByRole('menuitem', { name: 'Archive all…' }).click()
    await page
      .getByRole('dialog')
      .getByRole('button', { name: `Change ${own[0]} records` })
      .click()
    await page.getByRole('feed', { name: 'Episodes' }).getByText('archived').first().waitFor({ timeout: 60_000 })
    const [archived] = await everything()
    for (const [name, text] of archived) expect(text === before[0].get(name), name).toBe(!isOf(text))
    await page.locator('[role="dialog"]:not([aria-modal="false"])').waitFor({ state: 'detached' })
    await page.keyboard.press('Control+z')
    await expect.poll(everything, seldom).toEqual(before)

    await page.getByRole('button', { name: 'Actions' }).click()
    await page.getByRole('menuitem', { name: 'Forget the user…' }).click()
    const dialog = page.getByRole('dialog', { name: 'Forget' })
    await dialog.getByRole('button', { name: `Forget ${user?.records} records` }).click()
    await page.getByRole('dialog', { name: 'Report' }).getByText('records removed').first().waitFor({ timeout: 60_000 })
    const forgotten = await everything()
    for (const [at, contents] of forgotten.entries()) {
      expect([...contents.values()].some(isOf)).toBe(false)
      expect(contents.size).toBe((before[at]?.size ?? 0) - (own[at] ?? 0))
    }
    await page.getByRole('button', { name: 'Done' }).click()
    await page.keyboard.press('Control+z')
    await expect.poll(everything, seldom).toEqual(before)
    await page.goto(`${running.origin}/#/s/${ref.connectionId}/c/${ref.collectionId}/cleanup`)
  })

  test('forgetting a user shows what goes from each collection', async ({ skip }) => {
    if (!opened) return skip(noEngine)
    await findings().getByRole('button', { name: 'Forget…' }).click()
    const dialog = page.getByRole('dialog', { name: 'Forget' })
    const [user] = (await app?.call('cleanup.forgettable', { connectionId: ref.connectionId, kind: 'user' })) ?? []
    const named = dialog.getByRole('combobox', { name: 'Which user' })
    await named.fill(user?.value ?? '')
    await named.press('Tab')
    await dialog.getByRole('button', { name: `Forget ${user?.records} records` }).waitFor()
    await shoot('forget')
    await page.keyboard.press('Escape')
    await findings().getByRole('button', { name: 'Files of the store' }).click()
    await page.getByRole('region', { name: 'Store', exact: true }).getByText('Every index folder belongs to a collection.').waitFor()
    expect(await seriousFindings(page)).toEqual([])
    await shoot('store')
    expect(opened.problems).toEqual([])
  })
})

describe.skipIf(!haveFixtures)('stores of others', () => {
  test.each([
    ['mem-a-mem-sys', 'memories'],
    ['rag-sherpa-1536', 'sherpa_db'],
  ])('duplicates of %s are found', async (name, collection) => {
    const directory = await copyFixture(name)
    const app = await startApp({ directory })
    try {
      const ref = await collectionOf(app, (await app.call('app.info', {})).startConnectionId ?? '', collection)
      const { records, findings } = await app.call('cleanup.findings', ref)
      const told = findings.filter((finding) => finding.records > 0).map((finding) => `${finding.rule.rule} ${finding.records}`)
      console.log(`${name}: of ${records} records ${told.join(', ')}`)
      expect(findings.find(({ rule }) => rule.rule === 'exact-duplicates')?.records).toBeGreaterThan(0)
    } finally {
      await app.stop()
      await rm(path.dirname(directory), { recursive: true, force: true })
    }
  })
})
