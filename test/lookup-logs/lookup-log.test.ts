import { appendFile, mkdtemp, rename, rm, writeFile } from 'node:fs/promises'
import os from 'node:os'
import path from 'node:path'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { LogHost } from '../../electron/lookup-logs/log-host.ts'
import { wholeLog, type LogFacts, type LogFilter, type LookupSort } from '../../shared/contract/lookup-logs.ts'

let folder: string
let hosts: LogHost[]

beforeEach(async () => {
  folder = await mkdtemp(path.join(os.tmpdir(), 'mnemoscope-lookup-log-'))
  hosts = []
})
afterEach(async () => {
  await Promise.all(hosts.map((host) => host.close()))
  await rm(folder, { recursive: true, force: true })
})

const asRead: LookupSort = { by: 'line', descending: false }

async function openLog(name: string, content: string | Uint8Array, onGrown: (facts: LogFacts) => void = () => undefined) {
  const file = path.join(folder, name)
  await writeFile(file, content)
  const host = new LogHost(file, 'cosine', onGrown)
  hosts.push(host)
  const facts = await host.ask({ type: 'read', mapping: null })
  const lookups = async (filter: Partial<LogFilter> = {}, sort = asRead) =>
    (await host.ask({ type: 'lookups', filter: { ...wholeLog, ...filter }, sort, offset: 0, limit: 1000 })).lookups
  return { file, host, facts, lookups }
}

function jsonLines(rows: readonly object[]): string {
  return rows.map((row) => `${JSON.stringify(row)}\n`).join('')
}

test('a log of JSON lines is read whatever its fields are called', async () => {
  const rows = [
    { ts: 1_767_225_600, prompt: 'How do I pay?', cache_hit: true, score: 0.93, doc_id: 'e1', elapsed_ms: 12, tenant: 'shop' },
    { ts: 1_767_225_660, prompt: 'Where is it?', cache_hit: false, score: 0.81, doc_id: null, elapsed_ms: 900, tenant: null },
  ]
  const { facts, lookups } = await openLog('log.jsonl', jsonLines(rows))
  expect(facts).toMatchObject({ format: 'jsonl', lookups: 2, malformed: 0, mappingGuessed: true })
  expect(facts.mapping.columns).toEqual({
    time: 'ts',
    query: 'prompt',
    outcome: 'cache_hit',
    similarity: 'score',
    entryId: 'doc_id',
    latency: 'elapsed_ms',
    namespace: 'tenant',
  })
  expect(await lookups()).toEqual([
    {
      line: 1,
      time: Date.UTC(2026, 0, 1),
      query: 'How do I pay?',
      namespace: 'shop',
      outcome: 'hit',
      entryId: 'e1',
      matchedQuery: null,
      similarity: 0.93,
      latency: 12,
      threshold: null,
      cost: null,
      nearMiss: false,
    },
    expect.objectContaining({ line: 2, outcome: 'miss', entryId: null, namespace: null, similarity: 0.81, nearMiss: true }),
  ])
})

test('what the call to the model cost is guessed, also with the sign of a currency, and corrected', async () => {
  const rows = ['query,outcome,similarity,total_tokens,cost', 'a,miss,0.4,812,$0.0031', 'b,hit_semantic,0.9,,', 'c,miss,0.5,99,1.2e-4']
  const { facts, host, lookups } = await openLog('costs.csv', `${rows.join('\n')}\n`)
  expect(facts.mapping.columns.cost).toBe('cost')
  expect((await lookups()).map(({ cost }) => cost)).toEqual([0.0031, null, 0.00012])
  const mapping = { ...facts.mapping, columns: { ...facts.mapping.columns, cost: 'total_tokens' } }
  expect((await host.ask({ type: 'read', mapping })).mappingGuessed).toBe(false)
  expect((await lookups()).map(({ cost }) => cost)).toEqual([812, null, 99])
})

test('fields inside nested JSON are found by their dotted paths', async () => {
  const row = (hit: string) => ({
    '@timestamp': '2026-01-01T00:00:00Z',
    event: { input: { query: 'a' } },
    lookup: { status: hit, top: [{ id: 'n1', distance: 0.2 }] },
  })
  const { facts, lookups } = await openLog('nested.jsonl', jsonLines([row('HIT_EXACT'), row('MISS')]))
  expect(facts.mapping.columns).toMatchObject({
    time: '@timestamp',
    query: 'event.input.query',
    outcome: 'lookup.status',
    distance: 'lookup.top.0.distance',
  })
  expect((await lookups()).map(({ outcome, similarity }) => [outcome, similarity])).toEqual([
    ['exact-hit', 0.8],
    ['miss', 0.8],
  ])
})

test('CSV with quotes, line ends inside quotes, CR LF, a mark at its start and semicolons is read', async () => {
  const text = [
    'time;query;outcome;similarity;latency_s',
    '2026-01-01 00:00:00,5;"Say ""hi""; twice\nplease";semantic;0.9;0.25',
    '2026-01-01 00:00:01;plain;miss;0.5;1.5',
    '',
  ]
  const { facts, lookups } = await openLog('log.csv', `\ufeff${text.join('\r\n')}`)
  expect(facts).toMatchObject({ format: 'csv', lookups: 2, malformed: 0 })
  expect(await lookups()).toMatchObject([
    { line: 2, time: Date.UTC(2026, 0, 1, 0, 0, 0, 500), query: 'Say "hi"; twice\nplease', outcome: 'semantic-hit', latency: 250 },
    { line: 4, query: 'plain', outcome: 'miss', latency: 1500 },
  ])
})

test('UTF-16 is read, and bytes that are not text are refused with a sentence', async () => {
  const { facts, lookups } = await openLog(
    'wide.jsonl',
    Buffer.from(`\ufeff${jsonLines([{ query: 'größer 漢字', hit: true }])}`, 'utf16le'),
  )
  expect(facts.lookups).toBe(1)
  expect((await lookups())[0]).toMatchObject({ query: 'größer 漢字', outcome: 'hit' })
  await expect(openLog('picture.jsonl', Uint8Array.of(137, 80, 78, 71, 0, 0, 0, 13))).rejects.toMatchObject({ code: 'invalid-input' })
})

test('malformed lines are counted and told, and hide nothing else', async () => {
  const good = jsonLines([{ query: 'a', outcome: 'hit' }])
  const { facts, host, lookups } = await openLog('log.jsonl', `${good}{"query": "b", "outc\n\n[1, 2]\n{"level": "info"}\n${good}`)
  expect(facts).toMatchObject({ lookups: 2, malformed: 3 })
  const { total, lines } = await host.ask({ type: 'malformed' })
  expect(total).toBe(3)
  expect(lines.map(({ line, reason }) => [line, reason])).toEqual([
    [2, 'It is not JSON.'],
    [4, 'It is JSON, but not an object.'],
    [5, 'It has no value in any of the columns that are mapped.'],
  ])
  expect((await lookups()).map(({ line }) => line)).toEqual([1, 6])
})

test('rows of CSV with too many fields and quotes that never close are malformed, and what follows is read', async () => {
  const rows = Array.from({ length: 300 }, (_, index) => `q${index},miss`)
  const { facts, lookups } = await openLog('log.csv', ['query,outcome', 'a,b,c', '"open,hit', ...rows, ''].join('\n'))
  expect(facts).toMatchObject({ malformed: 2, lookups: 300 })
  expect((await lookups()).at(-1)).toMatchObject({ query: 'q299', line: 303 })
})

test('another mapping reads the log anew, and distances become similarities of the space', async () => {
  const { host, lookups } = await openLog('log.jsonl', jsonLines([{ a: 'one', b: 0.4, c: 250, d: 'served' }]))
  const columns = { query: 'a', distance: 'b', latency: 'c', outcome: 'd' }
  const facts = await host.ask({ type: 'read', mapping: { columns, latencyUnit: 'microseconds', distanceSpace: 'l2' } })
  expect(facts).toMatchObject({ mappingGuessed: false, lookups: 1 })
  expect((await lookups())[0]).toMatchObject({ query: 'one', similarity: 0.8, latency: 0.25, outcome: 'hit' })
})

test('without an outcome the threshold decides, and lookups without either have none', async () => {
  const { lookups } = await openLog(
    'log.jsonl',
    jsonLines([
      { query: 'a', similarity: 0.9, threshold: 0.92 },
      { query: 'b', similarity: 0.92, threshold: 0.92 },
      { query: 'c', similarity: null, threshold: 0.92 },
    ]),
  )
  expect((await lookups()).map(({ outcome, nearMiss }) => [outcome, nearMiss])).toEqual([
    ['miss', true],
    ['hit', false],
    [null, false],
  ])
})

test('a watched log grows by what is appended, and a line in the making is taken once it is complete', async () => {
  const grown: LogFacts[] = []
  const { file, host, facts, lookups } = await openLog('log.jsonl', jsonLines([{ query: 'a', outcome: 'hit' }]), (each) => grown.push(each))
  expect(facts).toMatchObject({ lookups: 1, watching: false })
  expect(await host.ask({ type: 'watch', watching: true })).toMatchObject({ watching: true })
  await appendFile(file, `${JSON.stringify({ query: 'b', outcome: 'miss' })}\n{"query": "c", `)
  await expect.poll(() => grown.at(-1)?.lookups).toBe(2)
  await appendFile(file, '"outcome": "hit"}')
  await expect.poll(() => grown.at(-1)).toMatchObject({ lookups: 3, malformed: 0 })
  await appendFile(file, `\n${JSON.stringify({ query: 'd', outcome: 'hit' })}\n`)
  await expect.poll(() => grown.at(-1)).toMatchObject({ lookups: 4, malformed: 0 })
  expect((await lookups()).map(({ query, line }) => [query, line])).toEqual([
    ['a', 1],
    ['b', 2],
    ['c', 3],
    ['d', 4],
  ])
  await host.ask({ type: 'watch', watching: false })
  await appendFile(file, jsonLines([{ query: 'e', outcome: 'hit' }]))
  await new Promise((resolve) => setTimeout(resolve, 1500))
  expect(grown.at(-1)?.lookups).toBe(4)
})

test('a watched log that is rotated or emptied is followed, says so, and keeps what was read', async () => {
  const grown: LogFacts[] = []
  const { file, host, lookups } = await openLog(
    'log.jsonl',
    jsonLines([
      { query: 'a', outcome: 'hit' },
      { query: 'b', outcome: 'hit' },
    ]),
    (each) => grown.push(each),
  )
  await host.ask({ type: 'watch', watching: true })
  await rename(file, `${file}.1`)
  await writeFile(file, jsonLines([{ query: 'rotated', outcome: 'miss' }]))
  await expect.poll(() => grown.at(-1)?.lookups).toBe(3)
  expect(grown.at(-1)?.notes).toHaveLength(1)
  await writeFile(file, '')
  await expect.poll(() => grown.at(-1)?.notes.length).toBe(2)
  await appendFile(file, jsonLines([{ query: 'after', outcome: 'miss' }]))
  await expect.poll(() => grown.at(-1)?.lookups).toBe(4)
  expect((await lookups()).map(({ query }) => query)).toEqual(['a', 'b', 'rotated', 'after'])
})

test('lookups are filtered, searched and sorted; what has no value comes last', async () => {
  const { lookups } = await openLog(
    'log.jsonl',
    jsonLines([
      { query: 'Red shoes', outcome: 'hit', similarity: 0.9, namespace: 'shop', entry_id: 'x' },
      { query: 'Blue shoes', outcome: 'miss', similarity: 0.84, namespace: 'shop', nearest_id: 'x' },
      { query: 'Rain', outcome: 'miss', namespace: null },
      { query: 'Snow', outcome: 'exact', similarity: 1, namespace: 'sky' },
    ]),
  )
  const queries = async (...given: Parameters<typeof lookups>) => (await lookups(...given)).map(({ query }) => query)
  expect(await queries({ find: 'SHOES' })).toEqual(['Red shoes', 'Blue shoes'])
  expect(await queries({ outcomes: ['hit', 'exact-hit'] })).toEqual(['Red shoes', 'Snow'])
  expect(await queries({ namespace: { is: null } })).toEqual(['Rain'])
  expect(await queries({ namespace: { is: 'nowhere' } })).toEqual([])
  expect(await queries({ entryId: 'x' })).toEqual(['Red shoes', 'Blue shoes'])
  expect(await queries({ minSimilarity: 0.84, maxSimilarity: 1 })).toEqual(['Red shoes', 'Blue shoes'])
  expect(await queries({ nearMisses: true })).toEqual(['Blue shoes'])
  expect(await queries({ nearMisses: true, threshold: 0.9 })).toEqual([])
  expect(await queries({}, { by: 'similarity', descending: true })).toEqual(['Snow', 'Red shoes', 'Blue shoes', 'Rain'])
  expect(await queries({}, { by: 'similarity', descending: false })).toEqual(['Blue shoes', 'Red shoes', 'Snow', 'Rain'])
})

test('reading is cancelled, and the former lookups stay', async () => {
  const { host, lookups } = await openLog(
    'log.jsonl',
    jsonLines(Array.from({ length: 50_000 }, (_, index) => ({ query: `q${index}`, outcome: 'miss' }))),
  )
  const controller = new AbortController()
  const reading = host.ask({ type: 'read', mapping: null }, { signal: controller.signal })
  controller.abort()
  await expect(reading).rejects.toMatchObject({ code: 'cancelled' })
  expect(await lookups({ find: 'q49999' })).toHaveLength(1)
})
