import { describe, expect, test } from 'vitest'
import { chunkText, type ChunkSettings } from '../../../shared/domain/curation/chunk-text.ts'
import { importRow } from '../../../shared/domain/curation/import-row.ts'
import { parseNested } from '../../../shared/domain/profiles/read-role.ts'
import { seededRandom } from '../../support/random.ts'

function chunks(text: string, settings: Partial<ChunkSettings>, isMarkdown = false): string[] {
  return [...chunkText(text, { by: 'size', size: 20, overlap: 0, ...settings }, isMarkdown)].map((chunk) => chunk.text)
}

describe('Cutting texts', () => {
  test('By size, chunks end between words and are as long as they may be', () => {
    expect(chunks('one two three four five six', { size: 13 })).toEqual(['one two three', 'four five six'])
    expect(chunks('', {})).toEqual([])
    expect(chunks(' \n ', {})).toEqual([])
  })

  test('A word that is too long is cut between characters, never within one', () => {
    expect(chunks('abcdefgh', { size: 3 })).toEqual(['abc', 'def', 'gh'])
    expect(chunks('🙂🙂🙂', { size: 3 })).toEqual(['🙂', '🙂', '🙂'])
  })

  test('The overlap repeats whole words, and never more than asked for', () => {
    expect(chunks('aa bb cc dd ee', { size: 8, overlap: 3 })).toEqual(['aa bb cc', 'cc dd ee'])
    expect(chunks('aa bb cc dd ee', { size: 8, overlap: 1 })).toEqual(['aa bb cc', 'dd ee'])
  })

  test('By sentence, abbreviated numbers do not end one, and a chunk holds as many as fit', () => {
    const text = 'It costs 3.50 today. It was less! Was it? Yes.'
    expect(chunks(text, { by: 'sentence', size: 22 })).toEqual(['It costs 3.50 today.', 'It was less! Was it?', 'Yes.'])
  })

  test('By paragraph, a paragraph that is too long is cut by sentences', () => {
    const text = 'First one.\n\nSecond one is long. It goes on.\n \nThird.'
    expect(chunks(text, { by: 'paragraph', size: 22 })).toEqual(['First one.', 'Second one is long.', 'It goes on.\n \nThird.'])
    expect(chunks('a\r\n\r\nb', { by: 'paragraph', size: 1 })).toEqual(['a', 'b'])
  })

  test('By heading, each section is a chunk that knows the headings above it; code is no heading', () => {
    const text = 'Intro\n# One\ntext\n## Deep ##\nmore\n```\n# no heading\n```\n# Two\nend'
    const found = [...chunkText(text, { by: 'heading', size: 1000, overlap: 0 }, true)]
    expect(found.map((chunk) => chunk.headings)).toEqual([[], ['One'], ['One', 'Deep'], ['Two']])
    expect(found.map((chunk) => chunk.text)).toEqual(['Intro', '# One\ntext', '## Deep ##\nmore\n```\n# no heading\n```', '# Two\nend'])
  })

  test('Chunks cut otherwise name the heading they begin under', () => {
    const text = '# One\n\nfirst words\n\n# Two\n\nlast words'
    const found = [...chunkText(text, { by: 'paragraph', size: 20, overlap: 0 }, true)]
    expect(found.map((chunk) => chunk.headings)).toEqual([['One'], ['Two']])
    expect([...chunkText('# One', { by: 'size', size: 50, overlap: 0 }, false)].map((chunk) => chunk.headings)).toEqual([[]])
  })

  test('Whatever the text and settings: nothing is lost, nothing is too long, and places are right', () => {
    const random = seededRandom(11)
    const words = ['a', 'word', 'sentence.', 'Really?', '\n', '\n\n', '# Heading\n', '🙂', 'délai', 'x'.repeat(70), '   ', '```\n']
    for (let round = 0; round < 200; round += 1) {
      const text = Array.from({ length: random.below(60) }, () => random.pick(words)).join(random.pick(['', ' ']))
      const size = 50 + random.below(100)
      const overlap = random.below(size / 2)
      const by = random.pick(['size', 'sentence', 'paragraph', 'heading'] as const)
      let covered = 0
      for (const chunk of chunkText(text, { by, size, overlap }, random.chance(0.5))) {
        expect(chunk.text.length).toBeLessThanOrEqual(size)
        expect(text.slice(chunk.start, chunk.end)).toBe(chunk.text)
        expect(text.slice(covered, Math.max(covered, chunk.start)).trim()).toBe('')
        expect(chunk.end).toBeGreaterThan(covered)
        expect(covered - chunk.start).toBeLessThanOrEqual(overlap)
        covered = chunk.end
      }
      expect(text.slice(covered).trim()).toBe('')
    }
  })

  test('A text of some megabytes is cut too', () => {
    const text = 'A sentence of some words. '.repeat(80_000)
    let count = 0
    for (const { text: piece } of chunkText(text, { by: 'size', size: 500, overlap: 100 }, false)) count += piece.length > 0 ? 1 : 0
    expect(count).toBeGreaterThan(4000)
  })
})

describe('Records of files', () => {
  const read = (line: string) => importRow(parseNested(line), 'file#1')

  test('Numbers keep their types, and absent parts are none', () => {
    expect(read('{"id":"a","document":"x","metadata":{"n":9007199254740993,"f":3.0,"none":null},"embedding":[1,2.5]}')).toEqual({
      value: {
        id: 'a',
        document: 'x',
        uri: null,
        metadata: new Map<string, bigint | number>([
          ['n', 9_007_199_254_740_993n],
          ['f', 3],
        ]),
        vector: Float32Array.of(1, 2.5),
      },
    })
    expect(read('{"text":"x"}')).toEqual({ value: { id: 'file#1', document: 'x', uri: null, metadata: null, vector: null } })
  })

  test('Without an object of metadata, all other values are metadata; lists of both kinds of numbers are floats', () => {
    expect(read('{"id":7,"content":"x","topic":"y","list":[1,2.5]}')).toMatchObject({
      value: {
        id: '7',
        metadata: new Map<string, string | number[]>([
          ['topic', 'y'],
          ['list', [1, 2.5]],
        ]),
      },
    })
  })

  test.each([
    ['[1]', 'no object'],
    ['{"id":true}', 'neither a text nor an integer'],
    ['{"document":3}', 'document is no text'],
    ['{"metadata":[1]}', 'metadata is no object'],
    ['{"metadata":{"a":{"b":1}}}', 'nested'],
    ['{"embedding":["1"]}', 'no list of numbers'],
  ])('%s is refused', (line, reason) => {
    expect(read(line)).toEqual({ reason: expect.stringContaining(reason) as string })
  })
})
