import type { Camera } from './camera.ts'

/** Milliseconds that anything may take to move. */
export const motionTime = 180

/** Starts fast and ends slowly. */
export function eased(share: number): number {
  const left = 1 - Math.min(1, Math.max(0, share))
  return 1 - left * left * left
}

/** The camera between two others; the zoom changes evenly to the eye. */
export function betweenCameras(from: Camera, to: Camera, share: number): Camera {
  if (share >= 1) return to
  const span = from.span * (to.span / from.span) ** share
  // The middle moves in step with the zoom, so that a place under the pointer stays there all the way.
  const done = from.span === to.span ? share : (from.span - span) / (from.span - to.span)
  return { x: from.x + (to.x - from.x) * done, y: from.y + (to.y - from.y) * done, span }
}
