import { open, stat } from 'node:fs/promises'
import path from 'node:path'
import { mostPairBytes, type PairFile } from '../../shared/contract/thresholds.ts'
import {
  guessPairColumns,
  jsonLineRows,
  readLabelledPairs,
  type LabelledPair,
  type PairColumns,
} from '../../shared/domain/thresholds/labelled-pairs.ts'
import { AppError } from '../../shared/rpc/errors.ts'
import { csvFields, delimiterOf, endsInsideQuotes } from '../lookup-logs/csv-fields.ts'
import { LineFeed, looksLikeText } from '../lookup-logs/line-feed.ts'
import { cannotRead } from '../lookup-logs/log-reader.ts'
import { MalformedLines } from '../lookup-logs/malformed-lines.ts'

const blockBytes = 1024 * 1024
const headBytes = 1024
const sampleLength = 80
const mostColumns = 200

interface Row {
  readonly line: number
  readonly row: Record<string, unknown>
}

export interface ReadPairs extends Pick<PairFile, 'columns' | 'mapping' | 'mappingGuessed' | 'malformed'> {
  readonly pairs: readonly LabelledPair[]
}

async function linesOf(file: string, signal: AbortSignal, malformed: MalformedLines): Promise<{ text: string; line: number }[]> {
  const { size } = await stat(file).catch((cause: NodeJS.ErrnoException) => {
    throw cannotRead(file, cause)
  })
  if (size > mostPairBytes) {
    throw new AppError('unsupported', `${path.basename(file)} is larger than the 64 MB that are read as pairs.`, 'Split the file.')
  }
  const handle = await open(file, 'r').catch((cause: NodeJS.ErrnoException) => {
    throw cannotRead(file, cause)
  })
  try {
    const feed = new LineFeed()
    const lines: { text: string; line: number }[] = []
    const block = Buffer.allocUnsafe(blockBytes)
    for (let at = 0; ;) {
      signal.throwIfAborted()
      const { bytesRead } = await handle.read(block, 0, blockBytes, at)
      if (bytesRead === 0) break
      const bytes = block.subarray(0, bytesRead)
      if (at === 0 && !looksLikeText(bytes.subarray(0, headBytes)))
        throw new AppError('invalid-input', `${path.basename(file)} is not a text file.`, 'Choose a file of JSON lines or of CSV.')
      at += bytesRead
      feed.feed(
        bytes,
        (text, line) => lines.push({ text, line }),
        (text, line) => malformed.add(line, text, 'It is longer than 4 MB.'),
      )
    }
    if (feed.rest.trim() !== '') lines.push({ text: feed.rest, line: feed.nextLine })
    const [first] = lines
    if (first) first.text = first.text.replace(/^\u{FEFF}/u, '')
    return lines
  } finally {
    await handle.close()
  }
}

/** Objects, one in a line or all in one array. */
function jsonRows(lines: readonly { text: string; line: number }[], malformed: MalformedLines): Row[] {
  const whole = lines.map(({ text }) => text).join('\n')
  // An array written over several lines is JSON as a whole, and no line of it is.
  const isArray = /^\s*\[\s*(?:\{|$)/.test(lines.find(({ text }) => text.trim() !== '')?.text ?? '')
  const one = isArray ? jsonLineRows(JSON.stringify(parsedOrNull(whole))) : null
  if (one !== null && one.malformed.length === 0) return one.rows
  return lines.flatMap(({ text, line }) => {
    const found = jsonLineRows(text)
    for (const { reason } of found.malformed) malformed.add(line, text, reason)
    return found.rows.map(({ row }) => ({ line, row }))
  })
}

function parsedOrNull(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return null
  }
}

function csvRows(lines: readonly { text: string; line: number }[], malformed: MalformedLines): { rows: Row[]; header: string[] } {
  const rows: Row[] = []
  let header: string[] | null = null
  let delimiter = delimiterOf('')
  for (let at = 0; at < lines.length; at += 1) {
    const { line } = lines[at] as { line: number }
    let text = lines[at]?.text ?? ''
    if (text.trim() === '') continue
    while (endsInsideQuotes(text) && at + 1 < lines.length) {
      at += 1
      text += `\n${lines[at]?.text ?? ''}`
    }
    if (header === null) {
      delimiter = delimiterOf(text)
      header = csvFields(text, delimiter).map((name) => name.trim())
      continue
    }
    const names: readonly string[] = header
    const fields = csvFields(text, delimiter)
    if (endsInsideQuotes(text)) malformed.add(line, text, 'A quote is opened and not closed.')
    else if (fields.length !== names.length)
      malformed.add(line, text, `It has ${fields.length} fields where the header has ${names.length}.`)
    else rows.push({ line, row: Object.fromEntries(names.map((name, place) => [name, fields[place]])) })
  }
  return { rows, header: header ?? [] }
}

function columnsOf(rows: readonly Row[], header: readonly string[]): { name: string; sample: string }[] {
  const samples = new Map(header.map((name) => [name, '']))
  for (const { row } of rows) {
    for (const [name, value] of Object.entries(row)) {
      if (!samples.has(name) && samples.size >= mostColumns) continue
      if ((samples.get(name) ?? '') === '')
        samples.set(name, value === null || typeof value === 'object' ? '' : String(value).slice(0, sampleLength))
    }
  }
  return [...samples].map(([name, sample]) => ({ name, sample }))
}

/**
 * Reads a file of labelled pairs: CSV with a header, JSON lines, or one JSON array of objects.
 * @param mapping which column holds which field; null guesses by their names
 * @throws AppError 'not-found' or 'forbidden' where the file cannot be read, 'invalid-input' where it is not text, 'unsupported' where
 * it is too large, 'cancelled' after the signal
 */
export async function readPairFile(file: string, mapping: PairColumns | null, signal: AbortSignal): Promise<ReadPairs> {
  const malformed = new MalformedLines()
  const lines = await linesOf(file, signal, malformed)
  const textOf = new Map(lines.map(({ line, text }) => [line, text]))
  const isJson = /^\s*[{[]/.test(lines.find(({ text }) => text.trim() !== '')?.text ?? '')
  const { rows, header } = isJson ? { rows: jsonRows(lines, malformed), header: [] } : csvRows(lines, malformed)
  const columns = columnsOf(rows, header)
  const used = mapping ?? guessPairColumns(columns.map(({ name }) => name))
  const read = readLabelledPairs(rows, used)
  for (const { line, reason } of read.malformed) malformed.add(line, textOf.get(line) ?? '', reason)
  return {
    columns,
    mapping: used,
    mappingGuessed: mapping === null,
    pairs: read.pairs,
    malformed: { total: malformed.total, lines: malformed.first.toSorted((a, b) => a.line - b.line) },
  }
}
