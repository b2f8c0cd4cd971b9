import type { MetadataValue } from '../../../../shared/domain/metadata.ts'
import { readField } from '../../../../shared/domain/profiles/read-role.ts'
import type { StoredRecord } from '../../../../shared/domain/record.ts'
import type { GridColumn } from '../columns/column.ts'

/** What a cell shows: a value, or why there is none. */
export type CellValue = { kind: 'value'; value: MetadataValue } | { kind: 'missing' } | { kind: 'no-document' }

export function cellValue({ field }: GridColumn, record: StoredRecord): CellValue {
  const value = readField(field, record)
  if (value !== null) return { kind: 'value', value }
  return { kind: field.from === 'document' ? 'no-document' : 'missing' }
}
