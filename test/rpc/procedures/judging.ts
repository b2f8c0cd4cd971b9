import { writeFile } from 'node:fs/promises'
import path from 'node:path'
import { expect, test } from 'vitest'
import { wholeLog } from '../../../shared/contract/lookup-logs.ts'
import { defaultMapSettings } from '../../../shared/contract/maps.ts'
import { thresholdReportSchema, usualThresholdSettings } from '../../../shared/domain/thresholds/experiment.ts'
import { noFilter } from '../../../shared/domain/where.ts'
import type { UnderTest } from './under-test.ts'

/** Procedures about what a collection means: profiles, embedders, searches, maps, lookups and thresholds. */
export function judgingProcedures(at: () => UnderTest): void {
  test('a profile is recognised, can be corrected, and the correction taken back', async ({ skip }) => {
    const { store, connectionId, collectionId, call } = at()
    if (!store) return skip()
    const ref = { connectionId, collectionId }
    const before = await call('profiles.get', ref)
    expect(before).toMatchObject({ corrected: false, mapping: before.match.mapping })
    const mapping = {
      kind: 'cache',
      fields: { query: { from: 'document' }, namespace: { from: 'metadata', key: 'topic', path: null } },
    } as const
    await call('profiles.set', { ...ref, mapping })
    expect(await call('profiles.get', ref)).toEqual({ ...before, corrected: true, mapping })
    await call('profiles.set', { ...ref, mapping: null })
    expect(await call('profiles.get', ref)).toEqual(before)
  })

  test('the engine says what could be started, what runs, what it wrote, and takes a command', async () => {
    const { transport, call } = at()
    const candidates = await call('engine.candidates', {})
    for (const { label } of candidates) expect(label).not.toBe('')
    expect(await call('engine.status', {})).toEqual([])
    expect(await call('engine.logs', {})).toBeInstanceOf(Array)
    const setting = call('engine.setCommand', { command: '/no/such/chroma' })
    // A page in a browser may take a command away, but only the command line sets one.
    if (transport === 'over HTTP') await expect(setting).rejects.toMatchObject({ code: 'forbidden' })
    else expect((await setting)[0]).toMatchObject({ kind: 'configured', usable: false })
    expect((await call('engine.setCommand', { command: null })).some(({ kind }) => kind === 'configured')).toBe(false)
  })

  test('embedders are listed, set up, tried, given a key and removed', async () => {
    const { transport, call } = at()
    expect((await call('embedders.list', { dimension: 3 })).map(({ id }) => id)).toEqual(['lexical-3', 'all-minilm-l6-v2'])
    expect(await call('embedders.test', { id: 'lexical-3' })).toMatchObject({ dimension: 3 })
    const config = {
      kind: 'openai',
      baseUrl: 'http://127.0.0.1:9/v1',
      model: 'm',
      dimensions: null,
      queryPrefix: '',
      documentPrefix: '',
    } as const
    const { id } = await call('embedders.save', { id: null, title: 'Remote', config })
    expect((await call('embedders.setKey', { id, key: 'k' })).keptIn).toMatch(
      transport === 'in the process' ? /secrets\.json/ : /secrets\.json|keychain/,
    )
    await expect(call('embedders.test', { id })).rejects.toMatchObject({ code: 'unreachable' })
    await expect(call('embedders.download', { id })).rejects.toMatchObject({ code: 'invalid-input' })
    await call('embedders.remove', { id })
    expect(await call('embedders.models', {})).toMatchObject({ bytes: 0, downloads: [], local: [] })
    await expect(call('embedders.removeDownload', { model: 'a/b' })).rejects.toMatchObject({ code: 'not-found' })
    const [root] = await call('connections.places', {})
    await expect(call('embedders.addLocalModel', { handle: root?.handle ?? '' })).rejects.toMatchObject({ code: 'not-found' })
    if (transport === 'over HTTP')
      await expect(call('embedders.addLocalModelWithDialog', {})).rejects.toMatchObject({ code: 'unsupported' })
    else expect(await call('embedders.addLocalModelWithDialog', {})).toBeNull()
    await expect(call('embedders.removeLocalModel', { id: 'none' })).rejects.toMatchObject({ code: 'not-found' })
  })

  test('an embedder is chosen for the collection and compared with its vectors', async ({ skip }) => {
    const { store, connectionId, collectionId, call } = at()
    if (!store) return skip()
    const ref = { connectionId, collectionId }
    expect(await call('embedders.choice', ref)).toMatchObject({ chosenByPerson: false })
    expect(await call('embedders.choose', { ...ref, embedderId: 'lexical-3' })).toMatchObject({
      embedder: { id: 'lexical-3' },
      problem: null,
    })
    expect(await call('embedders.parity', { ...ref, embedderId: 'lexical-3' })).toBeNull()
    const parity = await call('embedders.checkParity', { ...ref, embedderId: 'lexical-3' })
    expect(parity).toMatchObject({ verdict: 'different', compared: 20 })
    expect(await call('embedders.parity', { ...ref, embedderId: 'lexical-3' })).toEqual(parity)
  })

  test('a collection is searched, and the search is kept, named, copied and forgotten', async ({ skip }) => {
    const { store, connectionId, collectionId, call } = at()
    if (!store) return skip()
    const ref = { connectionId, collectionId }
    const settings = { nResults: 3, filter: noFilter, method: 'exact' } as const
    const probe = { kind: 'record', id: 'answer-4' } as const
    expect(await call('search.methods', ref)).toMatchObject({ engine: false })
    const answer = await call('search.run', { ...ref, probe, settings })
    expect(answer.neighbours[0]).toMatchObject({ record: { id: 'answer-4' }, similarity: 1 })
    expect((await call('search.runList', { ...ref, probes: [probe, probe], settings })).map(({ neighbours }) => neighbours)).toEqual([
      answer.neighbours,
      answer.neighbours,
    ])
    const { id } = await call('search.remember', { ...ref, probes: [probe], settings })
    await call('search.name', { ...ref, id, name: 'Four' })
    expect(await call('search.history', { ...ref, find: 'FOUR', savedOnly: true })).toMatchObject([
      { id, probes: [probe], settings, name: 'Four' },
    ])
    expect((await call('search.program', { ...ref, probes: [probe], settings, language: 'python' })).text).toContain('"answer-4"')
    await call('search.forget', { ...ref, id })
    expect(await call('search.history', { ...ref, find: '', savedOnly: false })).toEqual([])
  })

  test('records are kept under a name, found again, renamed and forgotten', async ({ skip }) => {
    const { store, connectionId, collectionId, call } = at()
    if (!store) return skip()
    const ref = { connectionId, collectionId }
    const saved = await call('sets.save', { ...ref, name: ' Fours ', ids: ['answer-4', 'answer-14', 'answer-4'] })
    expect(saved).toMatchObject({ name: 'Fours', count: 2 })
    expect(await call('sets.ids', { ...ref, id: saved.id })).toEqual(['answer-4', 'answer-14'])
    await call('sets.rename', { ...ref, id: saved.id, name: 'Four' })
    expect(await call('sets.list', ref)).toEqual([{ ...saved, name: 'Four' }])
    await call('sets.remove', { ...ref, id: saved.id })
    expect(await call('sets.list', ref)).toEqual([])
    await expect(call('sets.ids', { ...ref, id: saved.id })).rejects.toMatchObject({ code: 'not-found' })
  })

  test('a map is opened, seen, told and frozen', async ({ skip }) => {
    const { reached, store, connectionId, collectionId, call } = at()
    if (!store) return skip()
    const { mapId } = await call('maps.open', { connectionId, collectionId, settings: defaultMapSettings, fresh: false })
    expect(await call('maps.freeze', { mapId })).toEqual({})
    await expect.poll(async () => (await call('maps.frame', { mapId, after: 0 }))?.final).toBe(true)
    const frame = await call('maps.frame', { mapId, after: 0 })
    expect(frame?.positions).toBeInstanceOf(Float32Array)
    expect(frame?.positions).toHaveLength(2 * store.count)
    expect((await call('maps.points', { mapId })).ids).toHaveLength(store.count)
    expect((await call('maps.fidelity', { mapId })).shares).toHaveLength(store.count)
    const colours = await call('maps.values', { mapId, colour: { by: 'metadata', key: 'topic' } })
    expect(colours).toMatchObject({ kind: 'categories', missing: 0, others: 0 })
    const someTopic = { ...noFilter, where: { kind: 'compare', key: 'topic', operator: '$ne', value: 'absent' } } as const
    const matching = await call('maps.matching', { mapId, filter: someTopic })
    expect([matching.flags.length, matching.count]).toEqual([store.count, store.count])
    const { values, point } = await call('maps.similarities', { mapId, probe: { kind: 'record', id: 'answer-4' } })
    expect(values[4]).toBeCloseTo(1, 6)
    expect(point).toBe(4)
    expect((await call('maps.labels', { mapId })).members).toHaveLength(store.count)
    expect(reached.events.some((event) => event.type === 'map' && event.mapId === mapId)).toBe(true)
  })

  test('a lookup is tried under settings that are kept', async ({ skip }) => {
    const { store, connectionId, collectionId, call } = at()
    if (!store) return skip()
    const ref = { connectionId, collectionId }
    const settings = { ...(await call('lookups.settings', ref)), threshold: 0.5, embedderId: 'lexical-3' }
    await call('lookups.setSettings', { ...ref, settings })
    expect(await call('lookups.settings', ref)).toEqual(settings)
    expect((await call('lookups.dryRun', { ...ref, query: ' ANSWER number 3', settings })).verdict).toMatchObject({
      outcome: 'exact-hit',
      entryId: 'answer-3',
    })
  })

  test('a log of lookups is found, read, told, watched, mapped and closed', async ({ skip }) => {
    const { transport, home, store, connectionId, collectionId, call } = at()
    if (!store) return skip()
    await writeFile(
      path.join(home, 'lookups.csv'),
      'query,outcome,similarity,entry_id\nWhat is this?,hit,0.9,answer-2\nAnd this?,miss,0.5,\n',
    )
    const ref = { connectionId, collectionId }
    const [root] = await call('connections.places', {})
    const files = await call('lookupLogs.files', { handle: root?.handle ?? '' })
    expect(files.map(({ name }) => name)).toEqual(['lookups.csv'])
    const finished = async (jobId: string) => {
      const job = async () => (await call('jobs.list', {})).find(({ id }) => id === jobId)
      await expect.poll(async () => (await job())?.state).toBe('done')
      return (await job())?.result ?? ''
    }
    const logId = await finished((await call('lookupLogs.open', { ...ref, handle: files[0]?.handle ?? '' })).jobId)
    const [log] = await call('lookupLogs.list', ref)
    if (!log?.facts) throw new Error('The log is not listed.')
    expect(log).toMatchObject({ id: logId, name: 'lookups.csv', facts: { format: 'csv', lookups: 2, watching: false } })
    const one = { ...ref, logId }
    expect(await call('lookupLogs.overview', { ...one, filter: wholeLog })).toMatchObject({
      lookups: 2,
      unspecified: 1,
      miss: 1,
      hitRate: 0.5,
    })
    const sort = { by: 'similarity', descending: false } as const
    const page = await call('lookupLogs.lookups', { ...one, filter: wholeLog, sort, offset: 0, limit: 1 })
    expect(page).toMatchObject({ total: 2, lookups: [{ query: 'And this?', outcome: 'miss' }] })
    const entries = { ...one, filter: wholeLog, offset: 0, limit: 5 }
    expect(await call('lookupLogs.entries', { ...entries, ranking: 'most-hit' })).toMatchObject({
      total: 1,
      entries: [{ entryId: 'answer-2', hits: 1, exists: true }],
    })
    const never = await call('lookupLogs.entries', { ...entries, ranking: 'never-hit' })
    expect(never.total).toBe(store.count - 1)
    expect(never.entries.map(({ entryId }) => entryId)).not.toContain('answer-2')
    expect(await call('lookupLogs.malformed', one)).toEqual({ total: 0, lines: [] })
    expect(await call('lookupLogs.watch', { ...one, watching: true })).toMatchObject({ facts: { watching: true } })
    await finished((await call('lookupLogs.map', { ...one, mapping: { ...log.facts.mapping, columns: { query: 'query' } } })).jobId)
    expect(await call('lookupLogs.overview', { ...one, filter: wholeLog })).toMatchObject({ lookups: 2, unknown: 2, hitRate: null })
    const replayed = (await call('lookupLogs.replay', one)).jobId
    await expect.poll(async () => (await call('jobs.list', {})).find(({ id }) => id === replayed)?.state).toMatch(/done|failed/)
    expect(await finished((await call('lookupLogs.reopen', one)).jobId)).toBe(logId)
    await call('lookupLogs.close', one)
    await expect(call('lookupLogs.malformed', one)).rejects.toMatchObject({ code: 'not-found' })
    expect(await call('lookupLogs.list', ref)).toEqual([])

    expect(await call('lookupLogs.sample', ref)).toEqual({ available: false })
    await expect(call('lookupLogs.openSample', ref)).rejects.toMatchObject({ code: 'not-found' })
    if (transport === 'over HTTP') await expect(call('lookupLogs.openWithDialog', ref)).rejects.toMatchObject({ code: 'unsupported' })
    else expect(await call('lookupLogs.openWithDialog', ref)).toBeNull()
    expect((await call('lookupLogs.snippets', {})).map(({ id }) => id)).toContain('python')
  })

  test('evidence for thresholds is listed, read, labelled, asked for, kept as experiments and reported', async ({ skip }) => {
    const { transport, home, store, connectionId, collectionId, call } = at()
    if (!store) return skip()
    const ref = { connectionId, collectionId }
    await writeFile(
      path.join(home, 'pairs.csv'),
      'query,entry_id,label,similarity\nNumber two?,answer-2,1,0.9\nNumber three?,answer-3,0,0.8\nNumber four?,answer-4,1,0.7\n',
    )
    const [root] = await call('connections.places', {})
    const file = (await call('thresholds.files', { handle: root?.handle ?? '' })).find(({ name }) => name === 'pairs.csv')
    const imported = await call('thresholds.importPairs', { ...ref, handle: file?.handle ?? '' })
    expect(imported).toMatchObject({ name: 'pairs.csv', pairs: 3, labelled: 3, malformed: { total: 0 }, mappingGuessed: true })
    const pairs = { ...ref, pairsId: imported.id }
    expect(await call('thresholds.mapPairs', { ...pairs, mapping: imported.mapping })).toMatchObject({ mappingGuessed: false })
    expect(await call('thresholds.pairs', pairs)).toMatchObject({ pairs: 3 })
    if (transport === 'over HTTP')
      await expect(call('thresholds.importPairsWithDialog', ref)).rejects.toMatchObject({ code: 'unsupported' })
    else expect(await call('thresholds.importPairsWithDialog', ref)).toBeNull()

    const source = { from: 'pairs', pairsId: imported.id, name: 'pairs.csv' } as const
    const listed = await call('thresholds.sources', ref)
    expect(listed.map((each) => each.source.from)).toEqual(['pairs', 'self-calibration'])
    const { evidence, version } = await call('thresholds.evidence', { ...ref, source })
    expect(evidence.similarity).toBeInstanceOf(Float64Array)
    expect([...evidence.similarity]).toEqual([0.9, 0.8, 0.7])
    expect(evidence.entries).toEqual(['answer-2', 'answer-3', 'answer-4'])
    const [item] = await call('thresholds.rows', { ...ref, source, version, rows: [1] })
    expect(item).toMatchObject({ query: 'Number three?', entryId: 'answer-3', exists: true, label: 'wrong', labelSource: 'log', line: 3 })
    const words = await call('thresholds.words', { ...ref, ids: ['answer-3', 'nowhere'] })
    expect(words).toEqual([{ entryId: 'answer-3', text: 'Answer number 3', response: null }])
    const byTopic = await call('thresholds.evidence', { ...ref, source, groupBy: 'topic' })
    expect(Array.from(byTopic.evidence.group, (place) => byTopic.evidence.groups[place])).toEqual(['delivery', 'refund', 'password'])
    expect(byTopic.version).toBe(version)
    await expect(call('thresholds.rows', { ...ref, source, version: 'other', rows: [0] })).rejects.toMatchObject({ code: 'stale' })

    expect(await call('thresholds.queue', { ...ref, source, settings: usualThresholdSettings })).toMatchObject({ items: [], population: 0 })
    const key = item?.key ?? ''
    expect(await call('thresholds.label', { ...ref, source, key, label: 'right', chosenBy: 'person' })).toEqual({ humanLabels: 1 })
    expect((await call('thresholds.rows', { ...ref, source, version, rows: [1] }))[0]).toMatchObject({
      label: 'right',
      labelSource: 'human',
    })
    expect(JSON.parse((await call('thresholds.labels', { ...ref, source: null })).text)).toMatchObject({
      label: 'right',
      entry_id: 'answer-3',
    })
    expect(await call('thresholds.undoLabel', { ...ref, source })).toMatchObject({ key, label: 'right' })
    const fits = await call('thresholds.entries', { ...ref, source, sources: ['log'] })
    expect(fits.map(({ entryId, observations, threshold }) => [entryId, observations, threshold])).toEqual([
      ['answer-2', 1, null],
      ['answer-3', 1, null],
      ['answer-4', 1, null],
    ])
    const { negatives } = await call('thresholds.hardNegatives', { ...ref, embedderId: 'lexical-3', most: 5 })
    expect(negatives.length).toBeGreaterThan(0)

    const settings = { ...usualThresholdSettings, candidate: 0.75 }
    const json = await call('thresholds.report', { ...ref, source, settings, threshold: 0.75, format: 'json' })
    const report = thresholdReportSchema.parse(JSON.parse(json.text))
    expect(report).toMatchObject({ collection: 'answers', threshold: 0.75, space: 'cosine', labels: { right: 2, wrong: 1, unknown: 0 } })
    const saved = await call('thresholds.saveExperiment', {
      ...ref,
      experiment: { name: 'First', evidence: source, settings, result: report.result },
    })
    await call('thresholds.renameExperiment', { ...ref, experimentId: saved.id, name: 'Second' })
    expect(await call('thresholds.experiments', ref)).toEqual([{ ...saved, name: 'Second' }])
    await call('thresholds.removeExperiment', { ...ref, experimentId: saved.id })
    expect(await call('thresholds.experiments', ref)).toEqual([])
    await call('thresholds.removePairs', pairs)
    await expect(call('thresholds.evidence', { ...ref, source })).rejects.toMatchObject({ code: 'not-found' })
  })
}
