import { parse } from 'lossless-json'
import { z } from 'zod'
import { cutText } from '../../../shared/domain/cut-text.ts'
import { sameMetadataValue } from '../../../shared/domain/curation/same-record.ts'
import { keptFloat } from '../../../shared/domain/float-text.ts'
import {
  formatMetadataValue,
  formatScalar,
  metadataTypeOf,
  type Metadata,
  type MetadataScalar,
  type MetadataValue,
} from '../../../shared/domain/metadata.ts'

/** Types that a value can be given; the names are Chroma's own. */
export const draftTypes = ['string', 'integer', 'float', 'boolean', 'string[]', 'integer[]', 'float[]', 'boolean[]'] as const
export type DraftType = (typeof draftTypes)[number]
type ScalarType = 'string' | 'integer' | 'float' | 'boolean'

/** One key with its value as it is typed. Lists are written as JSON. */
export const metadataRowSchema = z.object({
  /** Tells rows apart while their keys are typed. */
  row: z.number(),
  key: z.string(),
  type: z.enum(draftTypes),
  text: z.string(),
})
export type MetadataRow = z.infer<typeof metadataRowSchema>

export interface RowProblem {
  readonly row: number
  readonly field: 'key' | 'value'
  readonly message: string
}

type Read<Value> = { readonly ok: true; readonly value: Value } | { readonly ok: false; readonly message: string }

const largestInteger = 2n ** 63n - 1n
const smallestInteger = -(2n ** 63n)
const floatPattern = /^[+-]?(\d+\.?\d*|\.\d+)(e[+-]?\d+)?$/i

/** A number of JSON as it is written, so that no digit is lost. */
class NumberText {
  readonly text: string
  constructor(text: string) {
    this.text = text
  }
}

function typeOf(value: MetadataValue): DraftType {
  const type = metadataTypeOf(value)
  return type === 'empty[]' ? 'string[]' : type
}

/** Metadata as rows, in the order in which it is stored. */
export function rowsOf(metadata: Metadata | null): MetadataRow[] {
  return [...(metadata ?? [])].map(([key, value], row) => ({ row, key, type: typeOf(value), text: formatMetadataValue(value) }))
}

/** A row for a new key, to be put behind the others. */
export function emptyRow(rows: readonly MetadataRow[]): MetadataRow {
  return { row: 1 + Math.max(-1, ...rows.map(({ row }) => row)), key: '', type: 'string', text: '' }
}

function quoted(text: string): string {
  return `“${text.length > 60 ? `${cutText(text, 60)}…` : text}”`
}

function readInteger(text: string): Read<bigint> {
  const trimmed = text.trim()
  if (trimmed === '') return { ok: false, message: 'An integer is missing.' }
  if (!/^[+-]?\d+$/.test(trimmed)) return { ok: false, message: `${quoted(trimmed)} is not a whole number.` }
  const value = BigInt(trimmed.replace(/^\+/, ''))
  if (value > largestInteger || value < smallestInteger) return { ok: false, message: 'Integers have 64 bits at most; this one is larger.' }
  return { ok: true, value }
}

/** A float is always the one nearest to what was typed; whole numbers, which people expect to be kept, are refused where they are not. */
function readFloat(text: string): Read<number> {
  const trimmed = text.trim()
  if (trimmed === '') return { ok: false, message: 'A number is missing.' }
  if (/^[+-]?(nan|inf(inity)?)$/i.test(trimmed)) return { ok: false, message: 'Chroma does not keep NaN or infinity.' }
  if (!floatPattern.test(trimmed)) return { ok: false, message: `${quoted(trimmed)} is not a number.` }
  const value = Number(trimmed)
  if (!Number.isFinite(value)) return { ok: false, message: 'This number is larger than a float can be.' }
  if (/^[+-]?\d+$/.test(trimmed) && BigInt(value) !== BigInt(trimmed.replace(/^\+/, ''))) {
    return { ok: false, message: `A float cannot hold this number exactly: it would become ${BigInt(value)}.` }
  }
  return { ok: true, value }
}

function readBoolean(text: string): Read<boolean> {
  const word = text.trim().toLowerCase()
  if (word === 'true' || word === 'false') return { ok: true, value: word === 'true' }
  return { ok: false, message: word === '' ? 'Choose true or false.' : `${quoted(text.trim())} is neither true nor false.` }
}

function readItem(item: unknown, type: ScalarType): Read<MetadataScalar> {
  if (type === 'string') return typeof item === 'string' ? { ok: true, value: item } : { ok: false, message: 'Not all items are texts.' }
  if (type === 'boolean')
    return typeof item === 'boolean' ? { ok: true, value: item } : { ok: false, message: 'Not all items are true or false.' }
  if (!(item instanceof NumberText)) return { ok: false, message: 'Not all items are numbers.' }
  return type === 'integer' ? readInteger(item.text) : readFloat(item.text)
}

function readList(text: string, type: ScalarType): Read<MetadataScalar[]> {
  const shape = 'A list is written as JSON, such as ["a", "b"] or [1, 2].'
  let items: unknown
  try {
    items = parse(text, undefined, (number) => new NumberText(number))
  } catch {
    return { ok: false, message: shape }
  }
  if (!Array.isArray(items)) return { ok: false, message: shape }
  if (items.length === 0) return { ok: false, message: 'Chroma does not keep an empty list; remove the key instead.' }
  const values: MetadataScalar[] = []
  for (const item of items) {
    const read = readItem(item, type)
    if (!read.ok) return read
    values.push(read.value)
  }
  return { ok: true, value: values }
}

/** The value that a row stands for, exactly, or why it stands for none. */
export function readValue({ type, text }: Pick<MetadataRow, 'type' | 'text'>): Read<MetadataValue> {
  switch (type) {
    case 'string':
      return { ok: true, value: text }
    case 'integer':
      return readInteger(text)
    case 'float':
      return readFloat(text)
    case 'boolean':
      return readBoolean(text)
    case 'string[]':
      return readList(text, 'string')
    case 'integer[]':
      return readList(text, 'integer')
    case 'float[]':
      return readList(text, 'float')
    case 'boolean[]':
      return readList(text, 'boolean')
  }
}

/** A decimal number in one spelling: digits without zeros at their ends, and the power of ten of the last one. */
function decimalOf(text: string): string {
  const [digits = '', exponent = '0'] = text.trim().toLowerCase().split('e')
  const [whole = '', fraction = ''] = digits.replace(/^[+-]/, '').split('.')
  const bare = `${whole}${fraction}`.replace(/^0+/, '')
  const ends = bare.replace(/0+$/, '')
  if (ends === '') return '0'
  return `${digits.startsWith('-') ? '-' : ''}${ends}e${Number(exponent) - fraction.length + bare.length - ends.length}`
}

/** What Chroma keeps of a number that is typed as a float, where that is another number; null where it is the same. */
export function keptOtherwise({ type, text }: Pick<MetadataRow, 'type' | 'text'>): string | null {
  if (type !== 'float') return null
  const read = readFloat(text)
  if (!read.ok) return null
  const kept = formatScalar(keptFloat(read.value))
  return decimalOf(kept) === decimalOf(text) ? null : kept
}

function writtenAs(value: MetadataScalar, type: DraftType): string {
  if (type === 'integer' && typeof value === 'number' && Number.isInteger(value)) return String(BigInt(value))
  if (type === 'float' && typeof value === 'bigint' && BigInt(Number(value)) === value) return formatMetadataValue(Number(value))
  return formatMetadataValue(value)
}

/** A text as a list: one that is written in it, or else the text as its only item. */
function listOf(text: string, type: DraftType): string {
  if (readValue({ type, text }).ok) return text
  const item = readValue({ type: type.replace('[]', '') as ScalarType, text })
  return formatMetadataValue([item.ok && !Array.isArray(item.value) ? item.value : text])
}

/** The same row as another type. What cannot be converted exactly stays as it is written, and {@link readValue} then says why. */
export function withType(row: MetadataRow, type: DraftType): MetadataRow {
  const read = readValue(row)
  if (!read.ok) return { ...row, type }
  const { value } = read
  const isList = type.endsWith('[]')
  if (isList && typeof value === 'string') return { ...row, type, text: listOf(value, type) }
  if (!Array.isArray(value)) return { ...row, type, text: isList ? formatMetadataValue([value]) : writtenAs(value, type) }
  const [only] = value
  if (!isList && type !== 'string' && value.length === 1 && only !== undefined) return { ...row, type, text: writtenAs(only, type) }
  if (type === 'string[]') return { ...row, type, text: formatMetadataValue(value.map((item) => formatMetadataValue(item))) }
  return { ...row, type, text: formatMetadataValue(value) }
}

function keyProblem(key: string): string | null {
  if (key === '') return 'The key has no name.'
  if (key.startsWith('chroma:')) return 'Keys that begin with “chroma:” are Chroma’s own.'
  if (/^[#$]/.test(key)) return 'Chroma takes no key that begins with # or $.'
  return null
}

function isUntouched(row: MetadataRow, known: MetadataValue | undefined): boolean {
  return known !== undefined && row.type === typeOf(known) && row.text === formatMetadataValue(known)
}

/** The metadata that rows stand for; null where they are none. What is in `original` and was not touched is kept, whatever it is. */
export function readRows(
  rows: readonly MetadataRow[],
  original: Metadata | null,
): { readonly metadata: Metadata | null; readonly problems: readonly RowProblem[] } {
  const metadata: Metadata = new Map()
  const problems: RowProblem[] = []
  for (const row of rows) {
    const known = original?.get(row.key)
    const untouched = isUntouched(row, known)
    const wrongKey = untouched ? null : keyProblem(row.key)
    if (wrongKey !== null) problems.push({ row: row.row, field: 'key', message: wrongKey })
    else if (metadata.has(row.key)) problems.push({ row: row.row, field: 'key', message: 'This key is there twice.' })
    const read: Read<MetadataValue> = untouched && known !== undefined ? { ok: true, value: known } : readValue(row)
    if (read.ok) metadata.set(row.key, read.value)
    else problems.push({ row: row.row, field: 'value', message: read.message })
  }
  return { metadata: metadata.size === 0 ? null : metadata, problems }
}

/** Whether two values, each of which may be absent, are the same to Chroma: type and every item. */
export function sameValue(one: MetadataValue | undefined, other: MetadataValue | undefined): boolean {
  return one === undefined || other === undefined ? one === other : sameMetadataValue(one, other)
}

/** Keys under which two records' metadata differ, in the order of the first and then of the second. */
export function differingKeys(before: Metadata | null, after: Metadata | null): string[] {
  const keys = new Set([...(before?.keys() ?? []), ...(after?.keys() ?? [])])
  return [...keys].filter((key) => !sameValue(before?.get(key), after?.get(key)))
}
