import type { ViewSize } from './camera.ts'

/** Tells the size of an element in CSS pixels and in whole device pixels, at first and whenever one of them changes. Returns how to stop. */
export function watchSize(element: HTMLElement, onSize: (size: ViewSize, width: number, height: number) => void): () => void {
  const observer = new ResizeObserver(([entry]) => {
    if (!entry) return
    const { width, height } = entry.contentRect
    const [pixels] = entry.devicePixelContentBoxSize ?? []
    onSize(
      { width, height },
      pixels?.inlineSize ?? Math.round(width * devicePixelRatio),
      pixels?.blockSize ?? Math.round(height * devicePixelRatio),
    )
  })
  observer.observe(element, { box: 'device-pixel-content-box' })
  return () => observer.disconnect()
}
