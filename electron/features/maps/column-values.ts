import { type MapValues, maxMapCategories } from '../../../shared/contract/maps.ts'
import type { MetadataScalar, MetadataValue } from '../../../shared/domain/metadata.ts'
import { looksLikeTimes, readTime } from '../../../shared/domain/time.ts'

/** Fewer distinct numbers are told apart as categories. */
const manyNumbers = 12

type NumberScale = Extract<MapValues, { kind: 'numbers' }>['scale']

/** Numbers of points, NaN for none, with their range. */
export function numberValues(values: Float64Array<ArrayBuffer>, scale: NumberScale): MapValues {
  let [min, max, missing] = [Infinity, -Infinity, 0]
  for (const value of values) {
    if (Number.isNaN(value)) {
      missing += 1
      continue
    }
    min = Math.min(min, value)
    max = Math.max(max, value)
  }
  const hasSome = missing < values.length
  return { kind: 'numbers', values, scale, min: hasSome ? min : null, max: hasSome ? max : null, missing }
}

/** Categories of points by their labels, null for none; most points first, or in a given order. */
export function categoryValues(labels: readonly (string | null)[], order: readonly string[] | null = null): MapValues {
  const counts = new Map<string, number>()
  let missing = 0
  for (const label of labels) {
    if (label === null) missing += 1
    else counts.set(label, (counts.get(label) ?? 0) + 1)
  }
  const byCount = [...counts].toSorted((a, b) => b[1] - a[1] || (a[0] < b[0] ? -1 : 1))
  const ordered = order === null ? byCount : order.map((label): [string, number] => [label, counts.get(label) ?? 0])
  const categories = ordered.slice(0, maxMapCategories).map(([label, count]) => ({ label, count }))
  const codeOf = new Map(categories.map(({ label }, code) => [label, code]))
  const codes = Int32Array.from(labels, (label) => (label === null ? -1 : (codeOf.get(label) ?? -2)))
  const shown = categories.reduce((sum, { count }) => sum + count, 0)
  return { kind: 'categories', codes, categories, others: labels.length - missing - shown, missing }
}

function labelOf(value: MetadataValue | null): string | null {
  if (value === null) return null
  return Array.isArray(value) ? value.map(String).join(', ') : String(value)
}

/** Values of one metadata key: times and many numbers as numbers, anything else as categories. */
export function columnValues(key: string, column: readonly (MetadataValue | null)[]): MapValues {
  const present = column.filter((value): value is MetadataScalar => value !== null && !Array.isArray(value))
  const isScalar = present.length === column.reduce<number>((count, value) => count + (value === null ? 0 : 1), 0)
  const isText = present.some((value) => typeof value === 'string')
  if (isScalar && present.length > 0 && !present.some((value) => typeof value === 'boolean')) {
    if (looksLikeTimes(key, present) !== null) {
      return numberValues(
        Float64Array.from(column, (value) => (value === null || Array.isArray(value) ? Number.NaN : (readTime(value) ?? Number.NaN))),
        'time',
      )
    }
    if (!isText && new Set(present.map(Number)).size > manyNumbers) {
      return numberValues(
        Float64Array.from(column, (value) => (value === null ? Number.NaN : Number(value))),
        'number',
      )
    }
  }
  return categoryValues(column.map(labelOf))
}
