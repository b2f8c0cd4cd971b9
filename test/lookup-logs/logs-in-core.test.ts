import { appendFile, rm, writeFile } from 'node:fs/promises'
import path from 'node:path'
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { temporaryFolder } from '../support/fixtures.ts'
import { startOpenAi, type OpenAiServer } from '../support/openai-server.ts'
import { openConnection } from '../support/open-connection.ts'
import { transports, type Reached } from '../support/reach-core.ts'
import { makeSmallStore } from '../support/small-store.ts'

const store = await makeSmallStore()
const [inProcess] = transports

describe.skipIf(store === null)('logs of lookups in the core', () => {
  let home: string
  let data: string
  let core: Reached
  let ref: { connectionId: string; collectionId: string }

  async function start(): Promise<void> {
    core = await inProcess.reach({ directory: store?.directory ?? '', home, data })
    const { connectionId, collections } = await openConnection(core)
    ref = { connectionId, collectionId: collections.get('answers') ?? '' }
  }
  async function startAnew(): Promise<void> {
    await core.stop()
    await start()
  }
  const jobOf = async (jobId: string) => (await core.call('jobs.list', {})).find(({ id }) => id === jobId)
  async function finished(started: Promise<{ jobId: string }>): Promise<string> {
    const { jobId } = await started
    await expect.poll(async () => (await jobOf(jobId))?.state).toBe('done')
    return (await jobOf(jobId))?.result ?? ''
  }
  async function openLog(name: string, content: string): Promise<string> {
    await writeFile(path.join(home, name), content)
    const [root] = await core.call('connections.places', {})
    const files = await core.call('lookupLogs.files', { handle: root?.handle ?? '' })
    const handle = files.find((file) => file.name === name)?.handle ?? ''
    return finished(core.call('lookupLogs.open', { ...ref, handle }))
  }
  const factsOf = async (logId: string) => (await core.call('lookupLogs.list', ref)).find(({ id }) => id === logId)?.facts

  beforeAll(async () => {
    home = await temporaryFolder('home')
    data = await temporaryFolder('data')
    await start()
  })
  afterEach(async () => {
    for (const { id } of await core.call('lookupLogs.list', ref)) await core.call('lookupLogs.close', { ...ref, logId: id })
  })
  afterAll(async () => {
    await core.stop()
    await Promise.all([home, data, store?.directory ?? ''].map((folder) => rm(folder, { recursive: true, force: true })))
  })

  test('are known after a restart and read when asked for, with the columns and the watching they had', async () => {
    const logId = await openLog('log.csv', 'asked,answered,closeness\nOne?,hit,0.9\nTwo?,miss,0.82\n')
    const mapping = { columns: { query: 'asked', outcome: 'answered' }, latencyUnit: 'seconds', distanceSpace: 'ip' } as const
    await finished(core.call('lookupLogs.map', { ...ref, logId, mapping }))
    await core.call('lookupLogs.watch', { ...ref, logId, watching: true })
    await startAnew()

    expect(await core.call('lookupLogs.list', ref)).toEqual([{ id: logId, name: 'log.csv', path: path.join(home, 'log.csv'), facts: null }])
    await expect(core.call('lookupLogs.malformed', { ...ref, logId })).rejects.toMatchObject({ code: 'stale' })
    const [once, again] = await Promise.all([
      core.call('lookupLogs.reopen', { ...ref, logId }),
      core.call('lookupLogs.reopen', { ...ref, logId }),
    ])
    expect(again).toEqual(once)
    await finished(Promise.resolve(once))
    expect(await factsOf(logId)).toMatchObject({ lookups: 2, mapping, mappingGuessed: false, watching: true })
    await appendFile(path.join(home, 'log.csv'), 'Three?,miss,0.1\n')
    await expect.poll(async () => (await factsOf(logId))?.lookups).toBe(3)
  })

  test('tell the threshold lab what calls cost: those of misses, or what hits saved where misses tell nothing', async () => {
    const costsOf = async (name: string, lines: string) => {
      const source = { from: 'log' as const, logId: await openLog(name, lines), name }
      return [...(await core.call('thresholds.evidence', { ...ref, source })).evidence.callCost]
    }
    const misses = 'query,outcome,similarity,llm_cost\nOne?,miss,0.3,0.004\nTwo?,hit,0.9,0.00001\nThree?,miss,0.5,0\n'
    expect(await costsOf('misses.csv', misses)).toEqual([0.004, Number.NaN, Number.NaN])
    expect(await costsOf('hits.csv', 'query,outcome,similarity,cost_saved\nOne?,miss,0.3,\nTwo?,hit,0.9,$0.002\n')).toEqual([
      Number.NaN,
      0.002,
    ])
  })

  test('keep their places in the list when they are read again', async () => {
    const ids = [await openLog('first.csv', 'query,outcome\nOne?,hit\n'), await openLog('second.csv', 'query,outcome\nOne?,hit\n')]
    await startAnew()
    await finished(core.call('lookupLogs.reopen', { ...ref, logId: ids[0] ?? '' }))
    expect((await core.call('lookupLogs.list', ref)).map(({ id, facts }) => [id, facts !== null])).toEqual([
      [ids[0], true],
      [ids[1], false],
    ])
  })

  test('whose file is gone stay in the list with a way out, and one that was closed is forgotten', async () => {
    const gone = await openLog('gone.csv', 'query,outcome\nOne?,hit\n')
    const closed = await openLog('closed.csv', 'query,outcome\nOne?,hit\n')
    await core.call('lookupLogs.close', { ...ref, logId: closed })
    const file = path.join(home, 'gone.csv')
    await rm(file)
    await startAnew()
    expect((await core.call('lookupLogs.list', ref)).map(({ id }) => id)).toEqual([gone])
    await expect(core.call('lookupLogs.reopen', { ...ref, logId: gone })).rejects.toMatchObject({
      code: 'not-found',
      message: `${file} does not exist any more.`,
      remedy: 'Put it back and try again, or close the log.',
    })
    await writeFile(file, 'query,outcome\nOne?,hit\nTwo?,hit\n')
    await finished(core.call('lookupLogs.reopen', { ...ref, logId: gone }))
    expect(await factsOf(gone)).toMatchObject({ lookups: 2 })
  })

  test('make room for each other in memory, those that are watched last', async () => {
    const ids: string[] = []
    for (let at = 0; at < 9; at += 1) {
      ids.push(await openLog(`log-${at}.csv`, 'query,outcome\nOne?,hit\n'))
      if (at === 0) await core.call('lookupLogs.watch', { ...ref, logId: ids[0] ?? '', watching: true })
    }
    const inMemory = (await core.call('lookupLogs.list', ref)).map(({ facts }) => facts !== null)
    expect(inMemory).toEqual([true, false, true, true, true, true, true, true, true])
  })

  describe('replayed', () => {
    let server: OpenAiServer
    const total = 600
    const bare = Array.from(
      { length: total },
      (_, at) => `${JSON.stringify({ query: `Answer number ${at % 500}`, time: 1_767_225_600 + at })}\n`,
    ).join('')

    beforeAll(async () => {
      server = await startOpenAi()
    })
    afterAll(() => server.stop())
    beforeEach(async () => {
      server.requests.length = 0
      server.vectorOf = (text) => [1, Number(/\d+/.exec(text)?.[0] ?? 0), -Number(/\d+/.exec(text)?.[0] ?? 0)]
      const config = {
        kind: 'openai',
        baseUrl: server.baseUrl,
        model: 'numbers',
        dimensions: null,
        queryPrefix: '',
        documentPrefix: '',
      } as const
      const { id } = await core.call('embedders.save', { id: null, title: 'Numbers', config })
      await core.call('embedders.choose', { ...ref, embedderId: id })
    })

    test('embed many queries at a time, and tell how many lookups are done', async () => {
      const logId = await openLog('bare.jsonl', bare)
      expect(await factsOf(logId)).toMatchObject({ withoutSimilarity: total })
      await finished(core.call('lookupLogs.replay', { ...ref, logId }))
      expect(await factsOf(logId)).toMatchObject({ withoutSimilarity: 0, replayed: total })
      // At most 32 texts go into a request: one for each query would be 600.
      expect(server.requests.length).toBeLessThan(30)
      const told = core.events.flatMap((event) => (event.type === 'job' && event.job.stage === 'Looking up again' ? [event.job] : []))
      expect(told.map((job) => job.total)).toEqual(told.map(() => total))
      expect(told.map((job) => job.done)).toEqual(expect.arrayContaining([0, total]))
      const found = await core.call('lookupLogs.lookups', {
        ...ref,
        logId,
        filter: {
          outcomes: ['exact-hit'],
          namespace: null,
          entryId: null,
          from: null,
          to: null,
          minSimilarity: null,
          maxSimilarity: null,
          nearMisses: false,
          threshold: 0.85,
          find: '',
        },
        sort: { by: 'line', descending: false },
        offset: 0,
        limit: 1000,
      })
      // Every query below 30 is that of an entry, letter for letter, but for the seventh, which has no document.
      expect(found.lookups.map(({ query, entryId }) => [query, entryId])).toEqual(
        [...Array(total).keys()]
          .filter((at) => at % 500 < (store?.count ?? 0) && at % 500 !== 7)
          .map((at) => [`Answer number ${at % 500}`, `answer-${at % 500}`]),
      )
    })

    test('keep what was found before they were cancelled', async () => {
      const logId = await openLog('bare.jsonl', bare)
      const plain = server.vectorOf
      let cancelled = false
      let replay = ''
      server.vectorOf = (text, dimensions) => {
        if (text === 'Answer number 300' && !cancelled) {
          cancelled = true
          void core.call('jobs.cancel', { jobId: replay })
        }
        return plain(text, dimensions)
      }
      replay = (await core.call('lookupLogs.replay', { ...ref, logId })).jobId
      await expect.poll(async () => (await jobOf(replay))?.state).toBe('cancelled')
      expect(await factsOf(logId)).toMatchObject({ replayed: 256, withoutSimilarity: total - 256 })
    })
  })
})
