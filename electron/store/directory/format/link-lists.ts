import type { IndexHeader } from './header.ts'

/**
 * What is wrong with link_lists.bin, in a few words; null where it fits the header. It holds for each element the bytes of its links
 * in the upper layers, each layer 4 * maxM + 4 bytes long; see loadIndex() in hnswlib's hnswalg.h.
 */
export function linkListsProblem(bytes: Buffer, header: IndexHeader): string | null {
  const layer = 4 * header.maxM + 4
  let at = 0
  for (let element = 0; element < header.count; element += 1) {
    if (at + 4 > bytes.length) return `it ends after ${element.toLocaleString('en')} of ${header.count.toLocaleString('en')} elements`
    const size = bytes.readUInt32LE(at)
    if (size % layer !== 0 || size / layer > Math.max(0, header.maxLevel))
      return `the links of element ${element.toLocaleString('en')} have an impossible length`
    at += 4 + size
  }
  return at > bytes.length ? 'it ends in the middle of the last element' : null
}
