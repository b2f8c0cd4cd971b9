import { toScreen, type Camera, type ViewSize } from './camera.ts'
import type { ScatterLabel } from './scatter-props.ts'

export interface PlacedLabel {
  readonly label: ScatterLabel
  /** Middle of the text in CSS pixels. */
  readonly x: number
  readonly y: number
}

/** CSS pixels kept free around a text. */
const gap = 4

/**
 * The labels that fit into the view, heaviest first: none overlaps another, none crosses the edge.
 * @param measure width of a text in CSS pixels
 * @param lineHeight height of a text in CSS pixels
 */
export function placeLabels(
  labels: readonly ScatterLabel[],
  camera: Camera,
  size: ViewSize,
  measure: (text: string) => number,
  lineHeight: number,
): PlacedLabel[] {
  const taken: { left: number; right: number; top: number; bottom: number }[] = []
  const placed: PlacedLabel[] = []
  for (const label of labels.toSorted((a, b) => b.weight - a.weight)) {
    const { x, y } = toScreen(camera, size, label.x, label.y)
    if (!(x >= 0 && x <= size.width && y >= 0 && y <= size.height)) continue
    const width = measure(label.text) + gap
    const box = { left: x - width / 2, right: x + width / 2, top: y - (lineHeight + gap) / 2, bottom: y + (lineHeight + gap) / 2 }
    if (box.left < 0 || box.right > size.width || box.top < 0 || box.bottom > size.height) continue
    if (taken.some((other) => box.left < other.right && box.right > other.left && box.top < other.bottom && box.bottom > other.top))
      continue
    taken.push(box)
    placed.push({ label, x, y })
  }
  return placed
}
