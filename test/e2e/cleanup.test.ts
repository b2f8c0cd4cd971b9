import { mkdtemp, rm } from 'node:fs/promises'
import os from 'node:os'
import path from 'node:path'
import type { Page } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import type { CollectionRef } from '../../shared/contract/collections.ts'
import { storedOrder } from '../../shared/contract/records.ts'
import { noFilter } from '../../shared/domain/where.ts'
import { seriousFindings } from '../support/accessibility.ts'
import { startApp, type RunningApp } from '../support/app.ts'
import { openPage, type OpenPage } from '../support/chromium.ts'
import { engineCommand } from '../support/engine-command.ts'
import { copyFixture, haveFixtures } from '../support/fixtures.ts'
import { sampleStore } from '../support/sample-store.ts'

const shots = process.env['MNEMOSCOPE_SHOTS']
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

  beforeAll(async () => {
    home = await mkdtemp(path.join(os.tmpdir(), 'mnemoscope-home-'))
    const sample = await sampleStore(path.join(home, 'sample'))
    if (!sample) return
    const command = await engineCommand()
    app = await startApp({
      directory: sample.directory,
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
