import { noInsets, type Camera, type Insets, type ViewSize } from './camera.ts'
import { CrowdGrid, crowdSample } from './crowd-grid.ts'
import { placeLabels, type PlacedLabel } from './label-placement.ts'
import type { ScatterLabel } from './scatter-props.ts'

/** CSS pixels. */
const labelFont = '400 12px'
export const labelHeight = 16
const widest = 200

/** Cuts a text to what fits, with an ellipsis. */
function cut(text: string, measure: (text: string) => number): string {
  if (measure(text) <= widest) return text
  const characters = [...text]
  let [shortest, longest] = [0, characters.length]
  while (shortest < longest) {
    const middle = (shortest + longest + 1) >> 1
    if (measure(`${characters.slice(0, middle).join('')}…`) <= widest) shortest = middle
    else longest = middle - 1
  }
  return `${characters.slice(0, shortest).join('').trimEnd()}…`
}

/** Texts above the points, of one size at every zoom, as elements that are moved and never laid out anew. */
export class LabelOverlay {
  readonly #host: HTMLElement
  readonly #context = new OffscreenCanvas(1, 1).getContext('2d')
  readonly #widths = new Map<string, number>()
  readonly #elements = new Map<ScatterLabel, HTMLElement>()
  #labels: readonly ScatterLabel[] = []
  #points: Float32Array = new Float32Array()

  constructor(host: HTMLElement) {
    this.#host = host
  }

  /** @param positions x and y of the points that the texts keep clear of; long texts are cut */
  setLabels(labels: readonly ScatterLabel[], positions: Float32Array): void {
    if (this.#context) this.#context.font = `${labelFont} ${getComputedStyle(this.#host).fontFamily}`
    this.#widths.clear()
    this.#labels = labels.map((label) => ({ ...label, text: cut(label.text, this.#measure) })).toSorted((a, b) => b.weight - a.weight)
    this.#points = crowdSample(positions)
    for (const element of this.#elements.values()) element.remove()
    this.#elements.clear()
  }

  /** The labels that are shown, and where. */
  place(camera: Camera, size: ViewSize, insets: Insets = noInsets): PlacedLabel[] {
    if (this.#labels.length === 0) return []
    const crowd = new CrowdGrid(this.#points, camera, size)
    return placeLabels(this.#labels, { camera, size, insets, measure: this.#measure, lineHeight: labelHeight, crowd })
  }

  update(camera: Camera, size: ViewSize, insets: Insets): void {
    const placed = this.place(camera, size, insets)
    const shown = new Set(placed.map(({ label }) => label))
    for (const [label, element] of this.#elements) element.style.visibility = shown.has(label) ? 'visible' : 'hidden'
    for (const { label, x, y } of placed) {
      const element = this.#elements.get(label) ?? this.#add(label)
      element.style.transform = `translate(${x.toFixed(1)}px, ${y.toFixed(1)}px) translate(-50%, -50%)`
    }
  }

  readonly #measure = (text: string): number => {
    const known = this.#widths.get(text)
    if (known !== undefined) return known
    const width = Math.ceil(this.#context?.measureText(text).width ?? text.length * 7)
    this.#widths.set(text, width)
    return width
  }

  #add(label: ScatterLabel): HTMLElement {
    const element = document.createElement('span')
    element.textContent = label.text
    this.#host.append(element)
    this.#elements.set(label, element)
    return element
  }
}
