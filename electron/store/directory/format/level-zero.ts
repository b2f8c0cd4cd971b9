import type { FileHandle } from 'node:fs/promises'
import { Breath } from '../breath.ts'
import type { SlotLayout } from './header.ts'

const chunkBytes = 8 * 1024 * 1024

/**
 * Visits the slots of data_level0.bin in order, reading it in large pieces.
 * @param visit gets the slot's number, its label, whether it is marked deleted, and where its vector begins in `floats`;
 * `floats` is only valid during the call
 * @throws AppError 'cancelled'
 */
export async function visitSlots(
  data: FileHandle,
  layout: SlotLayout,
  visit: (slot: number, label: number, deleted: boolean, floats: Float32Array, at: number) => void,
  signal?: AbortSignal,
): Promise<void> {
  const { elementSize, labelOffset, vectorOffset, count } = layout
  const slotsAtOnce = Math.max(1, Math.floor(chunkBytes / elementSize))
  const memory = new ArrayBuffer(Math.min(count, slotsAtOnce) * elementSize)
  const bytes = Buffer.from(memory)
  // Offsets and sizes are multiples of four, so that the same memory can be seen as numbers.
  const floats = new Float32Array(memory)
  const words = new Uint32Array(memory)
  const breath = new Breath(signal)
  for (let first = 0; first < count; first += slotsAtOnce) {
    const wanted = Math.min(slotsAtOnce, count - first) * elementSize
    const { bytesRead } = await data.read(bytes, 0, wanted, first * elementSize)
    const complete = Math.floor(bytesRead / elementSize)
    for (let index = 0; index < complete; index += 1) {
      const start = index * elementSize
      const word = (start + labelOffset) / 4
      const label = (words[word] ?? 0) + (words[word + 1] ?? 0) * 2 ** 32
      visit(first + index, label, ((bytes[start + 2] ?? 0) & 1) === 1, floats, (start + vectorOffset) / 4)
    }
    if (complete * elementSize < wanted) return
    if (breath.isDue) await breath.take()
  }
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
