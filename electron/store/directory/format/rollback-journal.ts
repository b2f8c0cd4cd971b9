import { fstat, ftruncate, read, write } from 'node:fs'
import { promisify } from 'node:util'

const [readAt, writeAt, statOf, truncateAt] = [promisify(read), promisify(write), promisify(fstat), promisify(ftruncate)]

const magic = Buffer.from('d9d505f920a163d7', 'hex')
const untilEnd = 0xffffffff
/** Where page 1 keeps SQLite's counter of commits. */
const commitsAt = 24

interface JournalHeader {
  readonly records: number
  readonly nonce: number
  readonly initialPages: number
  readonly sectorSize: number
  readonly pageSize: number
}

export interface RolledBack {
  /** Pages that were put back. */
  readonly pages: number
  /** SQLite's counter of commits before the transaction; null where the transaction had not come as far as page 1. */
  readonly commits: number | null
}

function isPowerOfTwo(value: number, least: number, most: number): boolean {
  return value >= least && value <= most && (value & (value - 1)) === 0
}

async function readHeader(journal: number, at: number): Promise<JournalHeader | null> {
  const bytes = Buffer.alloc(28)
  const { bytesRead } = await readAt(journal, bytes, 0, 28, at)
  if (bytesRead < 28 || !bytes.subarray(0, 8).equals(magic)) return null
  return {
    records: bytes.readUInt32BE(8),
    nonce: bytes.readUInt32BE(12),
    initialPages: bytes.readUInt32BE(16),
    sectorSize: bytes.readUInt32BE(20),
    pageSize: bytes.readUInt32BE(24),
  }
}

function checksum(nonce: number, page: Uint8Array): number {
  let sum = nonce
  for (let at = page.length - 200; at > 0; at -= 200) sum = (sum + (page[at] ?? 0)) >>> 0
  return sum
}

/**
 * Undoes the transaction that a rollback journal belongs to, in a COPY of the database.
 * SQLite would do so itself, but its build for WebAssembly takes every journal for one that is in use.
 * Follows https://www.sqlite.org/fileformat2.html#the_rollback_journal and pager_playback() in SQLite's pager.c.
 * @param database descriptor of the copy, open for reading and writing
 * @param journal descriptor of the journal, open for reading
 * @returns null where the journal holds no transaction (it was committed in place or never synced).
 */
export async function rollBackJournal(database: number, journal: number): Promise<RolledBack | null> {
  const first = await readHeader(journal, 0)
  if (!first || !isPowerOfTwo(first.pageSize, 512, 65536) || !isPowerOfTwo(first.sectorSize, 32, 0x1000000)) return null
  const { pageSize, sectorSize } = first
  const { size } = await statOf(journal)
  const record = Buffer.alloc(pageSize + 8)
  let at = 0
  let pages = 0
  let commits: number | null = null
  sections: for (let header: JournalHeader | null = first; header !== null; header = await readHeader(journal, at)) {
    at += sectorSize
    const available = Math.floor((size - at) / record.length)
    const records = header.records === untilEnd ? available : Math.min(header.records, available)
    for (let index = 0; index < records; index += 1) {
      await readAt(journal, record, 0, record.length, at)
      at += record.length
      const pageNumber = record.readUInt32BE(0)
      const page = record.subarray(4, 4 + pageSize)
      // A torn record was never followed by a change of the database, so everything before it is enough.
      if (record.readUInt32BE(4 + pageSize) !== checksum(header.nonce, page)) break sections
      if (pageNumber === 0 || pageNumber > first.initialPages) continue
      if (pageNumber === 1) commits = page.readUInt32BE(commitsAt)
      await writeAt(database, page, 0, pageSize, (pageNumber - 1) * pageSize)
      pages += 1
    }
    if (header.records === untilEnd) break
    at = Math.ceil(at / sectorSize) * sectorSize
  }
  const initialSize = first.initialPages * pageSize
  if (initialSize > 0 && (await statOf(database)).size > initialSize) await truncateAt(database, initialSize)
  return { pages, commits }
}
