import { describe, expect, test } from 'vitest'
import { draftOf, readDraft, type RecordDraft } from '../../renderer/lib/editing/record-draft.ts'
import type { MetadataValue } from '../../shared/domain/metadata.ts'
import type { StoredRecord } from '../../shared/domain/record.ts'

const seen: StoredRecord = {
  id: 'one',
  document: 'A text',
  uri: null,
  metadata: new Map<string, MetadataValue>([
    ['topic', 'refund'],
    ['hits', 3n],
  ]),
}

function read(part: Partial<RecordDraft>) {
  return readDraft({ seen, draft: { ...draftOf(seen), ...part } })
}

describe('a draft of a record', () => {
  test('that says what is stored is no edit', () => {
    expect(read({})).toMatchObject({ edit: null, parts: [], problemCount: 0, after: seen })
  })

  test('is an edit of only what differs', () => {
    const rows = draftOf(seen).metadata.map((row) => (row.key === 'hits' ? { ...row, text: '4' } : row))
    const { edit, parts, after } = read({ metadata: rows, uri: 'file:///a' })
    expect(parts).toEqual(['hits', 'URI'])
    expect(edit).toEqual({ id: 'one', seen, uri: 'file:///a', metadata: after.metadata, vector: { kind: 'keep' } })
    expect(after.metadata?.get('hits')).toBe(4n)
  })

  test('removes keys that have no row, and all metadata with the last one', () => {
    const [topic] = draftOf(seen).metadata
    expect([...(read({ metadata: topic ? [topic] : [] }).edit?.metadata ?? [])]).toEqual([['topic', 'refund']])
    expect(read({ metadata: [] }).edit).toMatchObject({ metadata: null })
  })

  test('asks what happens to the vector once the text is another', () => {
    expect(read({ document: 'Another' })).toMatchObject({ edit: null, problemCount: 1, parts: ['document'] })
    expect(read({ document: 'Another' }).problems.vector).toMatch(/Choose/)
    expect(read({ document: 'Another', vector: 'keep' }).edit).toMatchObject({ document: 'Another', vector: { kind: 'keep' } })
    expect(read({ document: 'Another', vector: 'embed' })).toMatchObject({
      parts: ['document', 'vector'],
      edit: { vector: { kind: 'embed' } },
    })
  })

  test('may lose its text, and has then nothing to embed', () => {
    expect(read({ document: null }).edit).toMatchObject({ document: null, vector: { kind: 'keep' } })
    expect(read({ document: null, vector: 'embed' }).problems.vector).toMatch(/nothing to embed/)
    expect(read({ document: '', vector: 'keep' }).edit).toMatchObject({ document: '' })
  })

  test('may embed the same text again', () => {
    expect(read({ vector: 'embed' })).toMatchObject({ parts: ['vector'], edit: { id: 'one', vector: { kind: 'embed' } } })
  })

  test('gets another ID, but not none', () => {
    expect(read({ id: 'two' }).edit).toMatchObject({ id: 'one', newId: 'two' })
    expect(read({ id: '' })).toMatchObject({ edit: null, problems: { id: 'A record needs an ID.' } })
  })

  test('with a value that is none is no edit, and is shown without it', () => {
    const rows = draftOf(seen).metadata.map((row) => (row.key === 'hits' ? { ...row, text: 'many' } : row))
    const { edit, problemCount, after } = read({ metadata: rows })
    expect([edit, problemCount, after.metadata?.has('hits')]).toEqual([null, 1, false])
  })
})
