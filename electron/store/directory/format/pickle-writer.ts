/** How many pairs Chroma puts into a dict at once. */
const pairsAtOnce = 1000

const opcodes = { dict: 0x7d, mark: 0x28, text: 0x58, none: 0x4e, integer: 0x4a, setItems: 0x75, stop: 0x2e } as const

function text(value: string): Buffer {
  const bytes = Buffer.from(value, 'utf8')
  const head = Buffer.alloc(5)
  head.writeUInt8(opcodes.text, 0)
  head.writeUInt32LE(bytes.length, 1)
  return Buffer.concat([head, bytes])
}

function integer(value: number): Buffer {
  const bytes = Buffer.alloc(5)
  bytes.writeUInt8(opcodes.integer, 0)
  bytes.writeInt32LE(value, 1)
  return bytes
}

function dict(pairs: readonly (readonly [Buffer, Buffer])[]): Buffer {
  const parts: Buffer[] = [Buffer.of(opcodes.dict)]
  for (let from = 0; from < Math.max(1, pairs.length); from += pairsAtOnce) {
    parts.push(Buffer.of(opcodes.mark))
    for (const [key, value] of pairs.slice(from, from + pairsAtOnce)) parts.push(key, value)
    parts.push(Buffer.of(opcodes.setItems))
  }
  return Buffer.concat(parts)
}

/**
 * An index_metadata.pickle as Chroma 1.x writes it: pickle protocol 3, a dict of six keys in a fixed order.
 * @param totalAdded the last label that was handed out, below 2^31
 */
export function writeIndexMetadata(idToLabel: ReadonlyMap<string, number>, totalAdded: number): Buffer {
  const pairs = [...idToLabel].map(([id, label]) => [text(id), integer(label)] as const)
  const none = Buffer.of(opcodes.none)
  const whole = dict([
    [text('dimensionality'), none],
    [text('total_elements_added'), integer(totalAdded)],
    [text('max_seq_id'), none],
    [text('id_to_label'), dict(pairs)],
    [text('label_to_id'), dict(pairs.map(([id, label]) => [label, id]))],
    [text('id_to_seq_id'), Buffer.of(opcodes.dict)],
  ])
  return Buffer.concat([Buffer.of(0x80, 3), whole, Buffer.of(opcodes.stop)])
}
