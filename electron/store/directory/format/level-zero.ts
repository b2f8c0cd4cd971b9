import type { FileHandle } from 'node:fs/promises'
import { Breath } from '../breath.ts'
import type { SlotLayout } from './header.ts'

/** Small enough to stay in a processor's cache between reading and copying. */
const chunkBytes = 2 * 1024 * 1024
const pageBytes = 65_536

/** Slots of data_level0.bin, as many as were read at once. Offsets and sizes are multiples of four, so words and numbers share them. */
export interface SlotChunk {
  /** The number of the first slot, and how many there are. */
  readonly first: number
  readonly count: number
  readonly words: Uint32Array
  readonly floats: Float32Array
  /** Where the chunk is in the memory. */
  readonly address: number
}

/** The label of a slot of a chunk that begins at this word. */
export function labelAt(words: Uint32Array, word: number): number {
  return (words[word] ?? 0) + (words[word + 1] ?? 0) * 2 ** 32
}

/** Slots of one chunk. */
export function slotsAtOnce({ elementSize, count }: SlotLayout): number {
  return Math.min(count, Math.max(1, Math.floor(chunkBytes / elementSize)))
}

/** Bytes of one chunk. */
export function chunkSize(layout: SlotLayout): number {
  return slotsAtOnce(layout) * layout.elementSize
}

/** The numbers of all chunks. */
export function allChunks(layout: SlotLayout): number[] {
  return Array.from({ length: layout.count === 0 ? 0 : Math.ceil(layout.count / slotsAtOnce(layout)) }, (_, chunk) => chunk)
}

/** A memory with room for `visitChunks`, then `more` bytes. `moreAt` is a multiple of 16. */
export function chunkMemory(layout: SlotLayout, more: number): { readonly memory: WebAssembly.Memory; readonly moreAt: number } {
  const moreAt = Math.ceil((chunkSize(layout) * 2) / 16) * 16
  return { memory: new WebAssembly.Memory({ initial: Math.ceil((moreAt + more) / pageBytes) }), moreAt }
}

/**
 * Goes through chunks of data_level0.bin; the next one is read while one is looked at. A chunk is only valid until the next one.
 * @param memory of `chunkMemory`
 * @param chunks numbers of chunks, ascending
 * @throws AppError 'cancelled'
 */
export async function visitChunks(
  data: FileHandle,
  layout: SlotLayout,
  memory: WebAssembly.Memory,
  visit: (chunk: SlotChunk) => void,
  signal?: AbortSignal,
  chunks: readonly number[] = allChunks(layout),
): Promise<void> {
  const { elementSize, count } = layout
  const size = chunkSize(layout)
  const slots = slotsAtOnce(layout)
  const breath = new Breath(signal)
  const addressOf = (step: number): number => (step & 1) * size
  const read = async (step: number): Promise<number> => {
    const first = (chunks[step] ?? Infinity) * slots
    if (first >= count) return 0
    const target = new Uint8Array(memory.buffer, addressOf(step), size)
    const { bytesRead } = await data.read(target, 0, Math.min(slots, count - first) * elementSize, first * elementSize)
    return Math.floor(bytesRead / elementSize)
  }
  let next = read(0)
  for (const [step, chunk] of chunks.entries()) {
    const first = chunk * slots
    const complete = await next
    next = read(step + 1)
    try {
      const address = addressOf(step)
      const [words, floats] = [new Uint32Array(memory.buffer, address, size / 4), new Float32Array(memory.buffer, address, size / 4)]
      visit({ first, count: complete, words, floats, address })
      if (complete < Math.min(slots, count - first)) return
      if (breath.isDue) await breath.take()
    } finally {
      // The file may be closed as soon as this ends.
      await next
    }
  }
}

/**
 * Visits the slots of data_level0.bin in order.
 * @param visit gets the slot's label, whether it is marked deleted, and where its vector begins in `floats`, which is only valid
 * during the call
 * @throws AppError 'cancelled'
 */
export async function visitSlots(
  data: FileHandle,
  layout: SlotLayout,
  visit: (label: number, deleted: boolean, floats: Float32Array, at: number) => void,
  signal?: AbortSignal,
): Promise<void> {
  const { elementSize, labelOffset, vectorOffset } = layout
  await visitChunks(
    data,
    layout,
    chunkMemory(layout, 0).memory,
    ({ count, words, floats }) => {
      for (let start = 0; start < count * elementSize; start += elementSize) {
        // The third byte of a slot tells, in its lowest bit.
        const deleted = (((words[start / 4] ?? 0) >>> 16) & 1) === 1
        visit(labelAt(words, (start + labelOffset) / 4), deleted, floats, (start + vectorOffset) / 4)
      }
    },
    signal,
  )
}

/** The label and the vector of one slot; null where the file does not reach that far. */
export async function readSlot(
  data: FileHandle,
  layout: SlotLayout,
  slot: number,
): Promise<{ label: number; vector: Float32Array } | null> {
  const { elementSize, labelOffset, vectorOffset, dimension } = layout
  if (slot < 0 || slot >= layout.count) return null
  const bytes = Buffer.alloc(elementSize)
  const { bytesRead } = await data.read(bytes, 0, elementSize, slot * elementSize)
  if (bytesRead < elementSize) return null
  const vector = new Float32Array(dimension)
  for (let index = 0; index < dimension; index += 1) vector[index] = bytes.readFloatLE(vectorOffset + 4 * index)
  return { label: Number(bytes.readBigUInt64LE(labelOffset)), vector }
}
