import type { Bounds } from './bounds.ts'
import { betweenCameras, eased, motionTime } from './camera-motion.ts'
import { fitCamera, limitCamera, noInsets, type Camera, type Insets, type ViewSize } from './camera.ts'

/** Which part of the plane a view shows: where it is, where it is going, and whether its owner knows. */
export class CameraPath {
  readonly #bounds: () => Bounds | null
  readonly #still = matchMedia('(prefers-reduced-motion: reduce)')
  #size: ViewSize = { width: 0, height: 0 }
  #insets: Insets = noInsets
  /** Null shows everything. */
  #camera: Camera | null = null
  #motion: { from: Camera; start: number } | null = null
  #isTold = true

  /** @param bounds of the points that are shown now; null where there are none */
  constructor(bounds: () => Bounds | null) {
    this.#bounds = bounds
  }

  /** Whether things jump where they would move. */
  get isStill(): boolean {
    return this.#still.matches
  }

  get size(): ViewSize {
    return this.#size
  }

  set size(size: ViewSize) {
    this.#size = size
  }

  get insets(): Insets {
    return this.#insets
  }

  /** The camera that was asked for; null for everything. */
  get camera(): Camera | null {
    return this.#camera
  }

  fitted(): Camera {
    return fitCamera(this.#bounds(), this.#size, this.#insets)
  }

  at(now: number): Camera {
    const goal = this.#camera ?? this.fitted()
    return this.#motion ? betweenCameras(this.#motion.from, goal, eased((now - this.#motion.start) / motionTime)) : goal
  }

  /** What of the view is covered: everything is shown beside it. */
  setInsets(insets: Insets, now: number): void {
    const before = this.at(now)
    this.#insets = insets
    if (!this.#still.matches && this.#size.width > 0 && this.#bounds() !== null) this.refit(before, now)
  }

  /** Where everything is shown, goes on from a camera to where everything is by now. */
  refit(from: Camera, now: number): void {
    if (this.#camera === null) this.#motion = { from, start: now }
  }

  /** Goes to a camera, at once or, where `isSmooth`, within `motionTime`. `isTold` where the person did it. */
  moveTo(camera: Camera | null, { isSmooth, isTold }: { isSmooth: boolean; isTold: boolean }, now: number): void {
    this.#motion = isSmooth && !this.#still.matches && this.#size.width > 0 ? { from: this.at(now), start: now } : null
    this.#camera = camera === null || this.#bounds() === null ? camera : limitCamera(camera, this.fitted())
    if (isTold) this.#isTold = false
  }

  /** Whether a camera of the owner's is another one than this view is at, or has on its way to the owner. */
  isNews(camera: Camera | null): boolean {
    const own = this.#camera
    const isSame = camera === null || own === null ? camera === own : camera.x === own.x && camera.y === own.y && camera.span === own.span
    // A camera that comes back while the hand is already further on is no wish to go back.
    return !isSame && this.#isTold
  }

  /** The camera that shows these bounds. */
  around({ minX, minY, maxX, maxY }: Bounds): Camera {
    // One point, or several on one place, are shown with what is around them.
    const more = maxX > minX || maxY > minY ? 0 : this.fitted().span / 45
    return fitCamera({ minX: minX - more, minY: minY - more, maxX: maxX + more, maxY: maxY + more }, this.#size, this.#insets)
  }

  /** Whether the camera is still on its way. */
  isMoving(now: number): boolean {
    if (this.#motion && now - this.#motion.start >= motionTime) this.#motion = null
    return this.#motion !== null
  }

  /** Whether the owner has yet to hear of the camera; from now on it has. */
  takeUntold(): boolean {
    const isUntold = !this.#isTold
    this.#isTold = true
    return isUntold
  }
}
