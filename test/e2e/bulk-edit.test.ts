import type { Page } from 'playwright-core'
import { beforeEach, describe, expect, test } from 'vitest'
import { expectSame } from '../curation/expect-same.ts'
import { noFilter } from '../../shared/domain/where.ts'
import { seriousFindings } from '../support/accessibility.ts'
import type { RunningApp } from '../support/app.ts'
import { endedJob } from '../support/ended-job.ts'
import { testEngines } from '../support/engines.ts'
import { openConnection } from '../support/open-connection.ts'
import { withRemoteCollection } from '../support/remote-collection.ts'
import { makeSmallStore } from '../support/small-store.ts'
import { startEditing } from '../support/start-editing.ts'
import { storeContents, storeStates } from '../support/store-contents.ts'
import { useStorePage, type StorePage } from '../support/store-page.ts'

const store = await makeSmallStore()
const [engine] = await testEngines()

describe.skipIf(store === null)('changes of many records', () => {
  let app: RunningApp
  let page: Page
  let collection: StorePage['collection']
  let original: Map<string, string>
  const changes = () => page.getByRole('list', { name: 'Changes' }).locator(':scope > li')
  const go = async (search: Record<string, string> = {}, at = collection) => {
    const text = new URLSearchParams(search).toString()
    await page.goto(`${app.origin}/#/s/${at.connectionId}/c/${at.collectionId}/records?${text}`)
    await page.reload()
    await page.locator('[data-row="0"]').waitFor()
  }
  const choose = async (entry: string) => {
    await page.getByRole('button', { name: 'Change records' }).click()
    await page.getByRole('menuitem', { name: entry }).click()
  }
  const differing = async () => {
    const now = await storeContents(app, collection)
    const ids = new Set([...original.keys(), ...now.keys()])
    return [...ids].filter((id) => original.get(id) !== now.get(id)).toSorted()
  }
  const topicOf = (topic: number) => Array.from({ length: 10 }, (_, at) => `answer-${at * 3 + topic}`).toSorted()

  const opened = useStorePage({
    source: store?.directory ?? '',
    name: 'answers',
    args: engine?.command ? ['--engine', engine.command] : [],
    width: 1440,
    height: 900,
    prepare: async (made) => {
      original = await storeContents(made.app, made.collection)
      await startEditing(made.app, made.collection.connectionId)
    },
  })
  beforeEach(() => {
    ;({ app, page, collection } = opened())
  })

  test('a key is set on all records that match, after a preview, and undone from the toast', async () => {
    await go({ where: '{"topic":"refund"}' })
    await choose('Change all…')
    const dialog = page.getByRole('dialog', { name: 'Change all 10 records that match' })
    await dialog.getByRole('combobox', { name: 'Key', exact: true }).fill('checked')
    await page.keyboard.press('Tab')
    await dialog.getByRole('textbox', { name: 'Value', exact: true }).fill('november')
    await dialog.getByText(/^10 records would be changed/).waitFor()
    await dialog.getByRole('list', { name: 'Sample' }).getByText('november').first().waitFor()
    expect(await seriousFindings(page)).toEqual([])
    await dialog.getByRole('button', { name: 'Change 10 records' }).click()
    await page.getByText('10 records changed.').waitFor()
    expect(await differing()).toEqual(topicOf(0))
    await page.getByRole('button', { name: 'Undo', exact: true }).click()
    await page.getByText('Undone: 10 records changed.').waitFor()
    expect(await differing()).toEqual([])
  })

  test('what a filter leaves is deleted with a count and a sample, and comes back from History', async () => {
    await go({ where: '{"topic":"delivery"}' })
    await choose('Delete all…')
    const dialog = page.getByRole('dialog', { name: 'Delete all 10 records that match' })
    await dialog.getByText('Records where topic = “delivery”').waitFor()
    await dialog.getByRole('button', { name: 'Delete 10 records' }).click()
    await page.getByText('10 records deleted.').waitFor()
    expect(await differing()).toEqual(topicOf(2))
    await page.keyboard.press('g')
    await page.keyboard.press('h')
    await changes().first().getByRole('button', { expanded: false }).click()
    const records = page.getByRole('list', { name: 'Records of this change' })
    await expect.poll(() => records.getByText('deleted').count()).toBe(10)
    await changes()
      .first()
      .getByText(/topic = “delivery”/)
      .waitFor()
    expect(await seriousFindings(page)).toEqual([])
    await changes()
      .first()
      .getByRole('button', { name: /^Undo:/ })
      .click()
    await page.getByText('Undone:').waitFor()
    await expect.poll(() => changes().nth(1).getByText('undone').count()).toBe(1)
    expect(await differing()).toEqual([])
  })

  test('selected records are deleted with the Delete key, brought back with Control+Z and deleted again', async () => {
    // Records that come back stand at the end of the stored order.
    await go({ sort: 'key:hits' })
    await page.locator('[data-row="2"]').click()
    await page.locator('[data-row="4"]').click({ modifiers: ['Shift'] })
    await page.keyboard.press('Delete')
    await page.getByRole('dialog', { name: 'Delete 3 selected records' }).getByRole('button', { name: 'Delete 3 records' }).click()
    await page.getByText('3 records deleted.').waitFor()
    const deleted = ['answer-2', 'answer-3', 'answer-4']
    expect(await differing()).toEqual(deleted)
    await page.keyboard.press('Control+z')
    await page.getByText('Undone:').waitFor()
    expect(await differing()).toEqual([])
    await page.keyboard.press('Control+Shift+z')
    await page.getByText('Done again:').waitFor()
    expect(await differing()).toEqual(deleted)
    await page.getByRole('button', { name: 'Undo', exact: true }).click()
    await expect.poll(differing).toEqual([])
  })

  test('a change whose records were changed since is undone record by record, as the person decides', async () => {
    await go({ where: '{"topic":"password"}', sort: 'key:hits' })
    await choose('Change all…')
    const set = async (value: string, count: number) => {
      const dialog = page.getByRole('dialog', { name: /^Change/ })
      await dialog.getByRole('combobox', { name: 'Key', exact: true }).fill('state')
      await page.keyboard.press('Tab')
      await dialog.getByRole('textbox', { name: 'Value', exact: true }).fill(value)
      await dialog.getByRole('list', { name: 'Sample' }).getByText(value).first().waitFor()
      await dialog.getByRole('button', { name: new RegExp(`^Change ${count} `) }).click()
      await page.getByText(new RegExp(`^${count} records? changed`)).waitFor()
    }
    await set('first', 10)
    await page.locator('[data-row="0"]').click()
    await choose('Change selected…')
    await set('second', 1)
    await page.keyboard.press('g')
    await page.keyboard.press('h')
    await changes()
      .nth(1)
      .getByRole('button', { name: /^Undo:/ })
      .click()
    const dialog = page.getByRole('dialog', { name: '1 record was changed since' })
    await dialog.getByRole('list', { name: 'Records changed since' }).getByText('second').first().waitFor()
    expect(await seriousFindings(page)).toEqual([])
    await dialog.getByRole('button', { name: 'Undo the others' }).click()
    await page.getByText('Undone:').waitFor()
    expect(await differing()).toEqual(['answer-1'])
    const [kept] = await app.call('records.get', { ...collection, ids: ['answer-1'] })
    expect(kept?.metadata?.get('state')).toBe('second')
  })

  test('what is kept can be forgotten after a question, and its limit is changed', async () => {
    const [seen] = await app.call('records.get', { ...collection, ids: ['answer-9'] })
    if (!seen) throw new Error('The record is not there.')
    const edit = { id: 'answer-9', seen, document: 'Another text', vector: { kind: 'keep' as const } }
    await endedJob(app, (await app.call('curation.edit', { ...collection, edits: [edit] })).jobId)
    await go()
    await page.keyboard.press('g')
    await page.keyboard.press('h')
    await changes().first().waitFor()
    const total = await changes().count()
    await changes().last().hover()
    await changes().last().getByRole('checkbox').click()
    await page.getByRole('button', { name: 'Forget…' }).click()
    await page.getByRole('dialog', { name: 'Forget 1 change' }).getByRole('button', { name: 'Forget 1 change' }).click()
    await expect
      .poll(async () => {
        const undoable = await changes()
          .last()
          .getByRole('button', { name: /^(Undo|Redo):/ })
          .count()
        return (await changes().count()) < total || undoable === 0
      })
      .toBe(true)
    const limit = page.getByRole('textbox', { name: 'Most that History may keep, in megabytes' })
    await limit.fill('512')
    await limit.press('Enter')
    await expect
      .poll(async () => {
        const page1 = { connectionId: collection.connectionId, collectionId: null, offset: 0, limit: 1 }
        return (await app.call('changes.list', page1)).limit
      })
      .toBe(512 * 1_048_576)
  })

  test('on a server, a key of all that match is set and what a filter leaves is deleted; both are undone, record by record', async ({
    skip,
  }) => {
    if (!engine || !store) return skip()
    await withRemoteCollection(app, engine, store.directory, async ({ collection: remote, seen }) => {
      await startEditing(app, remote.connectionId)
      const [before, states] = [await storeContents(app, remote), await storeStates(app, remote)]
      const changed = async () => {
        const now = await storeContents(app, remote)
        return [...before.keys()].filter((id) => now.get(id) !== before.get(id)).toSorted()
      }
      await go({ where: '{"topic":"refund"}' }, remote)
      await choose('Change all…')
      const change = page.getByRole('dialog', { name: 'Change all 10 records that match' })
      await change.getByRole('combobox', { name: 'Key', exact: true }).fill('checked')
      await page.keyboard.press('Tab')
      await change.getByRole('textbox', { name: 'Value', exact: true }).fill('november')
      await change.getByRole('list', { name: 'Sample' }).getByText('november').first().waitFor()
      await change.getByRole('button', { name: 'Change 10 records' }).click()
      await page.getByText('10 records changed.').waitFor()
      expect(await changed()).toEqual(topicOf(0))
      const [edited] = await app.call('records.get', { ...remote, ids: ['answer-0'] })
      expect(edited?.metadata).toEqual(
        new Map<string, unknown>([
          ['checked', 'november'],
          ['hits', 0n],
          ['score', 0],
          ['topic', 'refund'],
        ]),
      )
      await page.getByRole('button', { name: 'Undo', exact: true }).click()
      await page.getByText('Undone: 10 records changed.').waitFor()
      expect(await storeContents(app, remote)).toEqual(before)

      await go({ where: '{"topic":"delivery"}' }, remote)
      await choose('Delete all…')
      const dialog = page.getByRole('dialog', { name: 'Delete all 10 records that match' })
      await dialog.getByRole('button', { name: 'Delete 10 records' }).click()
      await page.getByText('10 records deleted.').waitFor()
      expect(await changed()).toEqual(topicOf(2))
      expect((await storeContents(app, remote)).size).toBe(before.size - 10)
      await page.keyboard.press('g')
      await page.keyboard.press('h')
      await changes()
        .first()
        .getByRole('button', { name: /^Undo:/ })
        .click()
      await page.getByText('Undone:').waitFor()
      expectSame(await storeStates(app, remote), states)
      expect(seen.some((line) => line.startsWith('POST') && line.endsWith('/delete'))).toBe(true)
    })
  })

  test('a collection is made, renamed, deleted and brought back', async () => {
    const names = async () => {
      const { tenants } = await app.call('collections.catalog', { connectionId: collection.connectionId })
      return tenants.flatMap(({ databases }) => databases.flatMap(({ collections }) => collections.map(({ name }) => name))).toSorted()
    }
    await page.goto(`${app.origin}/#/s/${collection.connectionId}`)
    await page.getByRole('button', { name: 'Create a collection…' }).click()
    const create = page.getByRole('dialog', { name: 'Create a collection' })
    await create.getByRole('textbox', { name: 'Name', exact: true }).fill('my new')
    await create.getByText('A name has only letters without accents').waitFor()
    await create.getByRole('textbox', { name: 'Name', exact: true }).fill('drafts')
    expect(await seriousFindings(page)).toEqual([])
    await create.getByRole('button', { name: 'Create collection' }).click()
    await expect.poll(names).toEqual(['answers', 'drafts'])
    await page.getByRole('treeitem', { name: /^drafts/ }).click({ button: 'right' })
    await page.getByRole('menuitem', { name: 'Rename, edit metadata…' }).click()
    await page.getByRole('dialog', { name: 'Edit “drafts”' }).getByRole('textbox', { name: 'Name', exact: true }).fill('final')
    await page.getByRole('button', { name: 'Rename collection' }).click()
    await expect.poll(names).toEqual(['answers', 'final'])
    await page.getByRole('treeitem', { name: /^answers/ }).click({ button: 'right' })
    await page.getByRole('menuitem', { name: 'Delete…' }).click()
    const before = await storeContents(app, collection)
    await page.getByRole('button', { name: `Delete collection with ${before.size} records` }).click()
    await expect.poll(names).toEqual(['final'])
    await page.keyboard.press('Control+z')
    await expect.poll(names).toEqual(['answers', 'final'])
    const { collections } = await openConnection(app)
    const back = { ...collection, collectionId: collections.get('answers') ?? '' }
    await expect.poll(() => storeContents(app, back)).toEqual(before)
  })

  test('a missing key, a value of another type and a vector of another norm are mended from what was found, and undone', async () => {
    const { connectionId } = collection
    const done = async (job: Promise<{ jobId: string }>) => endedJob(app, (await job).jobId)
    const from = { connectionId, collectionId: (await openConnection(app)).collections.get('answers') ?? '' }
    await done(app.call('curation.duplicateCollection', { ...from, name: 'mending', embed: false }))
    const ref = { connectionId, collectionId: (await openConnection(app)).collections.get('mending') ?? '' }
    const bulk = { ...ref, scope: { kind: 'filter' as const, filter: noFilter }, operation: { kind: 'normalise' as const } }
    const { changed, unchanged, state } = await app.call('curation.preview', bulk)
    expect([changed, unchanged]).toEqual([29, 1])
    await done(app.call('curation.apply', { ...bulk, state, rule: null }))
    const [third, fifth, ninth] = await app.call('records.get', { ...ref, ids: ['answer-3', 'answer-5', 'answer-9'] })
    if (!third || !fifth || !ninth) throw new Error('The records are not there.')
    const without = new Map([...(third.metadata ?? [])].filter(([key]) => key !== 'topic'))
    await done(
      app.call('curation.edit', {
        ...ref,
        edits: [
          { id: third.id, seen: third, metadata: without, vector: { kind: 'keep' } },
          { id: fifth.id, seen: fifth, metadata: new Map([...(fifth.metadata ?? []), ['hits', '5']]), vector: { kind: 'keep' } },
          { id: ninth.id, seen: ninth, vector: { kind: 'given', vector: Float32Array.of(2, 0, 0) } },
        ],
      }),
    )
    const before = await storeStates(app, ref)
    const mend = async (finding: string, button: string, apply: string, told: string, fill?: string) => {
      await page.goto(`${app.origin}/#/s/${connectionId}/c/${ref.collectionId}/cleanup?finding=${finding}`)
      await page.reload()
      await page.getByRole('button', { name: button, exact: true }).click()
      const dialog = page.getByRole('dialog', { name: 'Change 1 record' })
      if (fill !== undefined) await dialog.getByRole('textbox', { name: 'Value', exact: true }).fill(fill)
      await dialog.getByRole('button', { name: apply }).click()
      await page.getByText(told).first().waitFor()
      const after = await storeStates(app, ref)
      await page.getByText('Nothing was found').waitFor()
      await page.getByRole('button', { name: 'Undo', exact: true }).click()
      await page.getByRole('button', { name: button, exact: true }).waitFor()
      expectSame(await storeStates(app, ref), before)
      return after
    }
    const set = await mend('missing-keys', 'Set a value…', 'Change 1 record', '1 record changed.', 'refund')
    expectSame(set, new Map([...before, [third.id, { ...third, vector: before.get(third.id)?.vector ?? null }]]))
    const converted = await mend('mistyped-keys', 'Convert to integer…', 'Change 1 record', '1 record changed.')
    expectSame(converted, new Map([...before, [fifth.id, { ...fifth, vector: before.get(fifth.id)?.vector ?? null }]]))
    const rescaled = await mend('wrong-norm', 'Normalise…', 'Normalise 1 vector', '1 vector normalised.')
    expectSame(rescaled, new Map([...before, [ninth.id, { ...ninth, vector: Float32Array.of(1, 0, 0) }]]))
  })
})
