import { type BlockLayout, rowsOf } from '../search/block-layout.ts'

/** Rows gathered where all their bits are the same. */
export interface IdenticalRows {
  /** The first row of each group, ascending. */
  readonly first: Int32Array
  /** The other rows of a group, ascending, by its first row; a group of one is not there. */
  readonly others: ReadonlyMap<number, readonly number[]>
}

/**
 * Two 32-bit hashes of each row's bits, side by side: murmur3 (Austin Appleby, public domain) without its end, and the same with
 * other constants. Both together differ for different rows but for one pair in 2^64.
 */
export function hashRows(memory: WebAssembly.Memory, { rowsAt, rows, stride, dimension }: BlockLayout): Uint32Array {
  const words = new Int32Array(memory.buffer, rowsAt, rows * stride)
  const hashes = new Uint32Array(rows * 2)
  for (let row = 0; row < rows; row += 1) {
    let [first, second] = [dimension, ~dimension]
    const from = row * stride
    for (let at = from; at < from + dimension; at += 1) {
      const word = words[at] as number
      const low = Math.imul(word, 0xcc9e2d51)
      first ^= Math.imul((low << 15) | (low >>> 17), 0x1b873593)
      first = (Math.imul((first << 13) | (first >>> 19), 5) + 0xe6546b64) | 0
      const high = Math.imul(word, 0x85ebca6b)
      second ^= Math.imul((high << 16) | (high >>> 16), 0xc2b2ae35)
      second = (Math.imul((second << 11) | (second >>> 21), 9) + 0x38b34ae5) | 0
    }
    hashes[row * 2] = first
    hashes[row * 2 + 1] = second
  }
  return hashes
}

/** @param among ascending rows */
export function findIdentical(memory: WebAssembly.Memory, layout: BlockLayout, hashes: Uint32Array, among: Int32Array): IdenticalRows {
  const rows = rowsOf(memory, layout)
  const words = new Int32Array(rows.buffer, rows.byteOffset, rows.length)
  const isEqual = (a: number, b: number): boolean => {
    const [left, right] = [a * layout.stride, b * layout.stride]
    for (let at = 0; at < layout.dimension; at += 1) if (words[left + at] !== words[right + at]) return false
    return true
  }
  const byHash = new Map<number, number>()
  const others = new Map<number, number[]>()
  const first = new Int32Array(among.length)
  let count = 0
  for (const row of among) {
    // As many bits as a number holds; a group may be cut in two where they collide, which costs time and nothing else.
    const key = (hashes[row * 2] as number) * 2 ** 21 + ((hashes[row * 2 + 1] as number) >>> 11)
    const earlier = byHash.get(key)
    if (earlier !== undefined && isEqual(earlier, row)) {
      const group = others.get(earlier)
      if (group) group.push(row)
      else others.set(earlier, [row])
      continue
    }
    if (earlier === undefined) byHash.set(key, row)
    first[count] = row
    count += 1
  }
  return { first: first.slice(0, count), others }
}
