import type { Bounds } from './bounds.ts'
import type { ScreenPosition } from './scatter-props.ts'

/** What of the plane is seen: its middle and how much of it the shorter side of the view shows, in units of the positions. */
export interface Camera {
  readonly x: number
  readonly y: number
  /** Above 0. The same place looks the same in windows of any size. */
  readonly span: number
}

/** Size of the view in CSS pixels. */
export interface ViewSize {
  readonly width: number
  readonly height: number
}

/** How much of the view something that floats above it covers, in CSS pixels from each side. */
export interface Insets {
  readonly left: number
  readonly right: number
  readonly top: number
  readonly bottom: number
}
export const noInsets: Insets = { left: 0, right: 0, top: 0, bottom: 0 }

/** Free space around what is fitted, as a share of the shorter side. */
const margin = 0.06

/** Pixels per unit of the plane. */
export function scaleOf(camera: Camera, { width, height }: ViewSize): number {
  return Math.max(1, Math.min(width, height)) / camera.span
}

/** Where a place of the plane is drawn. Upwards on the plane is upwards in the view. */
export function toScreen(camera: Camera, size: ViewSize, x: number, y: number): ScreenPosition {
  const scale = scaleOf(camera, size)
  return { x: size.width / 2 + (x - camera.x) * scale, y: size.height / 2 - (y - camera.y) * scale }
}

/** The place of the plane that is drawn at a pixel: the inverse of `toScreen`. */
export function toPlane(camera: Camera, size: ViewSize, at: ScreenPosition): { x: number; y: number } {
  const scale = scaleOf(camera, size)
  return { x: camera.x + (at.x - size.width / 2) / scale, y: camera.y - (at.y - size.height / 2) / scale }
}

/** The camera after what is drawn was moved by pixels. */
export function panBy(camera: Camera, size: ViewSize, dx: number, dy: number): Camera {
  const scale = scaleOf(camera, size)
  return { ...camera, x: camera.x - dx / scale, y: camera.y + dy / scale }
}

/** The camera zoomed in by `factor`, with the place under `at` staying there. */
export function zoomAt(camera: Camera, size: ViewSize, at: ScreenPosition, factor: number): Camera {
  const fixed = toPlane(camera, size, at)
  return { x: fixed.x + (camera.x - fixed.x) / factor, y: fixed.y + (camera.y - fixed.y) / factor, span: camera.span / factor }
}

/** The camera that shows these bounds whole, in the middle of what is not covered. A single place is shown with one unit around it. */
export function fitCamera(bounds: Bounds | null, { width, height }: ViewSize, insets: Insets = noInsets): Camera {
  if (bounds === null) return { x: 0, y: 0, span: 2 }
  const shorter = Math.max(1, Math.min(width, height))
  const free = 1 - 2 * margin
  const across = (bounds.maxX - bounds.minX) * (shorter / Math.max(1, width - insets.left - insets.right))
  const upright = (bounds.maxY - bounds.minY) * (shorter / Math.max(1, height - insets.top - insets.bottom))
  const span = Math.max(across, upright) > 0 ? Math.max(across, upright) / free : 2
  const unitsPerPixel = span / shorter
  return {
    x: (bounds.minX + bounds.maxX) / 2 - ((insets.left - insets.right) / 2) * unitsPerPixel,
    y: (bounds.minY + bounds.maxY) / 2 + ((insets.top - insets.bottom) / 2) * unitsPerPixel,
    span,
  }
}

/** Keeps the zoom between a twentieth of everything and as near as single-precision positions can be told apart. */
export function limitCamera(camera: Camera, fitted: Camera): Camera {
  const nearest = Math.max(fitted.span * 1e-6, Math.max(Math.abs(camera.x), Math.abs(camera.y)) * 1e-6)
  return { ...camera, span: Math.min(Math.max(camera.span, nearest), fitted.span * 20) }
}
