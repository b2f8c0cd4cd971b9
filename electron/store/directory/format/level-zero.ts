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

/** Bytes of one chunk. */
export function chunkSize({ elementSize, count }: SlotLayout): number {
  return Math.min(count, Math.max(1, Math.floor(chunkBytes / elementSize))) * elementSize
}

/** A memory with room for `visitChunks`, then `more` bytes. `moreAt` is a multiple of 16. */
export function chunkMemory(layout: SlotLayout, more: number): { readonly memory: WebAssembly.Memory; readonly moreAt: number } {
  const moreAt = Math.ceil((chunkSize(layout) * 2) / 16) * 16
  return { memory: new WebAssembly.Memory({ initial: Math.ceil((moreAt + more) / pageBytes) }), moreAt }
}

/**
 * Goes through data_level0.bin in order; the next chunk is read while one is looked at. A chunk is only valid until the next one.
 * @param memory of `chunkMemory`
 * @throws AppError 'cancelled'
 */
export async function visitChunks(
  data: FileHandle,
  layout: SlotLayout,
  memory: WebAssembly.Memory,
  visit: (chunk: SlotChunk) => void,
  signal?: AbortSignal,
): Promise<void> {
  const { elementSize, count } = layout
  const size = chunkSize(layout)
  const slotsAtOnce = size / elementSize
  const breath = new Breath(signal)
  const addressOf = (first: number): number => ((first / slotsAtOnce) & 1) * size
  const read = async (first: number): Promise<number> => {
    if (first >= count) return 0
    const target = new Uint8Array(memory.buffer, addressOf(first), size)
    const { bytesRead } = await data.read(target, 0, Math.min(slotsAtOnce, count - first) * elementSize, first * elementSize)
    return Math.floor(bytesRead / elementSize)
  }
  let next = read(0)
  for (let first = 0; first < count; first += slotsAtOnce) {
    const complete = await next
    next = read(first + slotsAtOnce)
    try {
      const address = addressOf(first)
      const [words, floats] = [new Uint32Array(memory.buffer, address, size / 4), new Float32Array(memory.buffer, address, size / 4)]
      visit({ first, count: complete, words, floats, address })
      if (complete < Math.min(slotsAtOnce, count - first)) return
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
