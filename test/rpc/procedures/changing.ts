import { writeFile } from 'node:fs/promises'
import path from 'node:path'
import { expect, test } from 'vitest'
import { cleanupRuleSchema } from '../../../shared/domain/cleanup/rule.ts'
import { noFilter } from '../../../shared/domain/where.ts'
import type { UnderTest } from './under-test.ts'

/** Procedures that keep settings, run jobs, and change, import or clean up. */
export function changingProcedures(at: () => UnderTest): void {
  test('preferences and table layouts are kept', async () => {
    const { call } = at()
    expect(await call('settings.preferences', {})).toEqual({ theme: 'system', density: 'compact' })
    expect(await call('settings.setPreferences', { theme: 'dark' })).toEqual({ theme: 'dark', density: 'compact' })
    expect(await call('settings.preferences', {})).toEqual({ theme: 'dark', density: 'compact' })
    const ref = { connectionId: 'one', collectionId: 'two' }
    const layout = { columns: [{ id: 'key:topic', width: 120 }] }
    expect(await call('settings.tableLayout', ref)).toBeNull()
    await call('settings.setTableLayout', { ...ref, layout })
    expect(await call('settings.tableLayout', ref)).toEqual(layout)
    await call('settings.setTableLayout', { ...ref, layout: null })
    expect(await call('settings.tableLayout', ref)).toBeNull()
  })

  test('the sample is opened by a job that tells its progress and can be cancelled', async () => {
    const { reached, call } = at()
    const { jobId } = await call('connections.openSample', {})
    expect(await call('connections.openSample', {})).toEqual({ jobId })
    expect((await call('jobs.list', {})).find(({ id }) => id === jobId)).toMatchObject({ state: 'running' })
    await call('jobs.cancel', { jobId })
    await expect.poll(async () => (await call('jobs.list', {})).find(({ id }) => id === jobId)?.state).toMatch(/cancelled|failed/)
    await expect.poll(() => reached.events.filter((event) => event.type === 'job' && event.job.id === jobId).length).toBeGreaterThan(1)
    expect((await call('connections.list', {})).filter(({ isSample }) => isSample)).toEqual([])
  })

  test('neighbours of records are found for one and for all of them', async ({ skip }) => {
    const { store, connectionId, collectionId, call } = at()
    if (!store) return skip()
    const ref = { connectionId, collectionId }
    const graph = { ...ref, k: 4, metric: 'cosine' as const }
    const { neighbours, reason } = await call('neighbours.of', { ...graph, id: 'answer-2' })
    expect(reason).toBeNull()
    expect(neighbours).toHaveLength(4)
    expect(neighbours.map(({ distance }) => distance)).toEqual(neighbours.map(({ distance }) => distance).toSorted((a, b) => a - b))
    await expect(call('neighbours.of', { ...graph, id: 'none' })).rejects.toMatchObject({ code: 'not-found' })

    expect(await call('neighbours.status', graph)).toBeNull()
    const { jobId } = await call('neighbours.build', graph)
    await expect.poll(async () => (await call('jobs.list', {})).find(({ id }) => id === jobId)?.state).toBe('done')
    expect(await call('neighbours.status', graph)).toMatchObject({
      rows: store.count,
      report: { method: 'exact', recomputed: store.count },
    })
  })

  test('changes are previewed and checked on a store that is read-only, and refused when they are to be made', async ({ skip }) => {
    const { store, connectionId, collectionId, call } = at()
    if (!store) return skip()
    const ref = { connectionId, collectionId }
    const scope = { kind: 'filter' as const, filter: noFilter }
    const operation = { kind: 'set' as const, key: 'topic', value: 'refund' }
    const preview = await call('curation.preview', { ...ref, scope, operation })
    expect(preview).toMatchObject({
      records: store.count,
      changed: (store.count / 3) * 2,
      unchanged: store.count / 3,
      refused: [],
      notes: [],
    })
    expect(await call('curation.sample', { ...ref, scope, operation })).toMatchObject({ records: store.count })
    // A deletion is counted without reading the records; ids that are not there do not count.
    const named = { kind: 'ids' as const, ids: ['answer-1', 'none', 'answer-2'] }
    expect(await call('curation.preview', { ...ref, scope: named, operation: { kind: 'delete' } })).toMatchObject({
      records: 2,
      changed: 2,
    })
    const [seen] = await call('records.get', { ...ref, ids: ['answer-2'] })
    if (!seen) throw new Error('The record is not there.')
    const edit = { id: 'answer-2', seen, document: 'Changed', vector: { kind: 'keep' as const } }
    expect(await call('curation.check', { ...ref, edits: [edit] })).toEqual([])

    const vector = { kind: 'given' as const, vector: Float32Array.of(1, 2, 3) }
    const { tenant, database } = { tenant: 'default_tenant', database: 'default_database' }
    const hnsw = { space: 'l2' as const, efConstruction: null, efSearch: null, maxNeighbors: null }
    const started = [
      await call('curation.edit', { ...ref, edits: [edit] }),
      await call('curation.add', { ...ref, records: [{ id: 'new', document: null, metadata: null, uri: null, vector }] }),
      await call('curation.apply', { ...ref, scope, operation, state: preview.state, rule: null }),
      await call('curation.createCollection', { connectionId, tenant, database, name: 'another', hnsw, metadata: null }),
      await call('curation.modifyCollection', { ...ref, name: 'renamed' }),
      await call('curation.duplicateCollection', { ...ref, name: 'copied', embed: false }),
      await call('curation.deleteCollection', ref),
    ]
    const itself = await call('curation.mergeCollection', { ...ref, from: ref, existing: 'leave' })
    const failed = async (jobId: string) => {
      const job = async () => (await call('jobs.list', {})).find(({ id }) => id === jobId)
      await expect.poll(async () => (await job())?.state).toBe('failed')
      return (await job())?.error?.code
    }
    expect(await Promise.all(started.map(({ jobId }) => failed(jobId)))).toEqual(started.map(() => 'forbidden'))
    expect(await failed(itself.jobId)).toBe('invalid-input')
  })

  test('a locked connection is not edited, and History says what it keeps', async ({ skip }) => {
    const { store, connectionId, collectionId, call } = at()
    if (!store) return skip()
    const ended = async (jobId: string) => {
      const job = async () => (await call('jobs.list', {})).find(({ id }) => id === jobId)
      await expect.poll(async () => (await job())?.state).not.toBe('running')
      return job()
    }
    expect(await call('editing.outlook', { connectionId })).toMatchObject({ kind: 'directory', openedBy: [] })
    expect(await call('editing.lock', { connectionId, locked: true })).toMatchObject({ locked: true, state: 'read-only' })
    const { jobId } = await call('editing.start', { connectionId, snapshot: false, migrate: false })
    expect(await ended(jobId)).toMatchObject({ state: 'failed', error: { code: 'forbidden' } })
    await call('editing.lock', { connectionId, locked: false })
    expect(await call('editing.stop', { connectionId })).toMatchObject({ locked: false, state: 'read-only' })
    expect(await call('editing.status', { connectionId })).toMatchObject({ unsettled: 0, engine: null })

    await call('changes.setLimit', { bytes: 2_000_000 })
    const page = { connectionId, collectionId: null, offset: 0, limit: 10 }
    expect(await call('changes.list', page)).toEqual({ total: 0, changes: [], bytes: 0, limit: 2_000_000 })
    await expect(call('changes.records', { changeId: 'none', offset: 0, limit: 10 })).rejects.toMatchObject({ code: 'not-found' })
    await expect(call('changes.conflicts', { changeId: 'none' })).rejects.toMatchObject({ code: 'not-found' })
    expect(await call('changes.undo', { changeId: 'none', overwrite: [] }).then((job) => ended(job.jobId))).toMatchObject({
      state: 'failed',
    })
    expect(await call('changes.settle', { connectionId }).then((job) => ended(job.jobId))).toMatchObject({ state: 'done' })
    await call('changes.forget', { changeIds: [] })
    await call('thresholds.allowSending', { connectionId, collectionId })
  })

  test('files to import are picked or dropped, cut, previewed and closed', async ({ skip }) => {
    const { transport, home, store, connectionId, collectionId, call } = at()
    if (!store) return skip()
    const ref = { connectionId, collectionId }
    await writeFile(path.join(home, 'rows.jsonl'), '{"id":"answer-1","embedding":[1,2,3]}\n{"id":"r","embedding":[1,2]}\nno JSON\n')
    const [root] = await call('connections.places', {})
    const [picked] = await call('imports.files', { handle: root?.handle ?? '' })
    expect(picked).toMatchObject({ name: 'rows.jsonl' })
    const rows = await call('imports.open', { handle: picked?.handle ?? '' })
    const notes = await call('imports.drop', { name: 'notes.md', text: '# One\n\nfirst\n\n# Two\n\nsecond' })
    expect([rows.kind, notes.kind]).toEqual(['records', 'markdown'])
    const chunks = { by: 'heading' as const, size: 1000, overlap: 0 }
    const request = { ...ref, fileIds: [rows.id, notes.id], chunks, existing: 'leave' as const }
    const preview = await call('imports.preview', request)
    expect(preview).toMatchObject({ records: 3, withVector: 1, existing: 1, lengths: { min: 12, max: 13 }, last: null })
    expect(preview.refused.map(({ reason, count }) => [reason, count])).toEqual([
      ['The vector has 2 dimensions; those of the collection have 3.', 1],
      ['The line is no JSON object.', 1],
    ])
    expect(preview.first[1]).toEqual({
      id: 'notes.md#1',
      document: '# One\n\nfirst',
      uri: null,
      metadata: new Map<string, string | bigint>([
        ['source', 'notes.md'],
        ['heading', 'One'],
        ['position', 1n],
      ]),
    })
    expect(preview.embedder).not.toBeNull()
    const { jobId } = await call('imports.apply', request)
    await expect.poll(async () => (await call('jobs.list', {})).find(({ id }) => id === jobId)?.state).toBe('failed')
    await call('imports.close', { fileIds: [rows.id] })
    await expect(call('imports.preview', request)).rejects.toMatchObject({ code: 'stale' })
    if (transport === 'over HTTP') await expect(call('imports.openWithDialog', {})).rejects.toMatchObject({ code: 'unsupported' })
    else expect(await call('imports.openWithDialog', {})).toBeNull()
  })

  test('what could be cleaned up is found, judged and previewed; nothing is removed while the connection is read-only', async ({
    skip,
  }) => {
    const { store, connectionId, collectionId, call } = at()
    if (!store) return skip()
    const ref = { connectionId, collectionId }
    const rule = cleanupRuleSchema.parse({ rule: 'near-duplicates', threshold: 0.9 })
    const short = cleanupRuleSchema.parse({ rule: 'short', characters: 16 })
    const { records, findings, nearest } = await call('cleanup.findings', ref)
    expect(records).toBe(store.count)
    expect(findings.find(({ rule: { rule: name } }) => name === 'empty')).toMatchObject({
      records: 1,
      examples: [{ id: 'answer-7', text: null }],
    })
    const curve = await call('cleanup.curve', { ...ref, rule })
    expect(curve.records).toHaveLength(Math.round((1 - (nearest?.floor ?? 0)) / curve.step) + 1)
    expect(await call('cleanup.finding', { ...ref, rule: short })).toMatchObject({ records: 9, groups: null })
    expect((await call('cleanup.records', { ...ref, rule: short, offset: 8, limit: 5 })).records).toEqual([
      { id: 'answer-9', reason: '15 characters' },
    ])
    expect(await call('cleanup.ids', { ...ref, rule: short })).toHaveLength(9)
    // Answers with different numbers are no duplicates, however similar their vectors are.
    expect(await call('cleanup.groups', { ...ref, rule, offset: 0, limit: 10 })).toEqual({ total: 0, removed: 0, groups: [] })
    await call('cleanup.decide', { ...ref, ids: ['answer-20'], decision: 'keep' })
    await call('cleanup.judgePair', { ...ref, ids: ['answer-20', 'answer-21'], verdict: 'different', similarity: 0.9 })

    const rules = [short]
    const preview = await call('cleanup.preview', { ...ref, rules })
    expect(preview).toMatchObject({ removed: 9, changed: 0, rules: [{ records: 9 }] })
    const { id } = await call('cleanup.savePolicy', { ...ref, name: 'tidy', rules })
    expect(await call('cleanup.policies', ref)).toMatchObject([{ id, name: 'tidy', rules }])
    await call('cleanup.removePolicy', { ...ref, id })
    expect(await call('cleanup.policies', ref)).toEqual([])

    expect(await call('cleanup.forgettable', { connectionId, kind: 'user' })).toEqual([])
    const target = { kind: 'user', value: 'somebody' } as const
    const forgotten = await call('cleanup.forgetPreview', { connectionId, target })
    expect(forgotten).toMatchObject({ records: 0, collections: [{ collectionId, records: 0, total: store.count }] })
    const started = [
      await call('cleanup.apply', { ...ref, rules, state: preview.state }),
      await call('cleanup.forget', { connectionId, target, state: forgotten.state }),
      await call('cleanup.compact', { connectionId: 'none' }),
    ]
    for (const { jobId } of started)
      await expect.poll(async () => (await call('jobs.list', {})).find((job) => job.id === jobId)?.state).toBe('failed')
    await expect(call('cleanup.report', { changeId: 'none' })).rejects.toMatchObject({ code: 'not-found' })
    expect(await call('cleanup.store', { connectionId })).toMatchObject({ orphans: [], trash: [] })
    await expect(call('cleanup.removeOrphans', { connectionId, names: ['none'] })).rejects.toMatchObject({ code: 'stale' })
    await expect(call('cleanup.restoreOrphan', { connectionId, id: 'none' })).rejects.toMatchObject({ code: 'not-found' })
  })
}
