import { expect } from 'vitest'
import type { RecordState } from '../../electron/curation/change.ts'
import type { MetadataValue } from '../../shared/domain/metadata.ts'
import { differenceOf } from './difference.ts'

/** Chroma's JSON reader may come out up to two doubles beside. */
const lastPlace = 4.5e-16

function byName([a]: readonly [string, unknown], [b]: readonly [string, unknown]): number {
  return a < b ? -1 : 1
}

/** Everything but vectors; floats are taken out, in their order. */
function plain(states: ReadonlyMap<string, RecordState>): { records: unknown[]; floats: number[] } {
  const floats: number[] = []
  const valueOf = (value: MetadataValue): unknown => {
    if (Array.isArray(value)) return value.map(valueOf)
    if (typeof value === 'number') floats.push(value)
    return typeof value === 'number' ? 'a float' : value
  }
  const records = [...states].toSorted(byName).map(([id, { document, uri, metadata }]) => {
    return [id, document, uri, [...(metadata ?? [])].toSorted(byName).map(([key, value]) => [key, valueOf(value)])]
  })
  return { records, floats }
}

/** Expects the same records; vectors of a cosine collection may differ by Chroma's own rounding. */
export function expectSame(found: ReadonlyMap<string, RecordState>, expected: ReadonlyMap<string, RecordState>): void {
  const [left, right] = [plain(found), plain(expected)]
  expect(left.records).toEqual(right.records)
  for (const [place, float] of right.floats.entries()) {
    expect(Math.abs((left.floats[place] ?? Number.NaN) - float)).toBeLessThanOrEqual(lastPlace * Math.abs(float))
  }
  for (const [id, { vector }] of expected) {
    expect(differenceOf(found.get(id)?.vector ?? null, vector)).toBeLessThanOrEqual(1.2e-7)
  }
}
