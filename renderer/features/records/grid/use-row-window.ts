import { useCallback, useEffect, useLayoutEffect, useMemo, useRef, useState, type RefObject } from 'react'
import { createScrollScale, offsetToReveal, rowsInView } from './scroll-scale.ts'

interface RowWindowOptions {
  readonly rowCount: number
  /** CSS pixels. */
  readonly rowHeight: number
  /** Height of what stays on top, CSS pixels. */
  readonly headerHeight: number
}

interface Window {
  /** Rows to draw, half-open. */
  readonly from: number
  readonly to: number
  /** Added to a row's place in the list to get its place in the spacer; 0 unless the list is too tall for a browser. */
  readonly shift: number
}

export interface RowWindow extends Window {
  readonly container: RefObject<HTMLDivElement | null>
  readonly onScroll: () => void
  /** Width of the container's inside, CSS pixels; 0 before the first layout. */
  readonly width: number
  readonly spacerHeight: number
  /** Rows that fit on one screen, at least one. */
  readonly rowsPerScreen: number
  readonly reveal: (row: number) => void
  readonly scrollToRow: (row: number) => void
}

const overscan = 8

/** Which rows of a long list are in view, for lists of any length: rows have one height, and the scroll position is stretched where needed. */
export function useRowWindow({ rowCount, rowHeight, headerHeight }: RowWindowOptions): RowWindow {
  const container = useRef<HTMLDivElement>(null)
  const offset = useRef(0)
  const placedAt = useRef<number | null>(null)
  const [size, setSize] = useState({ width: 0, height: 0 })
  const [shown, setShown] = useState<Window>({ from: 0, to: 0, shift: 0 })
  const viewportHeight = Math.max(0, size.height - headerHeight)
  const scale = useMemo(() => createScrollScale(rowCount * rowHeight, viewportHeight), [rowCount, rowHeight, viewportHeight])

  const update = useCallback(() => {
    const scrollTop = container.current?.scrollTop ?? 0
    const { from, to } = rowsInView(offset.current, viewportHeight, rowHeight, rowCount, overscan)
    const shift = scale.isStretched ? scrollTop - offset.current : 0
    setShown((before) => (before.from === from && before.to === to && before.shift === shift ? before : { from, to, shift }))
  }, [scale, viewportHeight, rowHeight, rowCount])

  const onScroll = useCallback(() => {
    const scrollTop = container.current?.scrollTop ?? 0
    const isOwn = placedAt.current !== null && Math.abs(scrollTop - placedAt.current) <= 1
    if (!isOwn) {
      placedAt.current = null
      offset.current = scale.toOffset(scrollTop)
    }
    update()
  }, [scale, update])

  const scrollToOffset = useCallback(
    (wanted: number) => {
      const element = container.current
      if (element === null) return
      offset.current = Math.min(scale.maxOffset, Math.max(0, wanted))
      element.scrollTop = scale.toScrollTop(offset.current)
      placedAt.current = element.scrollTop
      update()
    },
    [scale, update],
  )

  useLayoutEffect(() => {
    const element = container.current
    if (element === null) return
    const measure = () => setSize({ width: element.clientWidth, height: element.clientHeight })
    const observer = new ResizeObserver(measure)
    observer.observe(element)
    measure()
    return () => observer.disconnect()
  }, [])

  useLayoutEffect(() => {
    offset.current = Math.min(offset.current, scale.maxOffset)
    update()
  }, [scale, update])

  useEffect(() => {
    const element = container.current
    if (element === null || !scale.isStretched) return
    const lineHeight = 16
    const onWheel = (event: WheelEvent) => {
      if (event.ctrlKey || event.shiftKey || Math.abs(event.deltaX) > Math.abs(event.deltaY)) return
      event.preventDefault()
      const unit =
        event.deltaMode === WheelEvent.DOM_DELTA_LINE ? lineHeight : event.deltaMode === WheelEvent.DOM_DELTA_PAGE ? viewportHeight : 1
      scrollToOffset(offset.current + event.deltaY * unit)
    }
    element.addEventListener('wheel', onWheel, { passive: false })
    return () => element.removeEventListener('wheel', onWheel)
  }, [scale.isStretched, scrollToOffset, viewportHeight])

  const reveal = useCallback(
    (row: number) => {
      const wanted = offsetToReveal(row, offset.current, viewportHeight, rowHeight)
      if (wanted !== offset.current) scrollToOffset(wanted)
    },
    [scrollToOffset, viewportHeight, rowHeight],
  )
  const scrollToRow = useCallback((row: number) => scrollToOffset(row * rowHeight), [scrollToOffset, rowHeight])

  return {
    ...shown,
    container,
    onScroll,
    width: size.width,
    spacerHeight: scale.spacerHeight,
    rowsPerScreen: Math.max(1, Math.floor(viewportHeight / rowHeight)),
    reveal,
    scrollToRow,
  }
}
