import type { Facet } from '../../../shared/contract/records.ts'
import { niceBins } from '../../../shared/domain/facets.ts'
import { looksLikeTimes, parseTime } from '../../../shared/domain/time.ts'
import type { RowSet } from './row-set.ts'
import type { NumberRows, ValueColumn } from './value-column.ts'

/** Fewer distinct numbers are counted one by one, like other values. */
const manyNumbers = 2000

/** Whether a key's values in a view are nothing but so many finite numbers that it can only be shown as a range. */
export function isManyNumbers({ texts, integers, floats, falseRows, trueRows, lists }: ValueColumn, passing: RowSet | null): boolean {
  const others = texts.rows.length + falseRows.length + trueRows.length + lists.size
  if (others > 0 || !Number.isFinite(floats.values[0] ?? 0) || !Number.isFinite(floats.values.at(-1) ?? 0)) return false
  let distinct = 0
  for (const numbers of [integers, floats]) {
    let previous = Number.NaN
    forEachPassing(numbers, passing, (value) => {
      if (value !== previous) distinct += 1
      previous = value
    })
  }
  return distinct > manyNumbers
}

function forEachPassing({ rows, values }: NumberRows, passing: RowSet | null, visit: (value: number) => void): void {
  for (let at = 0; at < rows.length; at += 1) if (!passing || passing.has(rows[at] ?? 0)) visit(values[at] ?? 0)
}

/**
 * Equal bins over a key of very many numbers, the same that computeFacet makes of them, without an object for each number.
 * @param total records in the view
 */
export function numberFacet({ key, integers, floats }: ValueColumn, passing: RowSet | null, total: number): Facet {
  let [min, max, integersSeen, floatsSeen] = [Infinity, -Infinity, 0, 0]
  forEachPassing(integers, passing, (value) => {
    integersSeen += 1
    min = Math.min(min, value)
    max = Math.max(max, value)
  })
  forEachPassing(floats, passing, (value) => {
    floatsSeen += 1
    min = Math.min(min, value)
    max = Math.max(max, value)
  })
  const missing = total - integersSeen - floatsSeen
  // What lies between two times of one encoding is a time of that encoding.
  const time = looksLikeTimes(key, [min, max])
  const toPoint = (value: number): number => (time ? (parseTime(value)?.ms ?? 0) : value)
  const scale = time ? 'date' : 'number'
  const encoding = time ?? (floatsSeen === 0 ? 'integer' : 'float')
  const bins = niceBins(toPoint(min), toPoint(max), scale, encoding === 'integer')
  const start = bins[0]?.from ?? 0
  const step = (bins[0]?.to ?? 1) - start
  const put = (value: number): void => {
    const point = toPoint(value)
    let index = Math.min(bins.length - 1, Math.max(0, Math.floor((point - start) / step)))
    // Division may land one bin off at an edge; the edges themselves decide.
    if (index > 0 && point < (bins[index]?.from ?? 0)) index -= 1
    else if (index < bins.length - 1 && point >= (bins[index]?.to ?? Infinity)) index += 1
    const bin = bins[index]
    if (bin) bin.count += 1
  }
  forEachPassing(integers, passing, put)
  forEachPassing(floats, passing, put)
  return { kind: 'range', key, scale, encoding, min: toPoint(min), max: toPoint(max), bins, missing }
}
