import { open, stat, type FileHandle } from 'node:fs/promises'
import type { LogFacts, LogMapping } from '../../shared/contract/lookup-logs.ts'
import type { Space } from '../../shared/domain/space.ts'
import { AppError } from '../../shared/rpc/errors.ts'
import { LineFeed, looksLikeText } from './line-feed.ts'
import { LogTable } from './log-table.ts'
import { rowsToReplay } from './replay.ts'
import { MalformedLines } from './malformed-lines.ts'
import { RowParser } from './row-parser.ts'

const blockBytes = 1024 * 1024
const headBytes = 1024
export const maxLookups = 2_000_000
export const maxMemory = 768 * 1024 * 1024

export interface LogReaderOptions {
  readonly path: string
  /** Null guesses. */
  readonly mapping: LogMapping | null
  /** How the collection measures distances, for logs that write distances. */
  readonly space: Space
}

export interface ReadOptions {
  readonly signal: AbortSignal
  /** @param done bytes of `total` */
  readonly onProgress: (done: number, total: number) => void
}

/**
 * Reads a log from its beginning, and later what was appended. A file that another one took the place of (rotation) or that was
 * emptied and written anew is followed: lookups read before are kept.
 */
export class LogReader {
  readonly table = new LogTable()
  readonly malformed = new MalformedLines()
  readonly #options: LogReaderOptions
  readonly #parser: RowParser
  readonly #notes: string[] = []
  #feed = new LineFeed()
  #offset = 0
  #inode: number | null = null
  #head: Buffer = Buffer.alloc(0)
  /** What became of the text after the last line end, which is taken back when more of it comes. */
  #provisional: 'lookup' | 'malformed' | null = null
  #isFull = false

  constructor(options: LogReaderOptions) {
    this.#options = options
    this.#parser = new RowParser(this.table, this.malformed, options.mapping, options.space)
  }

  facts(): Omit<LogFacts, 'watching'> {
    const { table } = this
    return {
      ...this.#parser.facts(),
      bytes: this.#offset,
      lookups: table.length,
      malformed: this.malformed.total,
      threshold: table.threshold,
      memory: table.bytes,
      notes: [...this.#notes],
      withoutSimilarity: rowsToReplay(table).length,
      replayed: table.replayed,
    }
  }

  /**
   * Reads what is there and was not read yet.
   * @returns whether there was something new
   * @throws AppError 'not-found' or 'forbidden' where the file cannot be read, 'invalid-input' where it is not text,
   * 'cancelled' after the signal.
   */
  async read({ signal, onProgress }: ReadOptions): Promise<boolean> {
    const file = await open(this.#options.path, 'r').catch((cause: NodeJS.ErrnoException) => {
      throw cannotRead(this.#options.path, cause)
    })
    try {
      const { ino, size } = await file.stat()
      const isOther = await this.#isOtherFile(file, ino, size)
      if (isOther) this.#startOver(size)
      this.#inode = ino
      if (this.#isFull || (size <= this.#offset && !isOther)) return isOther
      this.#takeBack()
      await this.#readBlocks(file, size, { signal, onProgress })
      this.#parser.settle()
      this.#takeProvisionally()
      return true
    } finally {
      await file.close()
    }
  }

  /** Whether a read would find something; cheap. False while the file is gone. */
  async hasNews(): Promise<boolean> {
    const found = await stat(this.#options.path).catch(() => null)
    return found !== null && (found.ino !== this.#inode || (found.size !== this.#offset && !(this.#isFull && found.size > this.#offset)))
  }

  async #readBlocks(file: FileHandle, size: number, { signal, onProgress }: ReadOptions): Promise<void> {
    const block = Buffer.allocUnsafe(blockBytes)
    while (!this.#isFull) {
      if (signal.aborted) throw new AppError('cancelled', 'The operation was cancelled.')
      const { bytesRead } = await file.read(block, 0, blockBytes, this.#offset)
      if (bytesRead === 0) return
      const bytes = block.subarray(0, bytesRead)
      if (this.#offset === 0) this.#checkText(bytes)
      this.#offset += bytesRead
      this.#feed.feed(
        bytes,
        (text, line) => this.#parser.line(text, line),
        (text, line) => this.malformed.add(line, text, 'It is longer than 4 MB.'),
      )
      onProgress(this.#offset, Math.max(size, this.#offset))
      if (this.table.length >= maxLookups || this.table.bytes >= maxMemory) this.#stopReading()
    }
  }

  #checkText(bytes: Buffer): void {
    this.#head = Buffer.from(bytes.subarray(0, headBytes))
    if (looksLikeText(this.#head)) return
    throw new AppError('invalid-input', `${this.#options.path} is not a text file.`, 'Choose a file of JSON lines or of CSV.')
  }

  #stopReading(): void {
    this.#isFull = true
    const lookups = this.table.length.toLocaleString('en')
    this.#notes.push(`Only the first ${lookups} lookups were read, so that memory stays bounded. Split the file to see the others.`)
  }

  async #isOtherFile(file: FileHandle, inode: number, size: number): Promise<boolean> {
    if (this.#inode === null || (inode === this.#inode && size >= this.#offset)) return false
    if (inode === this.#inode || size < this.#offset) return true
    // An editor saves under a new inode; the same beginning means the same file.
    const start = Buffer.alloc(this.#head.length)
    await file.read(start, 0, start.length, 0)
    return !start.equals(this.#head)
  }

  #startOver(size: number): void {
    const time = new Date().toISOString().slice(11, 19)
    this.#notes.push(
      `At ${time} UTC the file was ${size < this.#offset ? 'emptied or became shorter' : 'replaced by another'}: lookups read before are kept, and line numbers start anew.`,
    )
    this.#feed = new LineFeed()
    this.#parser.startFile()
    this.#offset = 0
    this.#provisional = null
  }

  #takeBack(): void {
    if (this.#provisional === 'lookup') this.table.dropLast()
    if (this.#provisional === 'malformed') this.malformed.dropLast()
    this.#provisional = null
  }

  /** A last line without an end may be complete, or one that is still being written. */
  #takeProvisionally(): void {
    const { rest, nextLine } = this.#feed
    if (rest.trim() === '' && !this.#parser.isInsideQuotes) return
    const lookups = this.table.length
    const malformed = this.malformed.total
    this.#parser.lastLine(rest, nextLine)
    if (this.table.length > lookups) this.#provisional = 'lookup'
    else if (this.malformed.total > malformed) this.#provisional = 'malformed'
  }
}

/** Why a log cannot be read. */
export function cannotRead(path: string, cause: NodeJS.ErrnoException): AppError {
  if (cause.code === 'ENOENT')
    return new AppError('not-found', `${path} does not exist any more.`, 'Put it back and try again, or close the log.', { cause })
  return new AppError('forbidden', `${path} cannot be read.`, 'Check its permissions, or choose another file.', { cause })
}
