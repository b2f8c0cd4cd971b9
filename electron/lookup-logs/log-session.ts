import type { LogFacts, LogFilter, LookupSort } from '../../shared/contract/lookup-logs.ts'
import type { Space } from '../../shared/domain/space.ts'
import { AppError } from '../../shared/rpc/errors.ts'
import { log } from '../platform/log.ts'
import { logOverview } from './log-overview.ts'
import { LogReader, type ReadOptions } from './log-reader.ts'
import { lookupsAt, rowsOf, sortedRows } from './log-rows.ts'
import type { LogAnswer, LogQuestion } from './protocol.ts'
import { rankedEntries } from './ranked-entries.ts'
import { queriesToReplay, type QueryToReplay } from './replay.ts'

/** How often a watched file is looked at, milliseconds. */
const watchEvery = 1000
/** Lists of rows that are kept, each 4 bytes a lookup. */
const keptLists = 4

interface Replayed {
  readonly reading: number
  /** Lookups of all queries. */
  readonly total: number
  readonly queries: readonly QueryToReplay[]
}

/** One log in the worker: reads it, follows it and answers questions about it. */
export class LogSession {
  readonly #path: string
  readonly #space: Space
  readonly #onGrown: (facts: LogFacts) => void
  readonly #lists = new Map<string, Uint32Array>()
  #reader: LogReader | null = null
  #timer: NodeJS.Timeout | null = null
  #turn: Promise<unknown> = Promise.resolve()
  /** What a replay goes through, of one reading; it stays here, since it can be as long as the log. */
  #replayed: Replayed | null = null
  /** Counts how often the whole file was read. */
  #reading = 0

  constructor(path: string, space: Space, onGrown: (facts: LogFacts) => void) {
    this.#path = path
    this.#space = space
    this.#onGrown = onGrown
  }

  /** @throws AppError as {@link LogReader.read} does */
  async answer(question: LogQuestion, options: ReadOptions): Promise<LogAnswer<LogQuestion['type']>> {
    switch (question.type) {
      case 'read':
        return this.#inTurn(async () => {
          const reader = new LogReader({ path: this.#path, mapping: question.mapping, space: this.#space })
          await reader.read(options)
          this.#reader = reader
          this.#reading += 1
          this.#lists.clear()
          return this.#facts(reader)
        })
      case 'watch':
        if (this.#timer !== null) clearInterval(this.#timer)
        this.#timer = question.watching ? setInterval(() => void this.#look(), watchEvery) : null
        return this.#facts(this.#known())
      case 'malformed': {
        const { malformed } = this.#known()
        return { total: malformed.total, lines: [...malformed.first] }
      }
      case 'queries':
        return this.#queries(question.offset, question.limit)
      case 'replayed': {
        const reader = this.#known()
        const { queries } = this.#replayOf(question.reading)
        for (const { place, ...answer } of question.answers)
          for (const row of queries[place]?.rows ?? []) reader.table.answerAgain(row, answer)
        this.#lists.clear()
        return this.#facts(reader)
      }
      case 'overview':
        return logOverview(this.#known().table, this.#rows(question.filter), question.filter.threshold)
      case 'lookups': {
        const rows = this.#rows(question.filter, question.sort)
        const { table } = this.#known()
        const some = rows.subarray(question.offset, question.offset + question.limit)
        return { total: rows.length, lookups: lookupsAt(table, some, question.filter.threshold) }
      }
      case 'entries':
        return rankedEntries(this.#known().table, this.#rows(question.filter), { ...question, threshold: question.filter.threshold })
    }
  }

  #queries(offset: number, limit: number): LogAnswer<'queries'> {
    if (offset === 0) {
      const queries = queriesToReplay(this.#known().table)
      this.#replayed = { reading: this.#reading, total: queries.reduce((sum, { rows }) => sum + rows.length, 0), queries }
    }
    const { reading, total, queries } = this.#replayOf(this.#reading)
    const part = queries.slice(offset, offset + limit)
    if (part.length === 0) this.#replayed = null
    return { reading, total, queries: part.map(({ rows, ...query }) => ({ ...query, lookups: rows.length })) }
  }

  /** @throws AppError 'stale' where the file was read anew since */
  #replayOf(reading: number): Replayed {
    if (this.#replayed?.reading === reading && reading === this.#reading) return this.#replayed
    throw new AppError('stale', 'The log was read anew while it was replayed.', 'Replay it again.')
  }

  #known(): LogReader {
    if (this.#reader === null) throw new AppError('busy', 'The log is still being read.', 'Wait until it is read.')
    return this.#reader
  }

  #facts(reader: LogReader): LogFacts {
    return { ...reader.facts(), watching: this.#timer !== null }
  }

  #rows(filter: LogFilter, sort?: LookupSort): Uint32Array {
    const { table } = this.#known()
    const key = JSON.stringify([filter, sort ?? null])
    const rows = this.#lists.get(key) ?? (sort ? sortedRows(table, this.#rows(filter), sort) : rowsOf(table, filter))
    this.#lists.delete(key)
    this.#lists.set(key, rows)
    const oldest = this.#lists.keys().next()
    if (this.#lists.size > keptLists && !oldest.done) this.#lists.delete(oldest.value)
    return rows
  }

  /** Reads what was appended. While the file is gone or cannot be read, the next look tries again. */
  async #look(): Promise<void> {
    try {
      await this.#inTurn(async () => {
        const reader = this.#reader
        if (reader === null || this.#timer === null || !(await reader.hasNews())) return
        const isNew = await reader.read({ signal: new AbortController().signal, onProgress: () => undefined })
        if (!isNew) return
        this.#lists.clear()
        this.#onGrown(this.#facts(reader))
      })
    } catch (error) {
      log.warn('A watched log could not be read', error)
    }
  }

  /** One read at a time. */
  #inTurn<Result>(work: () => Promise<Result>): Promise<Result> {
    const result = this.#turn.then(work, work)
    this.#turn = result.catch(() => undefined)
    return result
  }
}
