import { type FileHandle, open, rename, rm } from 'node:fs/promises'
import path from 'node:path'
import { cannotWrite } from '../platform/settings-file.ts'
import type { RecordChange } from './change.ts'
import { encodeFrame, frameTypes, type FrameType } from './journal-frames.ts'
import { packChanges } from './journal-batches.ts'
import { type JournalHeader, type JournalPart, packPayload, partSchema } from './journal-payloads.ts'
import { journalTitle, makeFolder, writeFully } from './journal.ts'
import { syncFolder } from './sync-folder.ts'

/** What the file is called until all of it is on the disk. */
export const preparingEnding = '.preparing'

/** Writes the frames of a change that is being prepared. It has its name only once it is complete; nothing is sent before. */
export class JournalWriter {
  readonly #path: string
  readonly #file: FileHandle
  #bytes = 0
  #batches = 0
  #records = 0
  #isOnlyRecords = true

  private constructor(file: string, handle: FileHandle) {
    this.#path = file
    this.#file = handle
  }

  /** @throws AppError 'no-space', 'forbidden' */
  static async create(file: string, header: JournalHeader): Promise<JournalWriter> {
    await makeFolder(path.dirname(file))
    const handle = await open(`${file}${preparingEnding}`, 'wx', 0o600).catch((error: unknown) => {
      throw cannotWrite(journalTitle, error)
    })
    const writer = new JournalWriter(file, handle)
    try {
      await writer.#append(frameTypes.header, packPayload(header))
    } catch (error) {
      await writer.discard()
      throw error
    }
    return writer
  }

  /** Bytes written so far. */
  get bytes(): number {
    return this.#bytes
  }

  /** Records written so far. */
  get records(): number {
    return this.#records
  }

  /** Whether there is nothing to do. */
  get isEmpty(): boolean {
    return this.#records === 0 && this.#isOnlyRecords
  }

  async part(part: JournalPart): Promise<void> {
    if (part.kind !== 'records') this.#isOnlyRecords = false
    await this.#append(frameTypes.part, packPayload(partSchema.parse(part)))
  }

  async batch(changes: readonly RecordChange[]): Promise<void> {
    await this.#append(frameTypes.batch, packChanges(changes))
    this.#batches += 1
    this.#records += changes.length
  }

  /** Everything is written: makes sure that it is on the disk, and gives the file its name. */
  async prepared(): Promise<void> {
    try {
      await this.#append(frameTypes.prepared, packPayload({ records: this.#records, batches: this.#batches }))
      await this.#file.sync()
      await this.#file.close()
      await rename(`${this.#path}${preparingEnding}`, this.#path)
      await syncFolder(path.dirname(this.#path))
    } catch (error) {
      throw cannotWrite(journalTitle, error)
    }
  }

  /** Nothing came of it: the file goes. */
  async discard(): Promise<void> {
    await this.#file.close().catch(() => undefined)
    await rm(`${this.#path}${preparingEnding}`, { force: true })
  }

  async #append(type: FrameType, payload: Buffer): Promise<void> {
    const frame = encodeFrame(type, payload)
    try {
      await writeFully(this.#file, frame)
    } catch (error) {
      throw cannotWrite(journalTitle, error)
    }
    this.#bytes += frame.length
  }
}
