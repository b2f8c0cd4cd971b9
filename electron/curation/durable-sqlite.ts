import { rmSync } from 'node:fs'
import sqlite3 from 'node-sqlite3-wasm'
import type { Row, SqlValue } from '../store/directory/sqlite.ts'

/** A transaction on a database that nobody else has open: all of it lasts, or nothing of it happens. */
export interface Transaction {
  run(sql: string, values: readonly SqlValue[]): void
  rows(sql: string, values: readonly SqlValue[]): Row[]
}

/**
 * Carries out one transaction that is on the disk when it returns. What an interrupted one left is rolled back first.
 * @param work says whether it is to last
 * @returns the same
 */
export async function transact(file: string, work: (transaction: Transaction) => Promise<boolean>): Promise<boolean> {
  // The library locks a file by a folder beside it, which stays where its process was killed.
  rmSync(`${file}.lock`, { recursive: true, force: true })
  const database = new sqlite3.Database(file, { fileMustExist: true })
  try {
    database.exec('PRAGMA journal_mode = DELETE; PRAGMA synchronous = EXTRA; PRAGMA trusted_schema = OFF; BEGIN EXCLUSIVE')
    const isToLast = await work({
      run: (sql, values) => void database.run(sql, [...values]),
      rows: (sql, values) => database.all(sql, [...values]) as Row[],
    })
    if (isToLast) database.exec('COMMIT')
    return isToLast
  } finally {
    // A transaction that was not committed is rolled back by this.
    database.close()
  }
}
