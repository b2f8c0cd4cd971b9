import { describe, expect, test } from 'vitest'
import { parseIndexMetadata } from '../../../electron/store/directory/format/pickle.ts'
import { seededRandom } from '../../support/random.ts'

const proto = (version: number): Buffer => Buffer.from([0x80, version])
const op = (letters: string): Buffer => Buffer.from(letters, 'latin1')

function text(value: string): Buffer {
  const bytes = Buffer.from(value)
  const length = Buffer.alloc(4)
  length.writeUInt32LE(bytes.length)
  return Buffer.concat([op('X'), length, bytes])
}

function shortText(value: string): Buffer {
  const bytes = Buffer.from(value)
  return Buffer.concat([Buffer.from([0x8c, bytes.length]), bytes, Buffer.from([0x94])])
}

function whole(value: number): Buffer {
  const bytes = Buffer.alloc(5)
  bytes.write('J', 'latin1')
  bytes.writeInt32LE(value, 1)
  return bytes
}

/** As Chroma's Rust versions write it: protocol 3, a plain dict, no memo, items in batches of a thousand. */
function rustPickle(ids: readonly string[]): Buffer {
  const batches = (pairs: Buffer[]): Buffer => {
    const parts = [op('}')]
    for (let from = 0; from < pairs.length; from += 1000) parts.push(op('('), ...pairs.slice(from, from + 1000), op('u'))
    return Buffer.concat(parts)
  }
  return Buffer.concat([
    proto(3),
    op('}('),
    ...[text('dimensionality'), op('N'), text('total_elements_added'), whole(ids.length), text('max_seq_id'), op('N')],
    ...[text('id_to_label'), batches(ids.map((id, index) => Buffer.concat([text(id), whole(index + 1)])))],
    ...[text('label_to_id'), batches(ids.map((id, index) => Buffer.concat([whole(index + 1), text(id)])))],
    ...[text('id_to_seq_id'), op('}'), op('u.')],
  ])
}

const ids = Array.from({ length: 2500 }, (_, index) => (index % 7 === 0 ? `ид-🙂-${index}` : `id-${index}`))

describe('the pickle of an index', () => {
  test('of Chroma in Rust gives ids with their labels', () => {
    const { idToLabel, totalAdded, maxSequence, problem } = parseIndexMetadata(rustPickle(ids))
    expect([...idToLabel]).toEqual(ids.map((id, index) => [id, index + 1]))
    expect({ totalAdded, maxSequence, problem }).toEqual({ totalAdded: 2500, maxSequence: null, problem: null })
  })

  test('of Chroma in Python gives ids with their labels, through its class, frames and memo', () => {
    const module = 'chromadb.segment.impl.vector.local_persistent_hnsw'
    const bytes = Buffer.concat([
      proto(5),
      ...[Buffer.from([0x95]), Buffer.alloc(8)],
      ...[shortText(module), shortText('PersistentData'), Buffer.from([0x93, 0x94]), op(')'), Buffer.from([0x81, 0x94])],
      op('}('),
      ...[shortText('max_seq_id'), Buffer.from([0x4b, 77]), shortText('total_elements_added'), op('M'), Buffer.from([0x2c, 0x01])],
      ...[shortText('id_to_label'), op('}'), Buffer.from([0x94]), op('('), shortText('a'), Buffer.from([0x4b, 1]), shortText('b')],
      ...[Buffer.from([0x8a, 2, 0x2c, 0x01]), op('u')],
      ...[shortText('label_to_id'), op('}('), Buffer.from([0x4b, 1]), Buffer.from([0x68, 7]), op('u')],
      op('ub.'),
    ])
    const { idToLabel, ...rest } = parseIndexMetadata(bytes)
    expect([...idToLabel]).toEqual([
      ['a', 1],
      ['b', 300],
    ])
    expect(rest).toEqual({ totalAdded: 300, maxSequence: 77, problem: null })
  })

  test('is searched by id, whatever letters an id has, and of an id that stands twice the last label counts', () => {
    const more = [...ids, ...Array.from({ length: 9000 }, (_, index) => `more-${index}`), '', 'é', 'id-1', 'ид-🙂-0']
    const { idToLabel } = parseIndexMetadata(rustPickle(more))
    const expected = new Map(more.map((id, index) => [id, index + 1]))
    expect(idToLabel.size).toBe(expected.size)
    expect([...idToLabel]).toEqual([...expected])
    for (const [id, label] of expected) expect(idToLabel.get(id)).toBe(label)
    for (const absent of ['id-', 'id-2500', 'ид-🙂-1', 'x', 'more-9000']) {
      expect(idToLabel.get(absent)).toBeUndefined()
      expect(idToLabel.has(absent)).toBe(false)
    }
  })

  test('that was torn gives every id before the tear, wherever that is', () => {
    const bytes = rustPickle(ids)
    const endOfLabels = bytes.indexOf(text('label_to_id'))
    const torn = parseIndexMetadata(bytes.subarray(0, endOfLabels + 40))
    expect(torn.idToLabel.size).toBe(ids.length)
    expect(torn.problem).toBe('it ends too early')
    let known = 0
    for (let end = 0; end < endOfLabels; end += 1371) {
      const { idToLabel, problem } = parseIndexMetadata(bytes.subarray(0, end))
      expect(idToLabel.size).toBeGreaterThanOrEqual(known)
      known = idToLabel.size
      for (const [id, label] of idToLabel) expect(ids[label - 1]).toBe(id)
      expect(problem).not.toBeNull()
    }
    expect(known).toBeGreaterThan(ids.length - 12)
  })

  const programs: [string, Buffer][] = [
    ['os.system by GLOBAL and REDUCE', Buffer.concat([op('cos\nsystem\n('), text('id'), op('tR.')])],
    ['os.system by STACK_GLOBAL', Buffer.concat([text('os'), text('system'), Buffer.from([0x93]), op('.')])],
    ['os.system by INST', Buffer.concat([op('('), text('id'), op('ios\nsystem\n.')])],
    ['an object by OBJ', op('(cos\nsystem\no.')],
    ['an extension', Buffer.from([0x82, 1, 0x2e])],
    ['a persistent id', op('Pevil\n.')],
    ['a class of the right name in another module', op('cos\nPersistentData\n.')],
    ['the right module with another name', op('cchromadb.segment.impl.vector.local_persistent_hnsw\nos\n.')],
    ['a call of the known class', op('cchromadb.segment.impl.vector.local_persistent_hnsw\nPersistentData\n)R.')],
    ['an out-of-band buffer', Buffer.from([0x97, 0x2e])],
    ['a set', Buffer.from([0x8f, 0x2e])],
  ]
  test.each(programs)('that asks for %s is refused', (_, bytes) => {
    expect(parseIndexMetadata(Buffer.concat([proto(4), bytes])).problem).toMatch(/refused/)
  })

  test('of any bytes at all is read to an end, within its own size', () => {
    const random = seededRandom(21)
    const good = rustPickle(ids.slice(0, 40))
    for (let round = 0; round < 3000; round += 1) {
      const bytes = round % 2 === 0 ? Buffer.from(good) : Buffer.from(Array.from({ length: random.below(200) }, () => random.below(256)))
      for (let flips = random.below(6); flips >= 0; flips -= 1) bytes[random.below(Math.max(1, bytes.length))] = random.below(256)
      const { idToLabel } = parseIndexMetadata(bytes)
      expect(idToLabel.size).toBeLessThanOrEqual(bytes.length)
    }
  })
})
