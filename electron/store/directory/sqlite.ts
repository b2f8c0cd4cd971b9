import sqlite3 from 'node-sqlite3-wasm'
import { AppError } from '../../../shared/rpc/errors.ts'
import { Breath } from './breath.ts'

export type SqlValue = number | bigint | string | Uint8Array | null
export type Row = Record<string, SqlValue>

/** The library's own C functions, which it exports beside its classes: reading millions of numbers through objects takes eight times as long. */
interface LowLevel {
  _sqlite3_step(statement: number): number
  _sqlite3_column_double(statement: number, column: number): number
}
interface LowLevelStatement {
  readonly _ptr: number
  _reset(): boolean
  _bind(values: readonly SqlValue[]): void
}

const lowLevel = sqlite3 as unknown as LowLevel
const stepHasRow = 100
const stepIsDone = 101
const rowsBetweenLooks = 1024
const mostPrepared = 24

type Statement = ReturnType<InstanceType<typeof sqlite3.Database>['prepare']>

/** Text of a value that was selected as `CAST(... AS BLOB)`: the library's own texts end at the first NUL and lose a byte order mark. */
export function textOf(value: SqlValue | undefined): string | null {
  if (value === null || value === undefined) return null
  if (typeof value === 'string') return value
  if (typeof value === 'object') return Buffer.from(value.buffer, value.byteOffset, value.byteLength).toString('utf8')
  return String(value)
}

/** A text to bind where the SQL says `CAST(? AS TEXT)`, so that a NUL inside does not end it. */
export function bindText(text: string): SqlValue {
  return text.includes('\0') ? Buffer.from(text, 'utf8') : text
}

/** A whole number from a column that should hold one; null for everything else. Big-endian blobs are what old versions wrote. */
export function wholeNumber(value: SqlValue | undefined): number | null {
  if (typeof value === 'number') return Number.isInteger(value) ? value : null
  if (typeof value === 'bigint') return Number(value)
  if (value instanceof Uint8Array && value.length > 0 && value.length <= 8) {
    return Number(BigInt(`0x${Buffer.from(value).toString('hex')}`))
  }
  return null
}

function damaged(error: unknown): AppError {
  const message = error instanceof Error ? error.message : String(error)
  if (message.includes('file is not a database')) {
    return new AppError(
      'not-a-store',
      'The file chroma.sqlite3 is not a database of SQLite.',
      'It was overwritten, encrypted or damaged at its beginning: look for a backup of it.',
      { cause: error },
    )
  }
  return new AppError(
    'damaged',
    `A part of chroma.sqlite3 cannot be read (SQLite says: ${message}).`,
    'What can still be read is shown. The store was not changed; look for a backup of the file before any engine opens it.',
    { cause: error },
  )
}

interface NamedTest {
  readonly name: string
  body: (value: SqlValue) => boolean
}

/** A database file that this process alone has open. */
export class Sqlite {
  readonly #database: InstanceType<typeof sqlite3.Database>
  /** More rows than this cannot be in a file of this size: a damaged tree is going round in circles. */
  readonly #mostRows: number
  readonly #freeTests: NamedTest[] = []
  /** Those used last are last. */
  readonly #prepared = new Map<string, Statement>()
  #tests = 0

  /** @param bytes size of the file, which bounds how long a scan may be */
  constructor(file: string, options: { readOnly: boolean; bytes: number; create?: boolean }) {
    this.#mostRows = options.bytes + 100_000
    try {
      this.#database = new sqlite3.Database(file, { readOnly: options.readOnly, fileMustExist: options.create !== true })
      // Exclusive mode makes write-ahead logs readable without shared memory, which this build does not have.
      this.#database.exec(
        'PRAGMA locking_mode = EXCLUSIVE; PRAGMA trusted_schema = OFF; PRAGMA cache_size = -65536; PRAGMA foreign_keys = OFF',
      )
      this.#database.exec(
        'PRAGMA recursive_triggers = OFF; PRAGMA synchronous = OFF; PRAGMA journal_mode = MEMORY; PRAGMA cell_size_check = ON',
      )
    } catch (error) {
      this.#close()
      throw damaged(error)
    }
  }

  /** All rows, for small answers. @throws AppError 'damaged' */
  rows(sql: string, values: readonly SqlValue[] = []): Row[] {
    return this.#withPrepared(sql, (statement) => statement.all([...values]) as Row[])
  }

  /** The first row, null where there is none. @throws AppError 'damaged' */
  first(sql: string, values: readonly SqlValue[] = []): Row | null {
    return this.#withPrepared(sql, (statement) => {
      const row = (statement.get([...values]) ?? null) as Row | null
      // One that stands on a row would keep the file locked against changes of this copy.
      ;(statement as unknown as LowLevelStatement)._reset()
      return row
    })
  }

  /** Hands over row after row, for answers whose size is not known before. @throws AppError 'damaged', and what `visit` throws */
  visit(sql: string, values: readonly SqlValue[], visit: (row: Row) => void): void {
    this.#withPrepared(sql, (statement) => {
      for (const row of statement.iterate([...values])) visit(row as Row)
    })
  }

  #withPrepared<Result>(sql: string, work: (statement: Statement) => Result): Result {
    return this.#guard(() => {
      const statement = this.#prepared.get(sql) ?? this.#database.prepare(sql)
      // One that fails is not used again.
      this.#prepared.delete(sql)
      try {
        const result = work(statement)
        this.#keep(sql, statement)
        return result
      } catch (error) {
        this.#finalize(statement)
        throw error
      }
    })
  }

  /** Preparing a statement takes longer than a small answer. */
  #keep(sql: string, statement: Statement): void {
    this.#prepared.set(sql, statement)
    for (const [oldest, unused] of this.#prepared) {
      if (this.#prepared.size <= mostPrepared) break
      this.#prepared.delete(oldest)
      this.#finalize(unused)
    }
  }

  /** Rows one by one, for answers that do not fit into memory at once. @throws AppError 'damaged', 'cancelled' */
  async *iterate(sql: string, values: readonly SqlValue[] = [], signal?: AbortSignal): AsyncGenerator<Row> {
    const breath = new Breath(signal)
    const statement = this.#guard(() => this.#database.prepare(sql))
    try {
      const rows = statement.iterate([...values])
      for (let count = 0; ; count += 1) {
        const next = this.#guard(() => rows.next())
        if (next.done === true) return
        yield next.value as Row
        if (count % 64 === 0 && breath.isDue) await breath.take()
        if (count > this.#mostRows) throw damaged('a tree of pages has no end')
      }
    } finally {
      statement.finalize()
    }
  }

  /**
   * Visits millions of rows whose columns are numbers, in turns that let other work in between.
   * @param columns how many columns there are
   * @param visit gets the columns as doubles, NULL as 0
   * @throws AppError 'damaged', 'cancelled'
   */
  async scan(
    sql: string,
    values: readonly SqlValue[],
    columns: 1 | 2,
    visit: (first: number, second: number) => void,
    signal?: AbortSignal,
  ): Promise<void> {
    const breath = new Breath(signal)
    const statement = this.#guard(() => this.#database.prepare(sql))
    try {
      const low = statement as unknown as LowLevelStatement
      low._bind(values)
      const pointer = low._ptr
      for (let count = 1; ; count += 1) {
        const result = lowLevel._sqlite3_step(pointer)
        if (result !== stepHasRow) {
          if (result === stepIsDone) return
          throw new Error(this.#lastError(statement))
        }
        visit(lowLevel._sqlite3_column_double(pointer, 0), columns === 2 ? lowLevel._sqlite3_column_double(pointer, 1) : 0)
        if (count % rowsBetweenLooks === 0) {
          if (breath.isDue) await breath.take()
          if (count > this.#mostRows) throw new Error('a tree of pages has no end')
        }
      }
    } catch (error) {
      if (error instanceof AppError) throw error
      throw damaged(error)
    } finally {
      this.#finalize(statement)
    }
  }

  /** The first column of every row as numbers. */
  async numbers(sql: string, values: readonly SqlValue[], signal?: AbortSignal): Promise<Float64Array> {
    let numbers = new Float64Array(1024)
    let count = 0
    await this.scan(
      sql,
      values,
      1,
      (value) => {
        if (count === numbers.length) {
          const larger = new Float64Array(count * 2)
          larger.set(numbers)
          numbers = larger
        }
        numbers[count] = value
        count += 1
      },
      signal,
    )
    return numbers.slice(0, count)
  }

  /** Runs statements that change this private copy. @throws AppError 'damaged' */
  run(sql: string, values: readonly SqlValue[] = []): void {
    this.#guard(() => this.#database.run(sql, [...values]))
  }

  /** Makes a JavaScript test known to SQL under the name that `work` gets, for as long as it runs. */
  async withFunction<Result>(body: (value: SqlValue) => boolean, work: (name: string) => Promise<Result>): Promise<Result> {
    const test = this.#freeTests.pop() ?? this.#newTest()
    test.body = body
    try {
      return await work(test.name)
    } finally {
      this.#freeTests.push(test)
    }
  }

  /** SQLite takes no other function under a known name while any statement is under way, so the one that it has calls others. */
  #newTest(): NamedTest {
    this.#tests += 1
    const test: NamedTest = { name: `store_test_${this.#tests}`, body: () => false }
    this.#guard(() => this.#database.function(test.name, (value) => test.body(value ?? null), { deterministic: true }))
    return test
  }

  close(): void {
    this.#close()
  }

  #close(): void {
    for (const statement of this.#prepared.values()) this.#finalize(statement)
    this.#prepared.clear()
    if (this.#database?.isOpen) this.#database.close()
  }

  #finalize(statement: { finalize(): void }): void {
    try {
      statement.finalize()
    } catch {
      // Finalising repeats the error of the last step, which was already reported.
    }
  }

  #lastError(statement: { finalize(): void; readonly isFinalized: boolean }): string {
    try {
      statement.finalize()
      return 'unknown error'
    } catch (error) {
      return error instanceof Error ? error.message : String(error)
    }
  }

  #guard<Value>(work: () => Value): Value {
    try {
      return work()
    } catch (error) {
      // A trap inside WebAssembly leaves its memory in an unknown state: the worker has to start anew.
      if (error instanceof WebAssembly.RuntimeError) throw error
      throw error instanceof AppError ? error : damaged(error)
    }
  }
}
