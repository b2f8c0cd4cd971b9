import type { Page } from 'playwright-core'
import { beforeEach, describe, expect, test } from 'vitest'
import { seriousFindings } from '../support/accessibility.ts'
import type { RunningApp } from '../support/app.ts'
import { testEngines } from '../support/engines.ts'
import { withRemoteCollection } from '../support/remote-collection.ts'
import { makeSmallStore } from '../support/small-store.ts'
import { startEditing } from '../support/start-editing.ts'
import { storeContents } from '../support/store-contents.ts'
import { useStorePage, type StorePage } from '../support/store-page.ts'

const store = await makeSmallStore()
const [engine] = await testEngines()

describe.skipIf(store === null)('editing', () => {
  let app: RunningApp
  let page: Page
  let collection: StorePage['collection']
  const editor = () => page.getByRole('form', { name: 'Edit the record' })
  const staged = () => page.getByRole('region', { name: 'Staged edits' })
  const chip = () => page.getByRole('banner').getByRole('button', { name: /^editing/ })
  const open = async (id: string, at = collection) => {
    await page.goto(`${app.origin}/#/s/${at.connectionId}/c/${at.collectionId}/records?record=${id}`)
    await page.reload()
    await expect.poll(() => page.getByRole('button', { name: 'Edit the record' }).or(editor()).first().isEnabled()).toBe(true)
  }
  const startFromDialog = async () => {
    const dialog = page.getByRole('dialog', { name: 'Start editing' })
    await dialog.getByText('Written by').waitFor()
    await dialog.getByRole('button', { name: 'Start editing' }).click()
    await chip().waitFor({ timeout: 60_000 })
  }
  const typeEdit = async () => {
    await editor().getByRole('textbox', { name: 'Document', exact: true }).fill('Another text')
    await editor().getByRole('radio', { name: 'Keep the vector' }).click()
    await editor().getByRole('textbox', { name: 'Value of topic' }).fill('billing')
    await editor().getByRole('button', { name: 'Remove score' }).click()
  }
  const apply = async () => {
    await page.keyboard.press('Control+s')
    const review = page.getByRole('dialog', { name: 'Review the staged edits' })
    await review.getByRole('button', { name: 'Apply 1 edit' }).click()
    await page.getByText('1 record edited.').waitFor()
  }

  /** Opens a record of a store that is being edited, whatever the tests before left. */
  const openForEditing = async (id: string) => {
    const { connectionId } = collection
    if ((await app.call('editing.status', { connectionId })).state !== 'editing') await startEditing(app, connectionId)
    await open(id)
    await chip().waitFor()
  }
  const edit = async (id: string) => {
    await openForEditing(id)
    if ((await editor().count()) === 0) await page.keyboard.press('e')
    await editor().waitFor()
  }

  const opened = useStorePage({
    source: store?.directory ?? '',
    name: 'answers',
    args: engine?.command ? ['--engine', engine.command] : [],
    width: 1440,
    height: 900,
  })
  beforeEach(() => {
    ;({ app, page, collection } = opened())
  })

  test('a store opens read-only, and the first edit asks for editing with what it would mean', async () => {
    await open('answer-3')
    await page.getByRole('button', { name: 'read-only' }).waitFor()
    await page.keyboard.press('e')
    const dialog = page.getByRole('dialog', { name: 'Start editing' })
    await dialog.getByText('No other process has it open').waitFor()
    expect(await seriousFindings(page)).toEqual([])
    await startFromDialog()
    await editor().waitFor()
    expect((await app.call('editing.status', { connectionId: collection.connectionId })).state).toBe('editing')
  })

  test('what is typed is staged, outlives a reload, is written after the review, and undo brings every bit back', async () => {
    await edit('answer-3')
    const before = await storeContents(app, collection)
    await typeEdit()
    await staged().getByText('1 staged edit').waitFor()
    await page.locator('[data-row="3"]').getByRole('rowheader', { name: 'Row 4, edit staged' }).waitFor()
    expect(await seriousFindings(page)).toEqual([])
    await page.reload()
    await editor().getByRole('textbox', { name: 'Value of topic' }).waitFor()
    expect(await storeContents(app, collection)).toEqual(before)
    await apply()
    await expect.poll(() => staged().count()).toBe(0)
    const after = await storeContents(app, collection)
    expect([...after].filter(([id, text]) => before.get(id) !== text).map(([id]) => id)).toEqual(['answer-3'])
    const [edited] = await app.call('records.get', { ...collection, ids: ['answer-3'] })
    expect([edited?.document, edited?.metadata]).toEqual([
      'Another text',
      new Map<string, unknown>([
        ['topic', 'billing'],
        ['hits', 3n],
      ]),
    ])
    await page.getByRole('button', { name: 'Undo', exact: true }).click()
    await page.getByText('Undone: 1 record edited.').waitFor()
    expect(await storeContents(app, collection)).toEqual(before)
  })

  test('what Chroma cannot keep is refused beside the field, and types are converted where nothing is lost', async () => {
    await edit('answer-4')
    const hits = editor().getByRole('textbox', { name: 'Value of hits' })
    await hits.fill('9223372036854775808')
    await editor().getByText('Integers have 64 bits at most; this one is larger.').waitFor()
    await hits.fill('9007199254740993')
    await editor().getByRole('combobox', { name: 'Type of hits' }).click()
    await page.getByRole('option', { name: 'float', exact: true }).click()
    await editor().getByText('A float cannot hold this number exactly: it would become 9007199254740992.').waitFor()
    await hits.fill('3')
    await expect
      .poll(() =>
        editor()
          .getByText(/cannot hold/)
          .count(),
      )
      .toBe(0)
    await editor().getByRole('button', { name: 'Add a key' }).click()
    await editor().getByRole('combobox', { name: 'Key: new key' }).fill('chroma:document')
    await editor().getByText('Keys that begin with “chroma:” are Chroma’s own.').waitFor()
    expect(await editor().getByRole('button', { name: 'Review…' }).isDisabled()).toBe(true)
    await page.keyboard.press('Escape')
    await editor().getByRole('button', { name: 'Discard' }).click()
    await expect.poll(() => staged().count()).toBe(0)
  })

  test('a record is duplicated with its vector, and the copy can be taken back', async () => {
    const before = await storeContents(app, collection)
    await openForEditing('answer-5')
    await page.getByRole('button', { name: 'More', exact: true }).click()
    await page.getByRole('menuitem', { name: 'Duplicate…' }).click()
    const dialog = page.getByRole('dialog', { name: 'Duplicate a record' })
    await dialog.getByRole('button', { name: 'Add record' }).click()
    await page.getByText('One record added.').waitFor()
    const after = await storeContents(app, collection)
    expect(after.get('answer-5-copy')).toBe(before.get('answer-5')?.replace('"answer-5"', '"answer-5-copy"'))
    await page.keyboard.press('Control+z')
    await page.getByText('Undone:').waitFor()
    expect(await storeContents(app, collection)).toEqual(before)
  })

  test('a store that is locked is never changed', async () => {
    await openForEditing('answer-6')
    await chip().click()
    await page.getByRole('menuitem', { name: 'Never change this store' }).click()
    await page.getByRole('banner').getByRole('button', { name: 'locked' }).waitFor()
    await open('answer-6')
    await page.keyboard.press('e')
    const dialog = page.getByRole('dialog', { name: 'Start editing' })
    await dialog.getByText('This store is locked: it is never changed.').waitFor()
    expect(await dialog.getByRole('button', { name: 'Start editing' }).isDisabled()).toBe(true)
    await dialog.getByRole('button', { name: 'Allow changes' }).click()
    await expect.poll(() => dialog.getByRole('button', { name: 'Start editing' }).isDisabled()).toBe(false)
    await dialog.getByRole('button', { name: 'Cancel' }).click()
  })

  test('the same edit on a server', async ({ skip }) => {
    if (!engine || !store) return skip()
    await withRemoteCollection(app, engine, store.directory, async ({ collection: remote }) => {
      const before = await storeContents(app, remote)
      await open('answer-3', remote)
      await page.keyboard.press('e')
      await startFromDialog()
      await typeEdit()
      await apply()
      const after = await storeContents(app, remote)
      expect([...after].filter(([id, text]) => before.get(id) !== text).map(([id]) => id)).toEqual(['answer-3'])
      await page.keyboard.press('g')
      await page.keyboard.press('h')
      await page
        .getByRole('button', { name: /^Undo:/ })
        .first()
        .click()
      await page.getByText('Undone:').waitFor()
      expect(await storeContents(app, remote)).toEqual(before)
    })
  })
})
