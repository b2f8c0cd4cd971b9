import { closeSync, fstatSync, openSync, readSync } from 'node:fs'
import path from 'node:path'

/** Header of hnswlib's files as Chroma writes it (hnswalg.h, format version 1), 100 bytes little-endian. */
interface IndexHeader {
  readonly offsetLevel0: number
  readonly capacity: number
  readonly count: number
  readonly elementSize: number
  readonly labelOffset: number
  readonly dataOffset: number
  readonly maxLevel: number
  readonly entryPoint: number
  readonly maxLinks: number
  readonly maxLinks0: number
}

export interface IndexLabels {
  /** Labels of elements that are not marked as deleted. */
  readonly live: ReadonlySet<number>
  readonly largest: number
}

const headerBytes = 100
const chunkBytes = 4 * 1024 * 1024

class Trouble extends Error {}

function whole(bytes: DataView, at: number): number {
  const value = bytes.getBigUint64(at, true)
  if (value > BigInt(Number.MAX_SAFE_INTEGER)) throw new Trouble('header.bin holds an impossible number')
  return Number(value)
}

function readHeader(folder: string): IndexHeader {
  const bytes = new Uint8Array(headerBytes)
  withFile(path.join(folder, 'header.bin'), (file, size) => {
    if (size < headerBytes) throw new Trouble('header.bin is cut short')
    readSync(file, bytes, 0, headerBytes, 0)
  })
  const view = new DataView(bytes.buffer)
  if (view.getInt32(0, true) !== 1) throw new Trouble(`header.bin has the unknown format version ${view.getInt32(0, true)}`)
  return {
    offsetLevel0: whole(view, 4),
    capacity: whole(view, 12),
    count: whole(view, 20),
    elementSize: whole(view, 28),
    labelOffset: whole(view, 36),
    dataOffset: whole(view, 44),
    maxLevel: view.getInt32(52, true),
    entryPoint: view.getUint32(56, true),
    maxLinks: whole(view, 60),
    maxLinks0: whole(view, 68),
  }
}

function checkHeader(header: IndexHeader, dimension: number): void {
  const { capacity, count, dataOffset, elementSize, entryPoint, labelOffset, maxLevel, maxLinks, maxLinks0, offsetLevel0 } = header
  const consistent =
    offsetLevel0 === 0 &&
    maxLinks > 0 &&
    maxLinks < 100_000 &&
    maxLinks0 === 2 * maxLinks &&
    dataOffset === 4 + 4 * maxLinks0 &&
    labelOffset === dataOffset + 4 * dimension &&
    elementSize === labelOffset + 8
  if (!consistent) throw new Trouble(`the sizes in header.bin do not fit vectors of dimension ${dimension}`)
  if (count > capacity) throw new Trouble('header.bin counts more elements than there is room for')
  if (maxLevel < -1 || maxLevel > 64) throw new Trouble('header.bin holds an impossible level')
  if (count > 0 && entryPoint >= count) throw new Trouble('the entry point of the index does not exist')
}

function withFile(file: string, work: (descriptor: number, size: number) => void): void {
  let descriptor: number
  try {
    descriptor = openSync(file, 'r')
  } catch (error) {
    throw new Trouble(
      (error as NodeJS.ErrnoException).code === 'ENOENT' ? `${path.basename(file)} is missing` : `${path.basename(file)} cannot be read`,
    )
  }
  try {
    work(descriptor, fstatSync(descriptor).size)
  } finally {
    closeSync(descriptor)
  }
}

function readFully(descriptor: number, bytes: Uint8Array, length: number, position: number): void {
  let done = 0
  while (done < length) {
    const read = readSync(descriptor, bytes, done, length - done, position + done)
    if (read === 0) throw new Trouble('a file of the index ends early')
    done += read
  }
}

/** One pass over all elements: links inside the index, every label once. */
function checkElements(folder: string, header: IndexHeader): IndexLabels {
  const { count, elementSize, labelOffset, maxLinks0 } = header
  const live = new Set<number>()
  const all = new Set<number>()
  let largest = 0
  withFile(path.join(folder, 'data_level0.bin'), (file, size) => {
    if (size < count * elementSize) throw new Trouble('data_level0.bin is cut short')
    const perChunk = Math.max(1, Math.floor(chunkBytes / elementSize))
    const bytes = new Uint8Array(perChunk * elementSize)
    const view = new DataView(bytes.buffer)
    for (let first = 0; first < count; first += perChunk) {
      const here = Math.min(perChunk, count - first)
      readFully(file, bytes, here * elementSize, first * elementSize)
      for (let index = 0; index < here; index += 1) {
        const at = index * elementSize
        const links = view.getUint16(at, true)
        if (links > maxLinks0) throw new Trouble('an element of the index has too many links')
        for (let link = 0; link < links; link += 1) {
          if (view.getUint32(at + 4 + 4 * link, true) >= count) throw new Trouble('a link of the index leads nowhere')
        }
        const label = whole(view, at + labelOffset)
        if (label < 1 || all.has(label)) throw new Trouble('labels of the index are not unique')
        all.add(label)
        largest = Math.max(largest, label)
        if ((view.getUint8(at + 2) & 1) === 0) live.add(label)
      }
    }
  })
  return { live, largest }
}

function checkLengths(folder: string, header: IndexHeader): void {
  withFile(path.join(folder, 'length.bin'), (_file, size) => {
    if (size < header.count * 4) throw new Trouble('length.bin is cut short')
  })
}

/** Walks the links of the upper levels; they must end exactly where the file does. */
function checkUpperLinks(folder: string, header: IndexHeader): void {
  const { count, maxLevel, maxLinks } = header
  const levelBytes = 4 * maxLinks + 4
  withFile(path.join(folder, 'link_lists.bin'), (file, size) => {
    const buffer = new Uint8Array(chunkBytes)
    const view = new DataView(buffer.buffer)
    let start = 0
    let filled = 0
    let at = 0
    const need = (length: number): void => {
      if (at - start + length <= filled) return
      if (at + length > size) throw new Trouble('link_lists.bin ends early')
      start = at
      filled = Math.min(chunkBytes, size - at)
      readFully(file, buffer, filled, start)
    }
    for (let element = 0; element < count; element += 1) {
      need(4)
      const length = view.getUint32(at - start, true)
      at += 4
      if (length === 0) continue
      if (length % levelBytes !== 0 || length / levelBytes > Math.max(0, maxLevel))
        throw new Trouble('link_lists.bin holds an impossible size')
      need(length)
      for (let level = 0; level < length; level += levelBytes) {
        const links = view.getUint16(at - start + level, true)
        if (links > maxLinks) throw new Trouble('an element of the index has too many links')
        for (let link = 0; link < links; link += 1) {
          if (view.getUint32(at - start + level + 4 + 4 * link, true) >= count) throw new Trouble('a link of the index leads nowhere')
        }
      }
      at += length
    }
    if (at !== size) throw new Trouble('link_lists.bin is longer than its elements')
  })
}

/**
 * Checks the four HNSW files of a segment for everything that makes an engine read or write outside them.
 * @returns the labels, or the first trouble in words that fit after "The index".
 */
export function checkIndexFiles(folder: string, dimension: number): IndexLabels | { trouble: string } {
  try {
    const header = readHeader(folder)
    checkHeader(header, dimension)
    checkLengths(folder, header)
    const labels = checkElements(folder, header)
    checkUpperLinks(folder, header)
    return labels
  } catch (error) {
    if (error instanceof Trouble) return { trouble: error.message }
    throw error
  }
}
