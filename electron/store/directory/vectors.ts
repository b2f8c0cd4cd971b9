import type { FileHandle } from 'node:fs/promises'
import type { VectorSummary } from '../../../shared/contract/records.ts'
import { AppError } from '../../../shared/rpc/errors.ts'
import type { StoredVectors, StoreOptions } from '../store.ts'
import { vectorSummary } from '../vector-summary.ts'
import type { StoredCollection } from './collections.ts'
import type { SlotLayout } from './format/header.ts'
import { chunkMemory, chunkSize, labelAt, readSlot, type SlotChunk, slotsAtOnce, visitChunks } from './format/level-zero.ts'
import { createScaleKernel, type ScaleKernel } from './format/scale-kernel.ts'
import { openIndexFile, readLengths, whileUnchanged } from './index-files.ts'
import { queuedVectors } from './queue.ts'
import { keepRows, rowOfId, rowsOfIds } from './read-ids.ts'
import type { Session } from './session.ts'
import type { VectorIndex } from './vector-index.ts'

/** 2 GB, the most that one buffer is asked for. */
const mostNumbers = 2 ** 29
/** Up to this many vectors are read slot by slot. */
const fewSlots = 256

type Source = 'none' | 'index' | 'queue'
const sources: readonly Source[] = ['none', 'index', 'queue']

interface Filled {
  /** Row-major, one vector for each place: a position asked for, or any where all are; zeros where there is none. */
  readonly data: Float32Array<ArrayBuffer>
  /** By place: an index into `sources`. */
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

function fillFromQueue(session: Session, index: VectorIndex, positions: Float64Array | null, dimension: number, filled: Filled): void {
  const slots = new Map<number, number>()
  for (let slot = 0; slot < filled.from.length; slot += 1) {
    const position = positions ? (positions[slot] ?? 0) : slot
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
 * Copies vectors out of an index, stretches that follow each other at once. Those of cosine collections are kept as unit vectors
 * and multiplied by their norms, as Chroma does before it answers.
 */
class SlotCopy {
  readonly memory: WebAssembly.Memory
  readonly #layout: SlotLayout
  readonly #placeOf: (label: number) => number
  readonly #norms: Float32Array | null
  readonly #filled: Filled
  readonly #kernel: ScaleKernel
  /** Vectors that were made ready, and where they go. */
  readonly #readyAt: number
  readonly #ready: Float32Array
  readonly #bytes: Uint8Array

  /**
   * @param placeOf the place of a label, -1 for none
   * @param norms by slot; null where vectors are kept as they are
   */
  constructor(layout: SlotLayout, placeOf: (label: number) => number, norms: Float32Array | null, filled: Filled) {
    const { memory, moreAt } = chunkMemory(layout, chunkSize(layout) + 16)
    this.memory = memory
    this.#layout = layout
    this.#placeOf = placeOf
    this.#norms = norms
    this.#filled = filled
    this.#kernel = createScaleKernel(memory)
    this.#readyAt = moreAt
    this.#ready = new Float32Array(memory.buffer, moreAt)
    this.#bytes = new Uint8Array(memory.buffer)
  }

  take({ first, count, words, address }: SlotChunk): void {
    const { elementSize, labelOffset, vectorOffset, dimension } = this.#layout
    const { data, from } = this.#filled
    const length = dimension * 4
    let [start, ready] = [0, 0]
    const put = (): void => data.set(this.#ready.subarray(0, ready * dimension), start * dimension)
    for (let index = 0; index < count; index += 1) {
      const place = this.#placeOf(labelAt(words, (index * elementSize + labelOffset) / 4))
      if (place < 0 || from[place] !== 0) continue
      from[place] = 1
      if (place !== start + ready) {
        put()
        ;[start, ready] = [place, 0]
      }
      const source = address + index * elementSize + vectorOffset
      const target = this.#readyAt + ready * length
      const norm = this.#norms ? (this.#norms[first + index] ?? 1) : 1
      if (norm === 1) this.#bytes.copyWithin(target, source, source + length)
      else this.#kernel.scale(source, target, length, norm)
      ready += 1
    }
    put()
  }
}

/** Where the vector of each label goes, one more than the place; labels that no vector is asked for have 0. */
function placesByLabel(
  labels: Float64Array,
  positions: Float64Array | null,
): { readonly get: (label: number) => number; readonly size: number } {
  const count = positions?.length ?? labels.length
  const labelOf = (place: number): number => labels[positions ? (positions[place] as number) : place] ?? 0
  let largest = 0
  let size = 0
  for (let place = 0; place < count; place += 1) {
    const label = labelOf(place)
    if (label > 0) size += 1
    if (label > largest) largest = label
  }
  // One array look-up for each slot, unless a damaged file made the labels huge.
  if (largest < 2 ** 27) {
    const table = new Int32Array(largest + 1)
    for (let place = 0; place < count; place += 1) if (labelOf(place) > 0) table[labelOf(place)] = place + 1
    return { get: (label) => (table[label] ?? 0) - 1, size }
  }
  const map = new Map<number, number>()
  for (let place = 0; place < count; place += 1) if (labelOf(place) > 0) map.set(labelOf(place), place)
  return { get: (label) => map.get(label) ?? -1, size }
}

/** Reads vectors slot by slot: labels are handed out in order, so most are in the slot before their number. */
async function fillFew(
  file: FileHandle,
  layout: SlotLayout,
  labels: Float64Array,
  positions: Float64Array,
  norms: Float32Array | null,
  filled: Filled,
): Promise<boolean> {
  let all = true
  for (let place = 0; place < positions.length; place += 1) {
    const label = labels[positions[place] as number] ?? 0
    if (label <= 0) continue
    const guess = await readSlot(file, layout, label - 1)
    if (guess?.label === label) {
      const norm = norms ? (norms[label - 1] ?? 1) : 1
      filled.data.set(norm === 1 ? guess.vector : guess.vector.map((value) => value * norm), place * layout.dimension)
      filled.from[place] = 1
    } else all = false
  }
  return all
}

/** Where vectors lie if their labels were handed out in the order of the slots. */
function likelyChunks(layout: SlotLayout, labels: Float64Array, positions: Float64Array): number[] {
  const slots = slotsAtOnce(layout)
  const chunks = new Set<number>()
  for (const position of positions) {
    const label = labels[position] ?? 0
    if (label > 0 && label <= layout.count) chunks.add(Math.floor((label - 1) / slots))
  }
  return [...chunks].toSorted((a, b) => a - b)
}

function isAnyMissing(labels: Float64Array, positions: Float64Array | null, filled: Filled): boolean {
  return filled.from.some((from, place) => from === 0 && (labels[positions ? (positions[place] ?? 0) : place] ?? 0) > 0)
}

async function fillFromIndex(
  collection: StoredCollection,
  { folder, layout, labels }: VectorIndex,
  positions: Float64Array | null,
  dimension: number,
  filled: Filled,
  { signal, onProgress }: StoreOptions,
): Promise<void> {
  if (!folder || !layout || layout.dimension !== dimension) return
  const places = placesByLabel(labels, positions)
  if (places.size === 0) return
  const file = await openIndexFile(folder, 'data_level0.bin')
  if (!file) return
  try {
    const norms = collection.space === 'cosine' ? await readLengths(folder) : null
    if (positions && places.size <= fewSlots && (await fillFew(file, layout, labels, positions, norms, filled))) return
    const copy = new SlotCopy(layout, places.get, norms, filled)
    const take = (chunk: SlotChunk): void => {
      copy.take(chunk)
      onProgress?.('Reading vectors', Math.min(chunk.first + chunk.count, filled.from.length), filled.from.length)
    }
    const likely = positions && likelyChunks(layout, labels, positions)
    if (likely) await visitChunks(file, layout, copy.memory, take, signal, likely)
    if (likely === null || isAnyMissing(labels, positions, filled)) await visitChunks(file, layout, copy.memory, take, signal)
  } finally {
    await file.close()
  }
}

async function fill(
  session: Session,
  collection: StoredCollection,
  index: VectorIndex,
  positions: Float64Array | null,
  options: StoreOptions,
): Promise<Filled> {
  const dimension = index.dimension ?? 0
  const count = positions?.length ?? index.ids.length
  if (count * dimension > mostNumbers) {
    throw new AppError(
      'unsupported',
      `${count.toLocaleString('en')} vectors of ${dimension} numbers are too many to load at once.`,
      'Load the vectors of a part of the records.',
    )
  }
  const filled: Filled = { data: new Float32Array(count * dimension), from: new Uint8Array(count) }
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
  if (ids) keepRows(session, members, index.ids, ids.length)
  const rows = ids ? rowsOfIds(session, collectionId, ids) : members.rows
  const positions = ids ? rows.map((row) => positionOf(members.rows, row)).filter((position) => position >= 0) : null
  const filled = await fill(session, collection, index, positions, options)
  const names = positions ? Array.from(positions, (position) => index.ids[position] ?? '') : index.ids
  const dimension = index.dimension ?? 0
  const data = withoutGaps(filled, dimension)
  if (!filled.from.includes(0)) return { ids: [...names], dimension, data, missing: [] }
  return {
    ids: names.filter((_, slot) => filled.from[slot] !== 0),
    dimension,
    data,
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
