import type { Camera, ViewSize } from './camera.ts'

/** What a pass draws onto and from where it looks. */
export interface Surface {
  readonly camera: Camera
  readonly size: ViewSize
  /** Device pixels per CSS pixel. */
  readonly ratio: number
}

/** Factors from units of the plane to the -1 to 1 of WebGL. */
export function clipScale({ camera, size }: Surface): readonly [number, number] {
  const scale = Math.max(1, Math.min(size.width, size.height)) / camera.span
  return [(2 * scale) / Math.max(1, size.width), (2 * scale) / Math.max(1, size.height)]
}
