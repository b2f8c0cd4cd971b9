function rotate(value: number, bits: number): number {
  return (value << bits) | (value >>> (32 - bits))
}

function mix(block: number): number {
  return Math.imul(rotate(Math.imul(block, 0xcc9e2d51), 15), 0x1b873593)
}

/**
 * MurmurHash3, x86 32-bit variant (Austin Appleby, public domain, https://github.com/aappleby/smhasher).
 * @returns an unsigned 32-bit integer
 */
export function murmur3(bytes: Uint8Array, seed: number): number {
  const { length } = bytes
  const tail = length & ~3
  let hash = seed | 0
  for (let at = 0; at < tail; at += 4) {
    const block = (bytes[at] ?? 0) | ((bytes[at + 1] ?? 0) << 8) | ((bytes[at + 2] ?? 0) << 16) | ((bytes[at + 3] ?? 0) << 24)
    hash = (Math.imul(rotate(hash ^ mix(block), 13), 5) + 0xe6546b64) | 0
  }
  if (tail < length) {
    const block = (bytes[tail] ?? 0) | ((bytes[tail + 1] ?? 0) << 8) | ((bytes[tail + 2] ?? 0) << 16)
    hash ^= mix(block)
  }
  hash ^= length
  hash = Math.imul(hash ^ (hash >>> 16), 0x85ebca6b)
  hash = Math.imul(hash ^ (hash >>> 13), 0xc2b2ae35)
  return (hash ^ (hash >>> 16)) >>> 0
}
