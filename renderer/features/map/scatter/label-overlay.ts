import type { Camera, ViewSize } from './camera.ts'
import { placeLabels } from './label-placement.ts'
import type { ScatterLabel } from './scatter-props.ts'

/** CSS pixels. */
export const labelFont = '600 12px'
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

  constructor(host: HTMLElement) {
    this.#host = host
  }

  setLabels(labels: readonly ScatterLabel[]): void {
    if (this.#context) this.#context.font = `${labelFont} ${getComputedStyle(this.#host).fontFamily}`
    this.#widths.clear()
    this.#labels = labels.map((label) => ({ ...label, text: cut(label.text, this.measure) }))
    for (const element of this.#elements.values()) element.remove()
    this.#elements.clear()
  }

  /** Labels as they are shown: long texts are cut. */
  get labels(): readonly ScatterLabel[] {
    return this.#labels
  }

  readonly measure = (text: string): number => {
    const known = this.#widths.get(text)
    if (known !== undefined) return known
    const width = Math.ceil(this.#context?.measureText(text).width ?? text.length * 7)
    this.#widths.set(text, width)
    return width
  }

  update(camera: Camera, size: ViewSize): void {
    const placed = placeLabels(this.#labels, camera, size, this.measure, labelHeight)
    const shown = new Set(placed.map(({ label }) => label))
    for (const [label, element] of this.#elements) element.style.visibility = shown.has(label) ? 'visible' : 'hidden'
    for (const { label, x, y } of placed) {
      const element = this.#elements.get(label) ?? this.#add(label)
      element.style.transform = `translate(${x.toFixed(1)}px, ${y.toFixed(1)}px) translate(-50%, -50%)`
    }
  }

  #add(label: ScatterLabel): HTMLElement {
    const element = document.createElement('span')
    element.textContent = label.text
    this.#host.append(element)
    this.#elements.set(label, element)
    return element
  }
}
