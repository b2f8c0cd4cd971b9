import { noInsets, toScreen, type Camera, type Insets, type ViewSize } from './camera.ts'
import type { CrowdGrid, ScreenBox } from './crowd-grid.ts'
import type { ScatterLabel } from './scatter-props.ts'

export interface PlacedLabel {
  readonly label: ScatterLabel
  /** Middle of the text in CSS pixels. */
  readonly x: number
  readonly y: number
}

export interface LabelSpace {
  readonly camera: Camera
  readonly size: ViewSize
  /** What of the view is covered; no text is there. */
  readonly insets?: Insets
  /** Width of a text in CSS pixels. */
  readonly measure: (text: string) => number
  /** Height of a text in CSS pixels. */
  readonly lineHeight: number
  /** Where points are, which texts keep clear of; null where they may stand anywhere. */
  readonly crowd?: CrowdGrid | null
}

/** CSS pixels kept free around a text, and between a text and what it names. */
const gap = 4
const lift = 8
/** Square CSS pixels of free view for each text: few at first, more of a part that is zoomed in. */
const areaOfLabel = 42_000
const fewest = 4
const golden = (Math.sqrt(5) - 1) / 2
/** Share of its place with points that a text may hide without a look at other places, and at all. */
const freeEnough = 0.02
const crowded = 0.25

/** Places for the middle of a text, best first. */
function candidatesOf(label: ScatterLabel, width: number, { camera, size, lineHeight }: LabelSpace): { x: number; y: number }[] {
  const { x, y } = toScreen(camera, size, label.x, label.y)
  if (!(x >= 0 && x <= size.width && y >= 0 && y <= size.height)) return []
  if (!label.extent) return [{ x, y }]
  const { minX, minY, maxX, maxY } = label.extent
  const [upperLeft, lowerRight] = [toScreen(camera, size, minX, maxY), toScreen(camera, size, maxX, minY)]
  const middle = { x: (upperLeft.x + lowerRight.x) / 2, y: (upperLeft.y + lowerRight.y) / 2 }
  const [half, reach] = [lineHeight / 2 + lift, width / 2 + lift]
  return [
    { x: middle.x, y: upperLeft.y - half },
    { x: middle.x, y: lowerRight.y + half },
    { x: lowerRight.x + reach, y: middle.y },
    { x: upperLeft.x - reach, y: middle.y },
  ]
}

/** Heaviest first; among equally heavy ones neighbours in the list come far apart, so that those that fit are spread over the view. */
function byWeight(labels: readonly ScatterLabel[]): ScatterLabel[] {
  return labels
    .map((label, at) => ({ label, turn: (at * golden) % 1 }))
    .toSorted((a, b) => b.label.weight - a.label.weight || a.turn - b.turn)
    .map(({ label }) => label)
}

/** The labels that fit into the view, heaviest first: none overlaps another, none crosses the edge, and they keep clear of points. */
export function placeLabels(labels: readonly ScatterLabel[], space: LabelSpace): PlacedLabel[] {
  const { size, insets = noInsets, measure, lineHeight, crowd = null } = space
  const free = { left: insets.left, right: size.width - insets.right, top: insets.top, bottom: size.height - insets.bottom }
  const most = Math.max(fewest, Math.round(((free.right - free.left) * (free.bottom - free.top)) / areaOfLabel))
  const taken: ScreenBox[] = []
  const placed: PlacedLabel[] = []
  for (const label of byWeight(labels)) {
    if (placed.length >= most) break
    const width = measure(label.text) + gap
    let best: { x: number; y: number; box: ScreenBox; share: number } | null = null
    for (const { x, y } of candidatesOf(label, width, space)) {
      const box = { left: x - width / 2, right: x + width / 2, top: y - (lineHeight + gap) / 2, bottom: y + (lineHeight + gap) / 2 }
      if (box.left < free.left || box.right > free.right || box.top < free.top || box.bottom > free.bottom) continue
      if (taken.some((other) => box.left < other.right && box.right > other.left && box.top < other.bottom && box.bottom > other.top))
        continue
      const share = crowd === null || !label.extent ? 0 : crowd.share(box)
      if (best === null || share < best.share) best = { x, y, box, share }
      if (share <= freeEnough) break
    }
    if (best === null || best.share > crowded) continue
    taken.push(best.box)
    placed.push({ label, x: best.x, y: best.y })
  }
  return placed
}
