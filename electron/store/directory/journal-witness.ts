import { closeSync, fstatSync, openSync, readSync, statSync } from 'node:fs'
import { setImmediate as nextTurn } from 'node:timers/promises'
import { rollBackJournal } from './format/rollback-journal.ts'

/** Milliseconds between two looks after which a whole transaction that was taken back might have been missed. */
const longestBlink = 100

/**
 * Catches the rollback journal of every transaction that others make on a database, while the database is copied.
 *
 * A journal holds what each page was before its transaction touched it, is complete before the database itself is written, and
 * stays readable for whoever has it open after its name is gone. So a copy whose pages are from any moments after the
 * beginning becomes the database of that beginning by putting back what the journals hold, the newest first. The counter of
 * commits on page 1 tells whether a journal was missed. It looks all the time, opens files for reading only and takes no lock.
 *
 * Not for Windows, where a file that is open keeps its name and so would be in the writer's way.
 * @see https://www.sqlite.org/atomiccommit.html
 */
export class JournalWitness {
  readonly #journal: string
  readonly #database: number
  /** Descriptors of journals, in the order of their transactions. */
  #witnessed: number[] = []
  /** The inode of the journal that was there at the last look; it cannot be given to another file while it is open here. */
  #current: bigint | null = null
  #lastLook = 0
  #blinked = false
  #watching = false
  #commits = 0

  /** @param file the database. Throws what opening it throws. */
  constructor(file: string) {
    this.#journal = `${file}-journal`
    this.#database = openSync(file, 'r')
  }

  /**
   * Begins at a moment between two transactions, and looks from then on until `rewind` or `close`.
   * @returns false where there was no such moment until `deadline` (milliseconds since 1970).
   */
  async begin(deadline: number, signal?: AbortSignal): Promise<boolean> {
    this.#lastLook = performance.now()
    do {
      this.#forget()
      this.#look()
      this.#commits = readCommits(this.#database)
      this.#look()
      if (this.#witnessed.length === 0) {
        void this.#watch()
        return true
      }
      await nextTurn(undefined, signal ? { signal } : {})
    } while (Date.now() < deadline)
    return false
  }

  /**
   * Ends the looking and turns a copy that was made since `begin` into the database at that moment.
   * @returns false where something was missed, so that the copy is of no use.
   */
  async rewind(copy: number): Promise<boolean> {
    this.#watching = false
    this.#look()
    const made = (readCommits(this.#database) - this.#commits) >>> 0
    if (this.#blinked || made > this.#witnessed.length) return false
    const undone = new Set<number | null>()
    for (const descriptor of this.#witnessed.toReversed()) undone.add((await rollBackJournal(copy, descriptor))?.commits ?? null)
    const isComplete = Array.from({ length: made }, (_, index) => (this.#commits + index) >>> 0).every((commits) => undone.has(commits))
    return isComplete && readCommits(copy) === this.#commits
  }

  close(): void {
    this.#watching = false
    this.#forget()
    closeSync(this.#database)
  }

  async #watch(): Promise<void> {
    this.#watching = true
    while (this.#watching) {
      this.#look()
      await nextTurn()
    }
  }

  #look(): void {
    const now = performance.now()
    this.#blinked ||= now - this.#lastLook > longestBlink
    this.#lastLook = now
    const found = statSync(this.#journal, { bigint: true, throwIfNoEntry: false })
    if (!found) this.#current = null
    else if (found.ino !== this.#current) this.#catch()
  }

  #catch(): void {
    try {
      const descriptor = openSync(this.#journal, 'r')
      this.#witnessed.push(descriptor)
      this.#current = fstatSync(descriptor, { bigint: true }).ino
    } catch {
      // It was gone again, which the counter of commits will tell.
    }
  }

  #forget(): void {
    for (const descriptor of this.#witnessed) closeSync(descriptor)
    this.#witnessed = []
    this.#current = null
    this.#blinked = false
  }
}

function readCommits(descriptor: number): number {
  const bytes = Buffer.alloc(4)
  readSync(descriptor, bytes, 0, 4, 24)
  return bytes.readUInt32BE()
}
