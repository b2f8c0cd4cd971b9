import type { FileHandle } from 'node:fs/promises'
import { crc32 } from 'node:zlib'

/** What a frame of a journal holds; numbers on disk, so none is ever given another meaning. */
export const frameTypes = {
  /** Who, what, when: the first frame. */
  header: 1,
  /** A part of the change: its collection, and whether the collection itself changes. */
  part: 2,
  /** Records of the part before, before and after: one batch. */
  batch: 3,
  /** Everything is written down; only after this may the store be touched. */
  prepared: 4,
  /** A batch was answered. */
  sent: 5,
  /** A collection was made, and this is its id. */
  made: 6,
  /** Read back and right: the change is done. */
  done: 8,
  /** Nothing of the change is in the store. */
  failed: 9,
  /** It could be neither finished nor taken back yet. */
  cutOff: 10,
} as const
export type FrameType = (typeof frameTypes)[keyof typeof frameTypes]

export interface Frame {
  readonly type: number
  /** Where it begins in the file and where the next one begins, in bytes. */
  readonly at: number
  readonly end: number
  /** Null where it was not asked for. */
  readonly payload: Buffer | null
}

/** u32 length of the payload, u32 CRC-32 of type and payload, both little-endian, and the type. */
const headLength = 9

/** One frame as bytes. Node's own CRC-32 is used because one in JavaScript would take longer than writing does. */
export function encodeFrame(type: FrameType, payload: Buffer): Buffer {
  const frame = Buffer.allocUnsafe(headLength + payload.length)
  frame.writeUInt32LE(payload.length, 0)
  frame.writeUInt8(type, 8)
  payload.copy(frame, headLength)
  frame.writeUInt32LE(crc32(frame.subarray(8)), 4)
  return frame
}

/**
 * Frames of a journal in their order, up to its end or to where it was torn or damaged. Payloads of types that are not
 * `wanted` are skipped and not checked.
 */
export async function* readFrames(file: FileHandle, wanted: ReadonlySet<number>, from = 0): AsyncGenerator<Frame> {
  const { size } = await file.stat()
  const head = Buffer.alloc(headLength)
  for (let at = from; at + headLength <= size;) {
    await file.read(head, 0, headLength, at)
    const length = head.readUInt32LE(0)
    const type = head.readUInt8(8)
    const end = at + headLength + length
    if (type === 0 || end > size) return
    let payload: Buffer | null = null
    if (wanted.has(type)) {
      payload = Buffer.allocUnsafe(length)
      const { bytesRead } = await file.read(payload, 0, length, at + headLength)
      if (bytesRead < length || crc32(payload, crc32(head.subarray(8))) !== head.readUInt32LE(4)) return
    }
    yield { type, at, end, payload }
    at = end
  }
}
