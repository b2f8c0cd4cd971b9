import type { LogFacts, LogField, LogMapping, LogOutcome } from '../../shared/contract/lookup-logs.ts'
import { assumedThreshold } from '../../shared/contract/lookup-logs.ts'
import type { Space } from '../../shared/domain/space.ts'
import { csvFields, delimiterOf, endsInsideQuotes, type Delimiter } from './csv-fields.ts'
import { guessMapping } from './guess-mapping.ts'
import { columnReader, SeenColumns } from './log-columns.ts'
import type { LogTable, LookupRow } from './log-table.ts'
import { readCost, readNumber, readOutcome, readText, readTime, toMilliseconds, toSimilarity } from './log-values.ts'
import type { MalformedLines } from './malformed-lines.ts'

/** Rows that are looked at before the columns are told apart. */
const sampledRows = 200
const maxQuery = 2000
const maxName = 500
/** A quoted field over more lines than these is a quote that somebody forgot. */
const maxQuotedLines = 200

type Read = (row: unknown) => unknown
type Readers = Readonly<Partial<Record<LogField, Read>>>

interface SampledRow {
  readonly row: unknown
  readonly line: number
  readonly text: string
}

function outcomeOf(told: LogOutcome | null, similarity: number, threshold: number, toldAny: boolean): LogOutcome | null {
  if (toldAny || Number.isNaN(similarity)) return told
  return similarity >= (Number.isNaN(threshold) ? assumedThreshold : threshold) ? 'hit' : 'miss'
}

/** Turns lines into lookups: finds out the format and, where it is not given, which column means what. */
export class RowParser {
  readonly #table: LogTable
  readonly #malformed: MalformedLines
  readonly #space: Space
  readonly #seen = new SeenColumns()
  readonly #sampled: SampledRow[] = []
  readonly #guessed: boolean
  #mapping: LogMapping | null
  #readers: Readers | null = null
  #format: 'jsonl' | 'csv' | null = null
  #delimiter: Delimiter = ','
  #header: string[] = []
  /** Lines of a quoted field that is not closed yet. */
  #quoted: string[] = []
  #quotedFrom = 0

  constructor(table: LogTable, malformed: MalformedLines, mapping: LogMapping | null, space: Space) {
    this.#table = table
    this.#malformed = malformed
    this.#mapping = mapping
    this.#guessed = mapping === null
    this.#space = space
  }

  get isInsideQuotes(): boolean {
    return this.#quoted.length > 0
  }

  facts(): Pick<LogFacts, 'format' | 'columns' | 'mapping' | 'mappingGuessed'> {
    return {
      format: this.#format ?? 'jsonl',
      columns: this.#seen.all().map(({ name, samples }) => ({ name, sample: samples[0] ?? '' })),
      mapping: this.#mapping ?? { columns: {}, latencyUnit: 'milliseconds', distanceSpace: this.#space },
      mappingGuessed: this.#guessed,
    }
  }

  /** Takes one line, without its end. */
  line(text: string, line: number): void {
    if (this.#format === null) {
      if (text.trim() === '') return
      this.#format = startsAsJson(text) ? 'jsonl' : 'csv'
    }
    if (this.#format === 'jsonl') this.#json(text, line)
    else this.#csv(text, line)
  }

  /** Another file of the same log begins: a header of CSV is to come once more. */
  startFile(): void {
    this.#header = []
    this.#quoted = []
  }

  /** All lines that there are were given: rows that were kept back are taken in. */
  settle(): void {
    if (this.#readers !== null || this.#sampled.length === 0) return
    this.#mapping ??= guessMapping(this.#seen.all(), this.#space)
    this.#readers = this.#readersFor(this.#mapping)
    for (const { row, line, text } of this.#sampled.splice(0)) this.#take(this.#readers, row, line, text)
  }

  /**
   * Takes a line that has no end yet, and rows of CSV whose quotes are still open, without remembering them: the same
   * lines are given again when they are complete.
   */
  lastLine(text: string, line: number): void {
    const isCsv = this.#format === 'csv' || (this.#format === null && !startsAsJson(text))
    // Half a header would name the columns wrongly for good.
    if (isCsv && this.#header.length === 0) return
    if (!isCsv || (this.#quoted.length === 0 && !endsInsideQuotes(text))) this.line(text, line)
    else this.#malformed.add(this.#quoted.length === 0 ? line : this.#quotedFrom, text, 'A quote is opened and not closed.')
    this.settle()
  }

  #json(text: string, line: number): void {
    if (text.trim() === '') return
    let row: unknown
    try {
      row = JSON.parse(text)
    } catch {
      return this.#malformed.add(line, text, 'It is not JSON.')
    }
    if (typeof row !== 'object' || row === null || Array.isArray(row))
      return this.#malformed.add(line, text, 'It is JSON, but not an object.')
    this.#row(row, line, text)
  }

  #csv(text: string, line: number): void {
    if (this.#quoted.length === 0 && !endsInsideQuotes(text)) return this.#csvRow(text, line)
    if (this.#quoted.length === 0) this.#quotedFrom = line
    this.#quoted.push(text)
    const joined = this.#quoted.length > 1 && endsInsideQuotes(text) ? this.#quoted.splice(0).join('\n') : null
    if (joined !== null) return this.#csvRow(joined, this.#quotedFrom)
    if (this.#quoted.length <= maxQuotedLines) return
    const [first = '', ...others] = this.#quoted.splice(0)
    this.#malformed.add(this.#quotedFrom, first, 'A quote is opened and not closed.')
    const from = this.#quotedFrom + 1
    for (const [index, other] of others.entries()) this.#csv(other, from + index)
  }

  #csvRow(text: string, line: number): void {
    if (text === '') return
    if (this.#header.length === 0) {
      this.#delimiter = delimiterOf(text)
      this.#header = uniqueNames(csvFields(text, this.#delimiter))
      return
    }
    const fields = csvFields(text, this.#delimiter)
    if (fields.length !== this.#header.length) {
      return this.#malformed.add(line, text, `It has ${fields.length} fields where the header has ${this.#header.length}.`)
    }
    this.#row(fields, line, text)
  }

  #row(row: unknown, line: number, text: string): void {
    if (this.#readers !== null) return this.#take(this.#readers, row, line, text)
    this.#seen.see(this.#named(row))
    this.#sampled.push({ row, line, text: text.slice(0, 300) })
    if (this.#sampled.length >= sampledRows) this.settle()
  }

  #named(row: unknown): Record<string, unknown> {
    if (!Array.isArray(row)) return row as Record<string, unknown>
    return Object.fromEntries(this.#header.map((name, at) => [name, row[at] as unknown]))
  }

  #readersFor({ columns }: LogMapping): Readers {
    return Object.fromEntries(
      Object.entries(columns).map(([field, name]) => {
        if (this.#format !== 'csv') return [field, columnReader(name)]
        const at = this.#header.indexOf(name)
        return [field, (row: unknown) => (row as readonly string[])[at]]
      }),
    )
  }

  #take(readers: Readers, row: unknown, line: number, text: string): void {
    const read = this.#read(readers, row, line)
    if (read === null) this.#malformed.add(line, text, 'It has no value in any of the columns that are mapped.')
    else this.#table.append(read)
  }

  #read(readers: Readers, row: unknown, line: number): LookupRow | null {
    const mapping = this.#mapping
    if (mapping === null) return null
    const value = (field: LogField): unknown => readers[field]?.(row)
    const threshold = readNumber(value('threshold'))
    const told = readNumber(value('similarity'))
    const similarity = Number.isNaN(told) ? toSimilarity(readNumber(value('distance')), mapping.distanceSpace) : told
    const query = readText(value('query'), maxQuery)
    const outcome = outcomeOf(readOutcome(value('outcome')), similarity, threshold, readers.outcome !== undefined)
    const entryId = readText(value('entryId'), maxName) ?? readText(value('nearestId'), maxName)
    const latency = toMilliseconds(readNumber(value('latency')), mapping.latencyUnit)
    if (query === null && outcome === null && entryId === null && Number.isNaN(similarity) && Number.isNaN(latency)) return null
    return {
      line,
      time: readTime(value('time')),
      query,
      namespace: readText(value('namespace'), maxName),
      outcome,
      entryId,
      matchedQuery: readText(value('matchedQuery'), maxQuery),
      similarity,
      latency,
      threshold,
      cost: readCost(value('cost')),
    }
  }
}

function startsAsJson(text: string): boolean {
  return /^\s*[{[]/.test(text)
}

/** Names of a header; one that occurs again is numbered. */
function uniqueNames(names: readonly string[]): string[] {
  const times = new Map<string, number>()
  return names.map((name) => {
    const trimmed = name.trim()
    const time = (times.get(trimmed) ?? 0) + 1
    times.set(trimmed, time)
    return time === 1 ? trimmed : `${trimmed} (${time})`
  })
}
