import { expect, test } from 'vitest'
import { addRange, countRanges, hasIndex, removeRange, type Ranges } from '../../renderer/lib/selection/ranges.ts'
import {
  countSelected,
  extendTo,
  isSelected,
  nothingSelected,
  selectAll,
  selectOnly,
  toggle,
  withIdsOnly,
} from '../../renderer/lib/selection/selection.ts'
import { seededRandom } from '../support/random.ts'

test('ranges behave like a set of places under a thousand random changes', () => {
  const random = seededRandom(7)
  let ranges: Ranges = []
  const places = new Set<number>()
  for (let change = 0; change < 1000; change += 1) {
    const from = random.below(60)
    const range = { from, to: from + random.below(12) }
    const adds = random.chance(0.55)
    ranges = adds ? addRange(ranges, range) : removeRange(ranges, range)
    for (let place = range.from; place < range.to; place += 1) {
      if (adds) places.add(place)
      else places.delete(place)
    }
    expect(countRanges(ranges)).toBe(places.size)
    for (let place = 0; place < 75; place += 1) expect(hasIndex(ranges, place)).toBe(places.has(place))
    for (let at = 1; at < ranges.length; at += 1) expect(ranges[at]?.from ?? 0).toBeGreaterThan(ranges[at - 1]?.to ?? 0)
  }
})

test('Shift extends from where the selection started, in both directions', () => {
  const started = selectOnly(10)
  expect(extendTo(started, 13, false).ranges).toEqual([{ from: 10, to: 14 }])
  expect(extendTo(extendTo(started, 13, false), 8, false).ranges).toEqual([{ from: 8, to: 11 }])
})

test('Ctrl and Shift add a range to what is selected', () => {
  const both = extendTo(toggle(selectOnly(1), 10, 'j'), 12, true)
  expect(both.ranges).toEqual([
    { from: 1, to: 2 },
    { from: 10, to: 13 },
  ])
})

test('a million selected records are one range, and one of them can be taken out', () => {
  const all = selectAll(nothingSelected, 1_000_000)
  expect(all.ranges).toEqual([{ from: 0, to: 1_000_000 }])
  const without = toggle(all, 500_000, 'x')
  expect(countSelected(without)).toBe(999_999)
  expect(isSelected(without, 500_000, 'x')).toBe(false)
})

test('records selected by id are selected wherever they stand, and can be taken out one by one', () => {
  const picked = withIdsOnly(['b', 'c'])
  expect(countSelected(picked)).toBe(2)
  expect(isSelected(picked, 99, 'c')).toBe(true)
  expect(isSelected(picked, 1, 'z')).toBe(false)
  expect(isSelected(toggle(picked, 99, 'c'), 99, 'c')).toBe(false)
})
