import { closeSync, fstatSync, openSync, readSync } from 'node:fs'
import path from 'node:path'
import { headerLength, headerProblem, parseHeader, type IndexHeader } from '../directory/format/header.ts'

function whole(bytes: DataView, at: number): number {
  return Number(bytes.getBigUint64(at, true))
}

export interface IndexLabels {
  /** Labels of elements that are not marked as deleted. */
  readonly live: ReadonlySet<number>
  readonly largest: number
}

const chunkBytes = 4 * 1024 * 1024

class Trouble extends Error {}

function readHeader(folder: string, dimension: number): IndexHeader {
  let header: IndexHeader | null = null
  withFile(path.join(folder, 'header.bin'), (file, size) => {
    const bytes = Buffer.alloc(Math.min(size, headerLength))
    readFully(file, bytes, bytes.length, 0)
    header = parseHeader(bytes)
  })
  const problem = headerProblem(header)
  if (problem !== null || header === null) throw new Trouble(`header.bin cannot be right: ${problem ?? 'it is too short'}`)
  const { labelOffset, maxLevel, maxM, maxM0, vectorOffset } = header as IndexHeader
  if (labelOffset - vectorOffset !== 4 * dimension) throw new Trouble(`header.bin does not fit vectors of dimension ${dimension}`)
  if (maxM < 1 || maxM0 !== 2 * maxM || maxLevel < -1 || maxLevel > 64) throw new Trouble('header.bin holds impossible parameters')
  return header
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
  const { count, elementSize, labelOffset, maxM0 } = header
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
        if (links > maxM0) throw new Trouble('an element of the index has too many links')
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
  const { count, maxLevel, maxM } = header
  const levelBytes = 4 * maxM + 4
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
        if (links > maxM) throw new Trouble('an element of the index has too many links')
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
    const header = readHeader(folder, dimension)
    checkLengths(folder, header)
    const labels = checkElements(folder, header)
    checkUpperLinks(folder, header)
    return labels
  } catch (error) {
    if (error instanceof Trouble) return { trouble: error.message }
    throw error
  }
}
