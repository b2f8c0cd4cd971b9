import { describe, expect, test } from 'vitest'
import { detailsOf, standingOf, turnsOf } from '../../../shared/domain/memory/episode.ts'
import { isMemory } from '../../../shared/domain/memory/is-memory.ts'
import { MemoryColumnsBuilder } from '../../../shared/domain/memory/memory-columns.ts'
import { memoryRowOf, userNameField, type MemoryRow } from '../../../shared/domain/memory/memory-row.ts'
import {
  memoryEnd,
  memoryHead,
  memoryItems,
  memoryListEnd,
  memoryListHead,
  type MemoryItem,
} from '../../../shared/domain/memory/memory-text.ts'
import { activityOf, makeTimeline, placesOf, rowsByTime } from '../../../shared/domain/memory/memory-timeline.ts'
import type { MetadataValue } from '../../../shared/domain/metadata.ts'
import type { Field, ProfileMapping } from '../../../shared/domain/profiles/profile.ts'
import type { StoredRecord } from '../../../shared/domain/record.ts'

const key = (name: string): Field => ({ from: 'metadata', key: name, path: null })
const chat: ProfileMapping = { kind: 'memory', fields: { user: key('user_id'), session: key('session_id'), createdAt: key('occurred_at') } }

function record(id: string, document: string | null, metadata: Record<string, MetadataValue> = {}): StoredRecord {
  return { id, document, metadata: new Map(Object.entries(metadata)), uri: null }
}

function columnsOf(rows: readonly Partial<MemoryRow>[]) {
  const builder = new MemoryColumnsBuilder()
  for (const [at, row] of rows.entries())
    builder.add({ id: `r${at}`, user: null, userValue: null, session: null, time: Number.NaN, name: null, ...row })
  return builder.finish()
}

const hour = (count: number): number => Date.UTC(2026, 0, 1, count)

describe('a record as part of somebody’s memory', () => {
  test('times as ISO text, seconds and milliseconds are one clock', () => {
    const timeOf = (value: MetadataValue) => memoryRowOf(chat, null, record('a', null, { occurred_at: value })).time
    expect(timeOf('2026-01-01T03:00:00Z')).toBe(hour(3))
    expect(timeOf('2026-01-01 05:00:00+02:00')).toBe(hour(3))
    expect(timeOf(BigInt(hour(3) / 1000))).toBe(hour(3))
    expect(timeOf(hour(3))).toBe(hour(3))
    expect(timeOf('yesterday')).toBeNaN()
  })

  test('users are told apart by what they are called, not by how Chroma types it, and an empty text is nobody', () => {
    const row = (user: MetadataValue) => memoryRowOf(chat, null, record('a', null, { user_id: user }))
    expect(row(7n)).toMatchObject({ user: '7', userValue: 7n })
    expect(row('7')).toMatchObject({ user: '7', userValue: '7' })
    expect(row('')).toMatchObject({ user: null })
    expect(memoryRowOf(chat, null, record('a', null))).toMatchObject({ user: null, session: null })
  })

  test('a name beside the id is what the user is called; the id itself is not its own name', () => {
    expect(userNameField(chat, ['user_id', 'user_name'])).toEqual(key('user_name'))
    expect(userNameField({ ...chat, fields: { user: key('user_name') } }, ['user_name'])).toBeNull()
    expect(userNameField({ ...chat, fields: {} }, ['user_name'])).toBeNull()
  })

  test('both spellings of a user are kept for filters, and the latest name', () => {
    const { userNames, userLabels, userValues } = columnsOf([
      { user: '7', userValue: 7n, time: hour(1), name: 'Ann' },
      { user: '7', userValue: '7', time: hour(3), name: 'Ann Lee' },
      { user: '7', userValue: 7n, time: hour(2), name: 'Anna' },
    ])
    expect([userNames, userLabels, userValues]).toEqual([['7'], ['Ann Lee'], [[7n, '7']]])
  })
})

describe('a timeline', () => {
  const columns = columnsOf([
    { user: 'ann', session: 's1', time: hour(1) },
    { user: 'ben', session: 's1', time: hour(9) },
    { user: 'ann', session: 's2', time: hour(6) },
    { user: 'ann', session: 's1', time: hour(0) },
    { user: 'ann', session: null, time: Number.NaN },
    { user: 'ann', session: 's2', time: hour(5) },
    { user: 'ann', session: 's2', time: Number.NaN },
  ])
  const timeline = makeTimeline(columns, null)
  const [ann, ben] = timeline.users
  if (ann === undefined || ben === undefined) throw new Error('Both users must be there.')

  test('shows the newest session first and each session as it was spoken', () => {
    const places = placesOf(timeline, ann, 0, 100)
    expect(places.map(({ row, number }) => [columns.ids[row], number])).toEqual([
      ['r5', 0],
      ['r2', 1],
      ['r6', 2],
      ['r3', 0],
      ['r0', 1],
      ['r4', 0],
    ])
    expect(ann).toMatchObject({ episodes: 6, first: hour(0), last: hour(6), starts: [0, 3, 5] })
  })

  test('is the same in pages of any size', () => {
    const whole = placesOf(timeline, ann, 0, 100)
    for (const size of [1, 2, 4]) {
      const paged = [0, 1, 2, 3, 4, 5].flatMap((at) => (at % size === 0 ? placesOf(timeline, ann, at, size) : []))
      expect(paged).toEqual(whole)
    }
    expect(placesOf(timeline, ann, 6, 10)).toEqual([])
  })

  test('keeps sessions of two users apart that have the same name', () => {
    expect(placesOf(timeline, ben, 0, 100).map(({ row }) => columns.ids[row])).toEqual(['r1'])
    expect(ann.sessions.map(({ session }) => columns.sessionNames[session] ?? null)).toEqual(['s2', 's1', null])
  })

  test('is made of the chosen rows alone', () => {
    const part = makeTimeline(columns, Int32Array.of(0, 3))
    expect(part.users.map(({ episodes }) => episodes)).toEqual([2])
    expect(makeTimeline(columns, Int32Array.of()).users).toEqual([])
  })

  test('reads facts newest first, whatever their session', () => {
    expect([...rowsByTime(columns, timeline, ann)].map((row) => columns.ids[row])).toEqual(['r2', 'r5', 'r0', 'r3', 'r6', 'r4'])
  })

  test('counts every episode with a time in exactly one span', () => {
    const activity = activityOf(columns, timeline, ann, 6)
    expect(activity).toEqual({ from: hour(0), to: hour(6), counts: [1, 1, 0, 0, 0, 2] })
    expect(activityOf(columns, timeline, ben, 6)).toBeNull()
  })

  test('of 5,000 episodes in one session keeps their stored order where all say the same time', () => {
    const many = columnsOf(Array.from({ length: 5000 }, () => ({ user: 'u', session: 's', time: hour(1) })))
    const made = makeTimeline(many, null)
    const [only] = made.users
    expect(only?.sessions).toHaveLength(1)
    expect([...made.rows]).toEqual(Array.from({ length: 5000 }, (_, at) => at))
  })
})

describe('an episode', () => {
  const said = { input: 'How?', output: 'Like this.' }
  const withFields: ProfileMapping = { ...chat, fields: { ...chat.fields, input: key('input'), output: key('output') } }
  const brief = (mapping: ProfileMapping, episode: StoredRecord) =>
    turnsOf(mapping, episode).map(({ speaker, text }) => `${speaker}: ${text}`)

  test('is split into its turns where the document has several, in their order', () => {
    expect(brief(withFields, record('a', 'User: a\nAssistant: b\nUser: c', said))).toEqual(['user: a', 'assistant: b', 'user: c'])
  })

  test('is input and output where the document is no conversation', () => {
    expect(brief(withFields, record('a', 'A summary', said))).toEqual(['user: How?', 'assistant: Like this.'])
    expect(brief(withFields, record('a', null, { output: 'Alone' }))).toEqual(['assistant: Alone'])
  })

  test('is one turn of whoever the record names, or of nobody', () => {
    const spoken: ProfileMapping = { ...chat, fields: { ...chat.fields, speaker: key('role') } }
    expect(turnsOf(spoken, record('a', 'hello', { role: 'human' }))).toEqual([{ speaker: 'user', label: 'human', text: 'hello' }])
    expect(turnsOf(chat, record('a', 'a note'))).toEqual([{ speaker: 'other', label: '', text: 'a note' }])
    expect(turnsOf(chat, record('a', null))).toEqual([])
  })

  test('tells its small facts, and whether it still holds', () => {
    const mapping: ProfileMapping = { kind: 'facts', fields: { topic: key('topic'), importance: key('weight') } }
    expect(detailsOf(mapping, record('a', null, { topic: ' ', weight: 0.5 }))).toEqual([{ role: 'importance', text: 'importance 0.5' }])
    expect(standingOf(record('a', null, { archived: true }))).toBe('archived')
    expect(standingOf(record('a', null, { active: false }))).toBe('superseded')
    expect(standingOf(record('a', null, { superseded_by: 'b' }))).toBe('superseded')
    expect(standingOf(record('a', null, { active: true, superseded_by: '', archived: 'true' }))).toBe('current')
    expect(standingOf({ id: 'a', document: null, metadata: null, uri: null })).toBe('current')
  })

  test('makes a memory of a collection by its kind, or by whom it names', () => {
    expect(
      [chat, { kind: 'facts', fields: {} }, { kind: 'unknown', fields: { session: key('s') } }].map((each) =>
        isMemory(each as ProfileMapping),
      ),
    ).toEqual([true, true, true])
    expect(
      [
        { kind: 'cache', fields: { user: key('u') } },
        { kind: 'chunks', fields: {} },
        { kind: 'unknown', fields: {} },
      ].map((each) => isMemory(each as ProfileMapping)),
    ).toEqual([false, false, false])
  })
})

describe('a memory as text', () => {
  const item = (id: string, text: string, more: Partial<MemoryItem> = {}): MemoryItem => ({
    record: record(id, text, { n: 3, big: 9_007_199_254_740_993n }),
    turns: [{ speaker: 'user', label: 'User', text }],
    time: hour(1),
    session: 's1',
    startsSession: true,
    ...more,
  })

  test('is JSON however many parts it comes in, with whole numbers exact and floats as floats', () => {
    const text = [
      memoryHead('json', 'u"1', null),
      memoryListHead('json', 'episodes'),
      memoryItems('json', 'episodes', [item('a', 'x'), item('b', 'y')], true),
      memoryItems('json', 'episodes', [item('c', 'z')], false),
      memoryListEnd('json'),
      memoryListHead('json', 'facts'),
      memoryListEnd('json'),
      memoryEnd('json'),
    ].join('')
    const parsed = JSON.parse(text) as { user: string; episodes: { id: string }[]; facts: unknown[] }
    expect([parsed.user, parsed.episodes.map(({ id }) => id), parsed.facts]).toEqual(['u"1', ['a', 'b', 'c'], []])
    expect(text).toContain('"n": 3.0, "big": 9007199254740993')
  })

  test('as JSON lines says of each line what it is', () => {
    const lines = memoryItems('jsonl', 'facts', [item('a', 'x')], true)
      .trimEnd()
      .split('\n')
    expect(lines.map((line) => JSON.parse(line) as object)).toMatchObject([{ kind: 'fact', id: 'a', document: 'x' }])
  })

  test('as Markdown keeps what was said from making headings and lists of its own', () => {
    const text = memoryHead('markdown', 'u_1', 'A\n# b') + memoryItems('markdown', 'episodes', [item('a', '# No heading\n- no list')], true)
    const headings = text.split('\n').filter((line) => line.startsWith('#'))
    expect(headings).toEqual(['# A \\# b (u\\_1)', '## Session s1'])
    expect(text).toContain('> # No heading\n> - no list')
  })
})
