import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { storedOrder } from '../../shared/contract/records.ts'
import type { StoredRecord } from '../../shared/domain/record.ts'
import { noFilter } from '../../shared/domain/where.ts'
import { openSampleCore, ruleOf, type SampleCore } from './sample-core.ts'

describe('applying what was found', { timeout: 120_000 }, () => {
  let core: SampleCore | null
  beforeAll(async () => {
    core = await openSampleCore()
    if (core)
      await core.done((await core.call('editing.start', { connectionId: core.connectionId, snapshot: false, migrate: false })).jobId)
  }, 120_000)
  afterAll(() => core?.stop())

  async function everything(open: SampleCore, name: string): Promise<Map<string, StoredRecord>> {
    const view = { ...open.ref(name), filter: noFilter, sort: storedOrder }
    const found = new Map<string, StoredRecord>()
    for (let total = 1, read = 0; read < total;) {
      const page = await open.call('records.page', { view, offset: read, limit: 1000 })
      total = page.total
      read += page.records.length
      for (const record of page.records) found.set(record.id, record)
    }
    return found
  }

  test('expired and duplicate entries go together, the entries that stay take over hits, and History brings all back', async ({ skip }) => {
    if (!core) return skip()
    const ref = core.ref('support_cache')
    const before = await everything(core, 'support_cache')
    const groups = await core.groups('support_cache', ruleOf({ rule: 'exact-duplicates' }))
    const rules = [
      ruleOf({ rule: 'exact-duplicates', keep: 'newest', merge: true }),
      ruleOf({ rule: 'expired', at: core.sample.truth.referenceTime }),
    ]
    const preview = await core.call('cleanup.preview', { ...ref, rules })
    expect(preview.rules.map(({ records }) => records).reduce((a, b) => a + b)).toBe(preview.removed)
    expect(preview.scopes.reduce((sum, { records }) => sum + records, 0)).toBe(preview.removed)

    const { jobId } = await core.call('cleanup.apply', { ...ref, rules, state: preview.state })
    const { report, text } = await core.call('cleanup.report', { changeId: (await core.done(jobId)) ?? '' })
    const after = await everything(core, 'support_cache')
    const removed = new Set(report.collections[0]?.removed)
    expect(removed.size).toBe(preview.removed)
    expect([...before.keys()].filter((id) => !after.has(id)).toSorted()).toEqual([...removed].toSorted())
    expect(text).toContain(`support_cache: ${removed.size} records removed`)
    for (const id of core.sample.truth.supportCache.expired) expect(after.has(id)).toBe(false)
    // No group lost all of its records to the two rules together.
    const { expired } = core.sample.truth.supportCache
    for (const group of groups) expect(group.some((id) => after.has(id)) || group.every((id) => expired.includes(id))).toBe(true)
    const changed = report.collections[0]?.changed ?? []
    expect(changed.length).toBe(preview.changed)
    const hits = (record: StoredRecord | undefined): bigint => (record?.metadata?.get('hit_count') ?? 0n) as bigint
    for (const id of changed) expect(hits(after.get(id))).toBeGreaterThanOrEqual(hits(before.get(id)))

    await core.done((await core.call('changes.undo', { changeId: report.changeId, overwrite: [] })).jobId)
    expect(await everything(core, 'support_cache')).toEqual(before)
  })

  test('a preview that is out of date is not applied', async ({ skip }) => {
    if (!core) return skip()
    const ref = core.ref('support_cache')
    const rules = [ruleOf({ rule: 'short', characters: 25 })]
    const { jobId } = await core.call('cleanup.apply', { ...ref, rules, state: 'another' })
    await expect(core.done(jobId)).rejects.toThrow('no longer as the preview showed them')
  })

  test('what a person decided and judged comes before the rule', async ({ skip }) => {
    if (!core) return skip()
    const ref = core.ref('support_cache')
    const rule = ruleOf({ rule: 'exact-duplicates' })
    const before = await core.call('cleanup.preview', { ...ref, rules: [rule] })
    const [stays = '', goes = ''] = (await core.groups('support_cache', rule)).find(({ length }) => length === 2) ?? []
    await core.call('cleanup.decide', { ...ref, ids: [goes], decision: 'keep' })
    const kept = await core.call('cleanup.preview', { ...ref, rules: [rule] })
    expect(kept.removed).toBe(before.removed)
    const turned = (await core.groups('support_cache', rule)).find((group) => group.includes(goes))
    expect(turned).toEqual([goes, stays])
    await core.call('cleanup.judgePair', { ...ref, ids: [stays, goes], verdict: 'different', similarity: 1 })
    expect((await core.groups('support_cache', rule)).some((group) => group.includes(goes))).toBe(false)
    await core.call('cleanup.judgePair', { ...ref, ids: [goes, stays], verdict: null, similarity: 1 })
    await core.call('cleanup.decide', { ...ref, ids: [goes], decision: null })
    expect((await core.groups('support_cache', rule)).find((group) => group.includes(goes))).toEqual([stays, goes])
  })

  test('a user is forgotten in every collection that names users, with a report, and can be brought back', async ({ skip }) => {
    if (!core) return skip()
    const { connectionId } = core
    const [user] = await core.call('cleanup.forgettable', { connectionId, kind: 'user' })
    if (!user) throw new Error('The sample names no user.')
    const target = { kind: 'user', value: user.value } as const
    const preview = await core.call('cleanup.forgetPreview', { connectionId, target })
    expect(preview.records).toBe(user.records)
    expect(preview.collections.filter(({ records }) => records > 0).map(({ name }) => name)).toEqual(['chat_memory', 'user_facts'])
    const before = [await everything(core, 'chat_memory'), await everything(core, 'user_facts')]
    const { jobId } = await core.call('cleanup.forget', { connectionId, target, state: preview.state })
    const { report, text } = await core.call('cleanup.report', { changeId: (await core.done(jobId)) ?? '' })
    expect(text).toContain('History keeps the records')
    expect(report.collections.reduce((sum, { removed }) => sum + removed.length, 0)).toBe(user.records)
    for (const name of ['chat_memory', 'user_facts'])
      expect([...(await everything(core, name)).values()].filter(({ metadata }) => metadata?.get('user_id') === user.value)).toEqual([])
    await core.done((await core.call('changes.undo', { changeId: report.changeId, overwrite: [] })).jobId)
    expect([await everything(core, 'chat_memory'), await everything(core, 'user_facts')]).toEqual(before)
  })

  const names = ['support_cache', 'chat_memory', 'user_facts']
  const halfYear = { from: Date.parse('2026-01-01T00:00:00Z'), to: Date.parse('2026-07-01T00:00:00Z') }
  /** The keys of the sample's records that name a session or a namespace, or say when something was. */
  const keysOf = { session: ['session_id'], namespace: ['namespace'], time: ['created_at', 'occurred_at', 'learned_at'] }
  test.each([
    { kind: 'session', value: 'the first' },
    { kind: 'namespace', value: 'billing' },
    { kind: 'time', ...halfYear },
  ] as const)('everything of a $kind is forgotten, nothing else is, and it comes back', async (wanted) => {
    if (!core) return
    const open = core
    const { connectionId } = open
    const all = async () => new Map(await Promise.all(names.map(async (name) => [name, await everything(open, name)] as const)))
    const before = await all()
    const first = [...(before.get('chat_memory')?.values() ?? [])][0]
    const target = wanted.kind === 'session' ? { ...wanted, value: String(first?.metadata?.get('session_id')) } : wanted
    const isMeant = ({ metadata }: StoredRecord): boolean =>
      keysOf[target.kind].some((key) => {
        const value = metadata?.get(key)
        if (value === undefined) return false
        if (target.kind !== 'time') return value === target.value
        const time = typeof value === 'string' ? Date.parse(value) : 1000 * Number(value)
        return time >= target.from && time < target.to
      })
    const goes = [...before].map(([name, records]) => [name, [...records.values()].filter(isMeant).length])
    const preview = await open.call('cleanup.forgetPreview', { connectionId, target })
    expect(preview.collections.map(({ name, records }) => [name, records]).toSorted()).toEqual(goes.toSorted())
    expect(preview.records).toBeGreaterThan(0)
    const { jobId } = await open.call('cleanup.forget', { connectionId, target, state: preview.state })
    const changeId = (await open.done(jobId)) ?? ''
    for (const [name, records] of await all())
      expect(records).toEqual(new Map([...(before.get(name) ?? [])].filter(([, record]) => !isMeant(record))))
    await open.done((await open.call('changes.undo', { changeId, overwrite: [] })).jobId)
    expect(await all()).toEqual(before)
  })
})
