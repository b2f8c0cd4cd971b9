import { type FileHandle, open, stat } from 'node:fs/promises'
import path from 'node:path'
import { AppError } from '../../../shared/rpc/errors.ts'
import { headerLength, type IndexHeader, parseHeader } from './format/header.ts'
import { type IndexMetadata, parseIndexMetadata } from './format/pickle.ts'
import { type FileStamp, sameFile, stampFile } from './store-stamp.ts'

const names = ['header.bin', 'data_level0.bin', 'length.bin', 'link_lists.bin', 'index_metadata.pickle'] as const
export type IndexFileName = (typeof names)[number]

export type IndexStamps = Readonly<Record<IndexFileName, FileStamp | null>>

/** Larger than any real one, and small enough to be read at once. */
const longestPickle = 1_500_000_000
/** About a million elements. */
const longestLinkLists = 32_000_000

/** A segment's folder, null where the name would lead out of the store. */
export function segmentFolder(directory: string, segment: string): string | null {
  return path.basename(segment) === segment && segment !== '' && !segment.startsWith('.') ? path.join(directory, segment) : null
}

async function stampOrNull(file: string): Promise<FileStamp | null> {
  try {
    return await stampFile(file)
  } catch {
    // A file that may not be looked at counts as missing; opening it says why.
    return null
  }
}

/** The files of a segment's folder as they are now. */
export async function stampIndex(folder: string): Promise<IndexStamps> {
  const stamps = await Promise.all(names.map(async (name) => [name, await stampOrNull(path.join(folder, name))] as const))
  return Object.fromEntries(stamps) as Record<IndexFileName, FileStamp | null>
}

export function sameIndex(a: IndexStamps, b: IndexStamps): boolean {
  return names.every((name) => sameFile(a[name], b[name]))
}

/**
 * Runs `work` on the files of an index and makes sure that nobody changed them since the view was taken.
 * @throws AppError 'stale' where somebody did
 */
export async function whileUnchanged<Value>(folder: string, stamps: IndexStamps, work: () => Promise<Value>): Promise<Value> {
  const stale = new AppError(
    'stale',
    'The index files of this collection were changed by another process after this view was taken.',
    'Refresh to see the store as it is now.',
  )
  if (!sameIndex(stamps, await stampIndex(folder))) throw stale
  try {
    const value = await work()
    if (!sameIndex(stamps, await stampIndex(folder))) throw stale
    return value
  } catch (error) {
    if (!sameIndex(stamps, await stampIndex(folder))) throw stale
    throw error
  }
}

/** Opens a file of the index; null where there is none, it is no plain file, or it may not be read. */
export async function openIndexFile(folder: string, name: IndexFileName): Promise<FileHandle | null> {
  const file = path.join(folder, name)
  try {
    // A pipe under this name would block for ever.
    if (!(await stat(file)).isFile()) return null
    return await open(file, 'r')
  } catch {
    return null
  }
}

async function withFile<Value>(
  folder: string,
  name: IndexFileName,
  work: (file: FileHandle, size: number) => Promise<Value>,
): Promise<Value | null> {
  const file = await openIndexFile(folder, name)
  if (!file) return null
  try {
    return await work(file, (await file.stat()).size)
  } finally {
    await file.close()
  }
}

/** The header; null where there is none that is long enough. */
export function readHeader(folder: string): Promise<IndexHeader | null> {
  return withFile(folder, 'header.bin', async (file) => {
    const bytes = Buffer.alloc(headerLength)
    const { bytesRead } = await file.read(bytes, 0, headerLength, 0)
    return parseHeader(bytes.subarray(0, bytesRead))
  })
}

/** The pickle; null where there is none. */
export function readIndexMetadata(folder: string): Promise<IndexMetadata | null> {
  return withFile(folder, 'index_metadata.pickle', async (file, size) => {
    if (size > longestPickle) return { idToLabel: new Map(), totalAdded: null, maxSequence: null, problem: 'it is too large' }
    return parseIndexMetadata(await file.readFile())
  })
}

/** The upper layers of the graph; null where there are none or they are too large to be looked through quickly. */
export function readLinkLists(folder: string): Promise<Buffer | null> {
  return withFile(folder, 'link_lists.bin', async (file, size) => (size > longestLinkLists ? null : await file.readFile()))
}

/** The norm of each slot, as many as the file has. */
export async function readLengths(folder: string): Promise<Float32Array> {
  const lengths = await withFile(folder, 'length.bin', async (file, size) => {
    const bytes = Buffer.alloc(Math.floor(size / 4) * 4)
    await file.read(bytes, 0, bytes.length, 0)
    return new Float32Array(bytes.buffer, bytes.byteOffset, bytes.length / 4)
  })
  return lengths ?? new Float32Array(0)
}
