import { randomBytes } from 'node:crypto'
import { type FileHandle, mkdir, open, rename, rm } from 'node:fs/promises'
import path from 'node:path'
import { cannotWrite } from '../platform/settings-file.ts'
import type { RecordChange } from './change.ts'
import { unpackChanges } from './journal-batches.ts'
import { encodeFrame, frameTypes, type FrameType, readFrames } from './journal-frames.ts'
import {
  damagedJournal,
  endingSchema,
  headerSchema,
  type JournalEnding,
  type JournalHeader,
  madeSchema,
  packPayload,
  parsePayload,
  preparedSchema,
} from './journal-payloads.ts'
import { syncFolder } from './sync-folder.ts'

/** How the file is called where it cannot be written. */
export const journalTitle = 'the journal of this change'

/** What a journal says without reading its records. */
export interface JournalSummary {
  readonly header: JournalHeader
  /** What it holds; nothing once the change was taken back. */
  readonly prepared: { readonly records: number; readonly batches: number }
  /** How it ended; null where it did not. */
  readonly ending: (JournalEnding & { readonly state: 'done' | 'failed' }) | null
  /** Why it could not be finished at the last try. */
  readonly cutOff: JournalEnding | null
  /** Ids of the collections that it made, by the number of the part. */
  readonly made: ReadonlyMap<number, string>
  /** Size of the file. */
  readonly bytes: number
}

const summaryTypes = new Set<number>([
  frameTypes.header,
  frameTypes.prepared,
  frameTypes.made,
  frameTypes.done,
  frameTypes.failed,
  frameTypes.cutOff,
])
const batchType = new Set<number>([frameTypes.batch])

/** Writes all bytes, at the end of a file that is appended to, or at a place. */
export async function writeFully(file: FileHandle, bytes: Buffer, at: number | null = null): Promise<void> {
  let done = 0
  while (done < bytes.length) {
    done += (await file.write(bytes, done, bytes.length - done, at === null ? null : at + done)).bytesWritten
  }
}

/** A change as it is on the disk, written down whole before. */
export class Journal {
  readonly path: string
  /** Where the last frame ends, once that was found out. */
  #end: number | null = null

  constructor(file: string) {
    this.path = file
  }

  /** @throws AppError 'damaged' where even its first frame cannot be read */
  async summary(): Promise<JournalSummary> {
    const file = await open(this.path, 'r')
    try {
      let header: JournalHeader | null = null
      let prepared: JournalSummary['prepared'] | null = null
      let ending: JournalSummary['ending'] = null
      let cutOff: JournalEnding | null = null
      const made = new Map<number, string>()
      for await (const { type, payload } of readFrames(file, summaryTypes)) {
        if (payload === null) continue
        if (type === frameTypes.header) header = parsePayload(headerSchema, payload)
        else if (type === frameTypes.prepared) prepared = parsePayload(preparedSchema, payload)
        else if (type === frameTypes.done) ending = { ...parsePayload(endingSchema, payload), state: 'done' }
        else if (type === frameTypes.failed) ending = { ...parsePayload(endingSchema, payload), state: 'failed' }
        else if (type === frameTypes.cutOff) cutOff = parsePayload(endingSchema, payload)
        else if (type === frameTypes.made) {
          const { part, collectionId } = parsePayload(madeSchema, payload)
          made.set(part, collectionId)
        }
      }
      if (header === null || (prepared === null && ending === null)) throw damagedJournal()
      return { header, prepared: prepared ?? { records: 0, batches: 0 }, ending, cutOff, made, bytes: (await file.stat()).size }
    } finally {
      await file.close()
    }
  }

  /** One batch by its place in the file. @throws AppError 'damaged' */
  async batchAt(at: number): Promise<RecordChange[]> {
    const file = await open(this.path, 'r')
    try {
      for await (const { payload } of readFrames(file, batchType, at)) {
        if (payload === null) break
        return unpackChanges(payload)
      }
      throw damagedJournal()
    } finally {
      await file.close()
    }
  }

  /** Notes that a batch was answered. Nothing depends on it, so it may get lost. */
  async sent(batch: number): Promise<void> {
    await this.#append(frameTypes.sent, { batch }, false)
  }

  /** Notes the id of a collection that the change made. */
  async made(part: number, collectionId: string): Promise<void> {
    await this.#append(frameTypes.made, { part, collectionId }, true)
  }

  async done(note: string | null): Promise<void> {
    await this.#append(frameTypes.done, { at: Date.now(), note, problem: null }, true)
  }

  async cutOff(ending: Omit<JournalEnding, 'at'>): Promise<void> {
    await this.#append(frameTypes.cutOff, { at: Date.now(), ...ending }, true)
  }

  /** The store is as it was before. Of the change only its header is kept, since there is nothing to undo. */
  async failed(ending: Omit<JournalEnding, 'at'>): Promise<void> {
    const { header } = await this.summary()
    const next = `${this.path}.${randomBytes(4).toString('hex')}.new`
    try {
      const file = await open(next, 'wx', 0o600)
      try {
        await writeFully(file, encodeFrame(frameTypes.header, packPayload(header)))
        await writeFully(file, encodeFrame(frameTypes.failed, packPayload({ at: Date.now(), ...ending })))
        await file.sync()
      } finally {
        await file.close()
      }
      await rename(next, this.path)
      this.#end = null
      await syncFolder(path.dirname(this.path))
    } catch (error) {
      await rm(next, { force: true }).catch(() => undefined)
      throw cannotWrite(journalTitle, error)
    }
  }

  async remove(): Promise<void> {
    await rm(this.path, { force: true })
  }

  async #append(type: FrameType, value: unknown, sync: boolean): Promise<void> {
    try {
      const file = await open(this.path, 'r+')
      try {
        const { size } = await file.stat()
        const end = size === this.#end ? size : await endOfFrames(file)
        // A frame behind a torn one would never be read.
        if (end < size) await file.truncate(end)
        const frame = encodeFrame(type, packPayload(value))
        await writeFully(file, frame, end)
        if (sync) await file.sync()
        this.#end = end + frame.length
      } finally {
        await file.close()
      }
    } catch (error) {
      throw cannotWrite(journalTitle, error)
    }
  }
}

async function endOfFrames(file: FileHandle): Promise<number> {
  let last = 0
  for await (const { end } of readFrames(file, new Set())) last = end
  return last
}

/** Makes a folder of the app's data for its owner alone. @throws AppError 'no-space', 'forbidden' */
export async function makeFolder(folder: string): Promise<void> {
  try {
    await mkdir(folder, { recursive: true, mode: 0o700 })
  } catch (error) {
    throw cannotWrite('a folder', error)
  }
}
