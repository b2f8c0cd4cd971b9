import { expect, test } from 'vitest'
import { createScrollScale, offsetToReveal, rowsInView, tallestElement } from '../../renderer/features/records/grid/scroll-scale.ts'

const rowHeight = 28
const viewport = 700

test('a list that a browser can lay out scrolls pixel by pixel', () => {
  const scale = createScrollScale(10_000 * rowHeight, viewport)
  expect(scale.isStretched).toBe(false)
  expect(scale.spacerHeight).toBe(280_000)
  expect(scale.toOffset(12_345)).toBe(12_345)
  expect(scale.toScrollTop(12_345)).toBe(12_345)
})

test('a million rows fit into an element every browser can lay out, and both ends can be reached', () => {
  const scale = createScrollScale(1_000_000 * rowHeight, viewport)
  expect(scale.isStretched).toBe(true)
  expect(scale.spacerHeight).toBe(tallestElement)
  expect(scale.toOffset(0)).toBe(0)
  expect(scale.toOffset(tallestElement - viewport)).toBe(1_000_000 * rowHeight - viewport)
  expect(rowsInView(scale.maxOffset, viewport, rowHeight, 1_000_000, 0)).toEqual({ from: 999_975, to: 1_000_000 })
})

test('a stretched offset survives the way to the scroll position and back', () => {
  const scale = createScrollScale(1_000_000 * 36, viewport)
  for (const row of [1, 77, 123_456, 499_999, 999_980]) {
    const offset = row * 36
    if (offset <= scale.maxOffset) expect(scale.toOffset(scale.toScrollTop(offset))).toBeCloseTo(offset, 3)
  }
})

test('rows in view include those cut by the edges, and never go beyond the list', () => {
  expect(rowsInView(14, 56, 28, 100, 0)).toEqual({ from: 0, to: 3 })
  expect(rowsInView(14, 56, 28, 100, 5)).toEqual({ from: 0, to: 8 })
  expect(rowsInView(0, 700, 28, 3, 8)).toEqual({ from: 0, to: 3 })
  expect(rowsInView(0, 0, 28, 0, 8)).toEqual({ from: 0, to: 0 })
})

test('revealing a row scrolls no further than needed', () => {
  expect(offsetToReveal(5, 0, 700, 28)).toBe(0)
  expect(offsetToReveal(25, 0, 700, 28)).toBe(28)
  expect(offsetToReveal(2, 100, 700, 28)).toBe(56)
})
