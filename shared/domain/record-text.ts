import { formatMetadataValue, formatScalar, type Metadata, type MetadataValue } from './metadata.ts'
import type { StoredRecord } from './record.ts'

export type RecordTextFormat = 'json' | 'jsonl' | 'csv'

function jsonValue(value: MetadataValue): string {
  if (Array.isArray(value)) return `[${value.map(jsonValue).join(', ')}]`
  if (typeof value === 'string') return JSON.stringify(value)
  // JSON has no word for these; as text they stay visible.
  if (typeof value === 'number' && !Number.isFinite(value)) return JSON.stringify(String(value))
  return formatScalar(value)
}

function jsonText(value: string | null): string {
  return value === null ? 'null' : JSON.stringify(value)
}

function jsonMetadata(metadata: Metadata | null, columns: readonly string[] | null): string {
  if (metadata === null) return 'null'
  const entries = [...metadata].filter(([key]) => columns === null || columns.includes(key))
  return `{${entries.map(([key, value]) => `${JSON.stringify(key)}: ${jsonValue(value)}`).join(', ')}}`
}

function jsonMembers({ id, document, metadata, uri }: StoredRecord, columns: readonly string[] | null): string[] {
  const members = [`"id": ${JSON.stringify(id)}`, `"document": ${jsonText(document)}`, `"metadata": ${jsonMetadata(metadata, columns)}`]
  return uri === null ? members : [...members, `"uri": ${jsonText(uri)}`]
}

/** RFC 4180: quotes around whatever would break the cell, also around leading and trailing spaces, which some readers cut. */
function csvCell(text: string): string {
  return /[",\r\n]|^\s|\s$/.test(text) ? `"${text.replaceAll('"', '""')}"` : text
}

function csvValue(value: MetadataValue | undefined): string {
  if (value === undefined) return ''
  if (value === '') return '""'
  return csvCell(formatMetadataValue(value))
}

/** A missing document is an empty cell, an empty one a pair of quotes. */
function csvText(text: string | null): string {
  return text === '' ? '""' : csvCell(text ?? '')
}

function csv(records: readonly StoredRecord[], columns: readonly string[] | null): string {
  const keys = columns ?? [...new Set(records.flatMap((record) => [...(record.metadata?.keys() ?? [])]))]
  const withUri = records.some((record) => record.uri !== null)
  const reserved = new Set(['id', 'document', 'uri'])
  const heading = ['id', 'document', ...(withUri ? ['uri'] : []), ...keys.map((key) => (reserved.has(key) ? `metadata.${key}` : key))]
  const rows = records.map(({ id, document, uri, metadata }) => [
    csvText(id),
    csvText(document),
    ...(withUri ? [csvText(uri)] : []),
    ...keys.map((key) => csvValue(metadata?.get(key))),
  ])
  return [heading.map(csvCell), ...rows].map((row) => `${row.join(',')}\r\n`).join('')
}

/**
 * Records as text for the clipboard or a file. Types survive in JSON and JSONL: floats keep their point, integers are exact.
 * `columns` names the metadata keys to keep, in the order of CSV columns; null keeps all.
 * CSV follows RFC 4180 with a heading. Cells are the stored text unaltered, so one that starts with = is a formula to a
 * spreadsheet that is told to evaluate it.
 */
export function recordText(records: readonly StoredRecord[], format: RecordTextFormat, columns: readonly string[] | null = null): string {
  if (format === 'csv') return csv(records, columns)
  if (format === 'jsonl') return records.map((record) => `{${jsonMembers(record, columns).join(', ')}}\n`).join('')
  if (records.length === 0) return '[]\n'
  const items = records.map(
    (record) =>
      `  {\n${jsonMembers(record, columns)
        .map((member) => `    ${member}`)
        .join(',\n')}\n  }`,
  )
  return `[\n${items.join(',\n')}\n]\n`
}
