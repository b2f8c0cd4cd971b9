import { toScreen, type Camera, type ViewSize } from './camera.ts'
import type { ScatterMarker, ScreenPosition } from './scatter-props.ts'

const svg = 'http://www.w3.org/2000/svg'
/** CSS pixels from the middle of a marker to its end, and of a cross to where its arms begin: what it stands on stays in sight. */
const reach = 11
const open = 5

export interface Marks {
  readonly markers: readonly ScatterMarker[]
  /** Places of the plane with a ring around them, and the radius of the ring in CSS pixels. */
  readonly rings: readonly { readonly x: number; readonly y: number; readonly radius: number }[]
  /** Corners of the box or the lasso that is being drawn. */
  readonly outline: readonly ScreenPosition[]
}

/** Outline of a marker around 0, 0. */
export function markerPath(shape: ScatterMarker['shape']): string {
  return shape === 'cross'
    ? `M${-reach} 0H${-open}M${open} 0H${reach}M0 ${-reach}V${-open}M0 ${open}V${reach}`
    : `M${-reach} 0a${reach} ${reach} 0 1 0 ${2 * reach} 0a${reach} ${reach} 0 1 0 ${-2 * reach} 0`
}

function add<Name extends keyof SVGElementTagNameMap>(
  parent: Element,
  name: Name,
  attributes: Readonly<Record<string, string>>,
): SVGElementTagNameMap[Name] {
  const element = document.createElementNS(svg, name)
  for (const [key, value] of Object.entries(attributes)) element.setAttribute(key, value)
  parent.append(element)
  return element
}

/** What lies above the points: markers, rings, and the box or lasso while it is drawn. */
export class MarkOverlay {
  readonly #host: SVGSVGElement
  readonly #accent: () => string
  readonly #background: () => string

  constructor(host: SVGSVGElement, colours: { accent: () => string; background: () => string }) {
    this.#host = host
    this.#accent = colours.accent
    this.#background = colours.background
  }

  update({ markers, rings, outline }: Marks, camera: Camera, size: ViewSize): void {
    this.#host.replaceChildren()
    const [accent, background] = [this.#accent(), this.#background()]
    for (const { x, y, radius } of rings) {
      const at = toScreen(camera, size, x, y)
      const place = { cx: at.x.toFixed(1), cy: at.y.toFixed(1), r: radius.toFixed(1), fill: 'none' }
      add(this.#host, 'circle', { ...place, stroke: background, 'stroke-width': '4' })
      add(this.#host, 'circle', { ...place, stroke: accent, 'stroke-width': '2' })
    }
    for (const { x, y, shape, colour, text } of markers) {
      const at = toScreen(camera, size, x, y)
      const group = add(this.#host, 'g', { transform: `translate(${at.x.toFixed(1)} ${at.y.toFixed(1)})` })
      const common = { d: markerPath(shape), fill: 'none', 'stroke-linecap': 'round' }
      add(group, 'path', { ...common, stroke: background, 'stroke-width': '6' })
      add(group, 'path', { ...common, stroke: colour, 'stroke-width': '2.5' })
      if (!text) continue
      const attributes = { x: String(reach + 5), y: '4', fill: colour, stroke: background, 'stroke-width': '4', 'paint-order': 'stroke' }
      add(group, 'text', { ...attributes, 'stroke-linejoin': 'round', 'font-size': '12', 'font-weight': '600' }).textContent = text
    }
    if (outline.length > 1) {
      const points = outline.map(({ x, y }) => `${x.toFixed(1)},${y.toFixed(1)}`).join(' ')
      add(this.#host, 'polygon', {
        points,
        fill: accent,
        'fill-opacity': '0.1',
        stroke: accent,
        'stroke-width': '1.5',
        'fill-rule': 'evenodd',
      })
    }
  }
}
