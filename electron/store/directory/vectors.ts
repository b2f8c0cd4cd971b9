import type { VectorSummary } from '../../../shared/contract/records.ts'
import { AppError } from '../../../shared/rpc/errors.ts'
import type { StoredVectors, StoreOptions } from '../store.ts'
import { vectorSummary } from '../vector-summary.ts'
import type { StoredCollection } from './collections.ts'
import { readSlot, visitSlots } from './format/level-zero.ts'
import { openIndexFile, readLengths, whileUnchanged } from './index-files.ts'
import { queuedVectors } from './queue.ts'
import { rowOfId, rowsOfIds } from './read-ids.ts'
import type { Session } from './session.ts'
import type { VectorIndex } from './vector-index.ts'

/** 2 GB, the most that one buffer is asked for. */
const mostNumbers = 2 ** 29
/** Up to this many vectors are read slot by slot. */
const fewSlots = 256
/** Vectors between two words on how far reading is. */
const toldAfter = 8192

type Source = 'none' | 'index' | 'queue'
const sources: readonly Source[] = ['none', 'index', 'queue']

interface Filled {
  /** Row-major, one vector for each position asked for; zeros where there is none. */
  readonly data: Float32Array<ArrayBuffer>
  /** By position: an index into `sources`. */
  readonly from: Uint8Array
}

function positionOf(rows: Float64Array, row: number): number {
  let low = 0
  let high = rows.length - 1
  while (low <= high) {
    const middle = (low + high) >>> 1
    const value = rows[middle] ?? 0
    if (value === row) return middle
    if (value < row) low = middle + 1
    else high = middle - 1
  }
  return -1
}

function decodeInto(target: Float32Array, at: number, bytes: Uint8Array, dimension: number): boolean {
  if (bytes.byteLength !== dimension * 4) return false
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength)
  for (let index = 0; index < dimension; index += 1) target[at + index] = view.getFloat32(index * 4, true)
  return true
}

function fillFromQueue(session: Session, index: VectorIndex, positions: Float64Array, dimension: number, filled: Filled): void {
  const slots = new Map<number, number>()
  for (let slot = 0; slot < positions.length; slot += 1) {
    const position = positions[slot] ?? 0
    const sequence = index.sequences[position] || (filled.from[slot] === 0 ? index.spare.get(position) : undefined)
    if (sequence) slots.set(sequence, slot)
  }
  const sequences = [...slots.keys()]
  for (let first = 0; first < sequences.length; first += 5000) {
    for (const [sequence, bytes] of queuedVectors(session.database, sequences.slice(first, first + 5000))) {
      const slot = slots.get(sequence) ?? 0
      if (decodeInto(filled.data, slot * dimension, bytes, dimension)) filled.from[slot] = 2
    }
  }
}

/**
 * Copies a vector, multiplied by its norm as Chroma does before it answers: cosine collections store unit vectors.
 * Null leaves it as it is.
 */
function copyVector(from: Float32Array, start: number, end: number, to: Float32Array, at: number, norm: number | null): void {
  if (norm === null) {
    to.set(from.subarray(start, end), at)
    return
  }
  const shift = at - start
  for (let index = start; index < end; index += 1) to[index + shift] = (from[index] as number) * norm
}

async function fillFromIndex(
  collection: StoredCollection,
  index: VectorIndex,
  positions: Float64Array,
  dimension: number,
  filled: Filled,
  { signal, onProgress }: StoreOptions,
): Promise<void> {
  const { folder, layout } = index
  if (!folder || !layout || layout.dimension !== dimension) return
  const wanted = new Map<number, number>()
  let largest = 0
  for (let slot = 0; slot < positions.length; slot += 1) {
    const label = index.labels[positions[slot] ?? 0] ?? 0
    if (label > 0) wanted.set(label, slot)
    if (label > largest) largest = label
  }
  if (wanted.size === 0) return
  const data = await openIndexFile(folder, 'data_level0.bin')
  if (!data) return
  try {
    const lengths = collection.space === 'cosine' ? await readLengths(folder) : null
    const put = (place: number, slot: number, floats: Float32Array, at: number): void => {
      copyVector(floats, at, at + dimension, filled.data, slot * dimension, lengths ? (lengths[place] ?? 1) : null)
      filled.from[slot] = 1
    }
    if (wanted.size <= fewSlots) {
      for (const [label, slot] of [...wanted]) {
        // Labels are handed out in order, so most are in the slot before their number.
        const guess = await readSlot(data, layout, label - 1)
        if (guess?.label !== label) continue
        put(label - 1, slot, guess.vector, 0)
        wanted.delete(label)
      }
      if (wanted.size === 0) return
    }
    // One array look-up for each slot, unless a damaged file made the labels huge.
    const table = largest < 2 ** 27 ? new Int32Array(largest + 1) : null
    if (table) for (const [label, slot] of wanted) table[label] = slot + 1
    const slotOf = (label: number): number => (table ? (table[label] ?? 0) : (wanted.get(label) ?? -1) + 1) - 1
    let visited = 0
    await visitSlots(
      data,
      layout,
      (place, label, _, floats, at) => {
        visited += 1
        if (visited % toldAfter === 0) onProgress?.('Reading vectors', Math.min(visited, positions.length), positions.length)
        const slot = slotOf(label)
        if (slot >= 0 && filled.from[slot] === 0) put(place, slot, floats, at)
      },
      signal,
    )
  } finally {
    await data.close()
  }
}

async function fill(
  session: Session,
  collection: StoredCollection,
  index: VectorIndex,
  positions: Float64Array,
  options: StoreOptions,
): Promise<Filled> {
  const dimension = index.dimension ?? 0
  if (positions.length * dimension > mostNumbers) {
    throw new AppError(
      'unsupported',
      `${positions.length.toLocaleString('en')} vectors of ${dimension} numbers are too many to load at once.`,
      'Load the vectors of a part of the records.',
    )
  }
  const filled: Filled = { data: new Float32Array(positions.length * dimension), from: new Uint8Array(positions.length) }
  const work = async (): Promise<void> => {
    await fillFromIndex(collection, index, positions, dimension, filled, options)
    fillFromQueue(session, index, positions, dimension, filled)
  }
  if (dimension === 0) return filled
  if (index.folder && index.stamps) await whileUnchanged(index.folder, index.stamps, work)
  else await work()
  return filled
}

/** Moves the vectors that exist together, without copying where all do. */
function withoutGaps({ data, from }: Filled, dimension: number): Float32Array {
  let kept = 0
  for (let slot = 0; slot < from.length; slot += 1) {
    if (from[slot] === 0) continue
    if (kept !== slot) data.copyWithin(kept * dimension, slot * dimension, (slot + 1) * dimension)
    kept += 1
  }
  return kept === from.length ? data : data.slice(0, kept * dimension)
}

/**
 * Vectors of some or all records in stored order: from the index files, and from the queue where it is newer.
 * @throws AppError 'stale', 'damaged', 'unsupported', 'cancelled'
 */
export async function readVectors(
  session: Session,
  collectionId: string,
  ids: readonly string[] | null,
  options: StoreOptions,
): Promise<StoredVectors> {
  const { signal, onProgress } = options
  const collection = session.collection(collectionId)
  if (ids === null) onProgress?.('Reading the index', 0, null)
  const members = await session.members(collection, signal)
  const index = await session.vectorIndex(collection, signal)
  const rows = ids ? rowsOfIds(session, collectionId, ids) : members.rows
  const positions = ids
    ? rows.map((row) => positionOf(members.rows, row)).filter((position) => position >= 0)
    : Float64Array.from(members.rows.keys())
  const filled = await fill(session, collection, index, positions, options)
  const names = ids ? Array.from(positions, (position) => index.ids[position] ?? '') : index.ids
  const dimension = index.dimension ?? 0
  return {
    ids: names.filter((_, slot) => filled.from[slot] !== 0),
    dimension,
    data: withoutGaps(filled, dimension),
    missing: names.filter((_, slot) => filled.from[slot] === 0),
  }
}

function reasonWithout(index: VectorIndex, position: number): string {
  if ((index.sequences[position] ?? 0) > 0) return 'The vector in the write-ahead queue does not have the length of the others.'
  if ((index.labels[position] ?? 0) > 0) return 'The index names a vector for this record, but data_level0.bin does not hold it.'
  return index.notes[0] ?? 'Neither the index nor the write-ahead queue holds a vector for this record.'
}

/** One record's vector with its figures; null with the reason where none can be read. @throws AppError 'not-found', 'stale' */
export async function readVector(
  session: Session,
  collectionId: string,
  id: string,
  options: StoreOptions,
): Promise<{ vector: VectorSummary | null; reason: string | null }> {
  const collection = session.collection(collectionId)
  const row = rowOfId(session, collectionId, id)
  if (row === null)
    throw new AppError('not-found', 'The collection has no record with this id.', 'It may have been deleted; refresh the store.')
  const members = await session.members(collection, options.signal)
  const index = await session.vectorIndex(collection, options.signal)
  const position = positionOf(members.rows, row)
  const filled = await fill(session, collection, index, Float64Array.of(position), options)
  const source = sources[filled.from[0] ?? 0]
  if (source === 'index' || source === 'queue') return { vector: vectorSummary(filled.data, source), reason: null }
  return { vector: null, reason: reasonWithout(index, position) }
}
