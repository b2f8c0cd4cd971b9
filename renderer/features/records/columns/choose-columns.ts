import type { MetadataKey } from '../../../../shared/contract/collections.ts'
import type { TableLayout } from '../../../../shared/contract/settings.ts'
import type { Field, ProfileMapping } from '../../../../shared/domain/profiles/profile.ts'
import { readingRoles } from '../../../../shared/domain/profiles/role-names.ts'
import type { GridColumn } from './column.ts'

/** Columns that are shown at first; more can be switched on. */
const firstColumns = 9
/** Texts longer than this belong in the record, not in a column. */
const longestInColumn = 600
const characterWidth = 7.2

function widthFor(longest: number): number {
  return Math.round(Math.min(280, Math.max(96, longest * characterWidth + 28)))
}

/** A starting width, in CSS pixels, for a column of such values. */
export function defaultWidth(column: GridColumn, keys: readonly MetadataKey[]): number {
  if (column.id === 'id') return 132
  if (column.id === 'document') return 360
  if (column.role !== null && readingRoles.has(column.role)) return 300
  if (column.role === 'createdAt' || column.role === 'expiresAt' || column.role === 'lastHitAt') return 120
  const field = column.field
  const key = field.from === 'metadata' ? keys.find((each) => each.key === field.key) : undefined
  if (key === undefined) return 160
  const title = column.title.length * characterWidth + 40
  return Math.round(Math.min(280, Math.max(title, key.longest > 0 ? widthFor(key.longest) : 96)))
}

function isPlainKey(field: Field | undefined, key: string): boolean {
  return field?.from === 'metadata' && field.path === null && field.key === key
}

function isSameEverywhere(key: MetadataKey, total: number): boolean {
  return key.distinct <= 1 && key.count >= total && total > 1
}

/** A key that tells records apart and fits into a column. */
function isWorthShowing(key: MetadataKey, total: number): boolean {
  if (key.longest > longestInColumn) return false
  if (key.count * 20 < total) return false
  return !isSameEverywhere(key, total)
}

/**
 * The columns a collection starts with: what the profile names first, then the document and the id, then metadata keys by coverage.
 * Left out are keys that a role already shows, that have one value throughout, that few records have, or whose texts are very long.
 * @param total Records in the collection.
 */
export function chooseColumns(
  columns: readonly GridColumn[],
  keys: readonly MetadataKey[],
  mapping: ProfileMapping,
  total: number,
): TableLayout {
  const fields = Object.values(mapping.fields)
  const documentHasRole = fields.some((field) => field.from === 'document' || field.from === 'turn')
  const roles = columns.filter((column) => column.role !== null)
  const reading = roles.filter((column) => column.role !== null && readingRoles.has(column.role))
  const byKey = new Map(keys.map((key) => [`key:${key.key}`, key]))
  const otherRoles = roles.filter(({ field, ...column }) => {
    const key = field.from === 'metadata' && field.path === null ? byKey.get(`key:${field.key}`) : undefined
    return !reading.some(({ id }) => id === column.id) && (key === undefined || !isSameEverywhere(key, total))
  })
  const metadata = columns.filter((column) => {
    const key = byKey.get(column.id)
    return key !== undefined && isWorthShowing(key, total) && !fields.some((field) => isPlainKey(field, key.key))
  })
  const chosen = [
    ...columns.filter((column) => column.id === 'id'),
    ...reading,
    ...columns.filter((column) => column.id === 'document' && !documentHasRole),
    ...otherRoles,
    ...metadata,
  ].slice(0, firstColumns)
  return { columns: chosen.map((column) => ({ id: column.id, width: defaultWidth(column, keys) })) }
}
