/** Tallest element, in CSS pixels, that every engine lays out exactly: Firefox stops near 17.8 million, Chromium near 33.5 million. */
export const tallestElement = 12_000_000

/**
 * Maps the scroll position of an element that cannot be tall enough onto the offset in a list that is.
 * All lengths are CSS pixels. Up to `tallest` both are the same; above it the spacer stays at `tallest` and offsets are stretched linearly,
 * so that the two ends still meet.
 */
export interface ScrollScale {
  /** Height of the element that is scrolled. */
  readonly spacerHeight: number
  /** True where one pixel of scrolling is more than one pixel of the list. */
  readonly isStretched: boolean
  /** Largest offset, 0 where everything fits. */
  readonly maxOffset: number
  toOffset(scrollTop: number): number
  toScrollTop(offset: number): number
}

export function createScrollScale(listHeight: number, viewportHeight: number, tallest = tallestElement): ScrollScale {
  const spacerHeight = Math.min(listHeight, tallest)
  const maxOffset = Math.max(0, listHeight - viewportHeight)
  const maxScrollTop = Math.max(0, spacerHeight - viewportHeight)
  const isStretched = listHeight > tallest && maxScrollTop > 0
  const factor = isStretched ? maxOffset / maxScrollTop : 1
  return {
    spacerHeight,
    isStretched,
    maxOffset,
    toOffset: (scrollTop) => Math.min(maxOffset, Math.max(0, scrollTop * factor)),
    toScrollTop: (offset) => Math.min(maxScrollTop, Math.max(0, offset / factor)),
  }
}

/** Half-open range of rows that a viewport at `offset` touches, widened by `overscan` rows on both sides. */
export function rowsInView(
  offset: number,
  viewportHeight: number,
  rowHeight: number,
  rowCount: number,
  overscan: number,
): { from: number; to: number } {
  const first = Math.floor(offset / rowHeight)
  const last = Math.ceil((offset + viewportHeight) / rowHeight)
  return { from: Math.max(0, Math.min(rowCount, first - overscan)), to: Math.max(0, Math.min(rowCount, last + overscan)) }
}

/** The smallest change of `offset` that brings a row fully into view; the offset itself where it already is. */
export function offsetToReveal(row: number, offset: number, viewportHeight: number, rowHeight: number): number {
  const top = row * rowHeight
  if (top < offset) return top
  const bottom = top + rowHeight
  return bottom > offset + viewportHeight ? bottom - viewportHeight : offset
}
