import { useLayoutEffect, useState, type RefObject } from 'react'

/** Whether an element is narrower than so many CSS pixels; false before it is laid out. */
export function useIsNarrower(element: RefObject<HTMLElement | null>, width: number): boolean {
  const [isNarrower, setIsNarrower] = useState(false)
  useLayoutEffect(() => {
    const target = element.current
    if (target === null) return
    const observer = new ResizeObserver(() => setIsNarrower(target.clientWidth < width))
    observer.observe(target)
    setIsNarrower(target.clientWidth < width)
    return () => observer.disconnect()
  }, [element, width])
  return isNarrower
}
