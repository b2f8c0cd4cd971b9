import { boundsOf } from './bounds.ts'
import { eased, motionTime } from './camera-motion.ts'
import { CameraPath } from './camera-path.ts'
import { scaleOf, toPlane, type Camera, type Insets, type ViewSize } from './camera.ts'
import { cssColour } from './css-colour.ts'
import type { DensityView } from './density-picture.ts'
import { FrameFence } from './frame-fence.ts'
import { FrameBudget } from './frame-budget.ts'
import { PointSearch } from './point-search.ts'
import { densityStyle, pointStyle, type PointStyle } from './point-style.ts'
import { PointWorker, type Picture } from './point-worker.ts'
import { ScatterPainter } from './scatter-painter.ts'
import type { ScatterTheme, ScreenPosition } from './scatter-props.ts'
import { type PreparedScene, ScatterScene, type SceneInput, type ScenePart } from './scatter-scene.ts'
import { finishSteps, runSteps, type RunningSteps, type Steps } from './steps.ts'
import type { Surface } from './surface.ts'

export interface ScatterViewEvents {
  /** Something moved: the overlays follow. Called before the frame is shown. */
  readonly onFrame: (camera: Camera, size: ViewSize) => void
  /** How many points a frame drew, and whether these are all. */
  readonly onDrawn: (points: number, isComplete: boolean) => void
  readonly onCameraChange: (camera: Camera | null) => void
  readonly onSettled: (isSettled: boolean) => void
}

/** Up to here all points are drawn one by one at rest; above, a worker adds them up to a picture. */
const singly = 50_000
/** Milliseconds without movement after which the view is at rest. */
const restAfter = 90
const pickRadius = 8
/** Pixels of a picture above which it is painted coarser. */
const mostPixels = 6_000_000
const allParts: ReadonlySet<ScenePart> = new Set(['positions', 'colours', 'sizes', 'order', 'lines'])

/** Draws a scene into a canvas, frame by frame only while something changes. Knows nothing of React or of what points mean. */
export class ScatterView {
  readonly #canvas: HTMLCanvasElement
  readonly #gl: WebGL2RenderingContext
  readonly #events: ScatterViewEvents
  readonly #scene = new ScatterScene()
  readonly #worker = new PointWorker()
  readonly #budget = new FrameBudget()
  readonly #stop = new AbortController()
  readonly #path = new CameraPath(() => this.#scene.bounds)
  readonly #search = new PointSearch(this.#worker)
  readonly #fence: FrameFence
  #painter: ScatterPainter | null
  #isWanted = false
  #input: SceneInput | null = null
  #loading: RunningSteps | null = null
  /** Where to go once what is on its way is there. */
  #followed: { camera: Camera | null } | null = null
  #theme: ScatterTheme
  #pointScale = 1
  #ratio = 1
  #pointsStart: number | null = null
  #movedAt = -Infinity
  #frame = 0
  #timer = 0
  #isSettled = false
  #version = 0
  #painted = -1
  #painting = -1

  /** Throws an Error where there is no WebGL 2. */
  constructor(canvas: HTMLCanvasElement, theme: ScatterTheme, events: ScatterViewEvents) {
    const gl = canvas.getContext('webgl2', { antialias: false, depth: false, stencil: false, powerPreference: 'high-performance' })
    if (!gl) throw new Error('There is no WebGL 2.')
    this.#canvas = canvas
    this.#gl = gl
    this.#fence = new FrameFence(gl)
    this.#theme = theme
    this.#events = events
    this.#painter = this.#makePainter()
    const { signal } = this.#stop
    canvas.addEventListener(
      'webglcontextlost',
      (event) => {
        event.preventDefault()
        this.#painter = null
        this.#setSettled(false)
      },
      { signal },
    )
    canvas.addEventListener(
      'webglcontextrestored',
      () => {
        this.#painter = this.#makePainter()
        if (this.#painter) {
          finishSteps(this.#painter.load(this.#scene, allParts))()
          this.#painter.setOrigin(this.#scene)
        }
        // What was on its way to the lost context is sent again.
        if (this.#loading && this.#input) this.#load(this.#input)
        this.#changed()
      },
      { signal },
    )
  }

  end(): void {
    this.#stop.abort()
    cancelAnimationFrame(this.#frame)
    clearTimeout(this.#timer)
    this.#search.wake()
    this.#loading?.cancel()
    this.#fence.end()
    this.#worker.end()
  }

  /** Shows a scene: at once where that takes a few milliseconds, else as soon as it is prepared and until then the one before. */
  setScene(input: SceneInput): void {
    this.#input = input
    if (!this.#loading) this.#load(input)
    if (this.#loading) this.#setSettled(false)
  }

  setTheme(theme: ScatterTheme, pointScale: number): void {
    this.#theme = theme
    this.#pointScale = pointScale
    this.#painter?.setTheme(theme)
    this.#changed()
  }

  /** What of the view is covered: everything and single points are shown beside it. */
  setInsets(insets: Insets): void {
    this.#path.setInsets(insets, performance.now())
    this.#changed()
  }

  get insets(): Insets {
    return this.#path.insets
  }

  /** CSS pixels, and device pixels of the canvas. */
  resize(size: ViewSize, width: number, height: number): void {
    this.#path.size = size
    this.#ratio = size.width > 0 ? width / size.width : 1
    if (this.#canvas.width !== width || this.#canvas.height !== height) {
      this.#canvas.width = width
      this.#canvas.height = height
    }
    this.#changed()
    // The canvas was emptied just now, so that it is drawn before it is shown.
    cancelAnimationFrame(this.#frame)
    this.#draw(true)
  }

  get size(): ViewSize {
    return this.#path.size
  }

  /** The camera that was asked for; null for everything. */
  get camera(): Camera | null {
    return this.#path.camera
  }

  fitted(): Camera {
    return this.#path.fitted()
  }

  cameraNow(now = performance.now()): Camera {
    return this.#path.at(now)
  }

  /** Moves to a camera, at once or, where `isSmooth`, within `motionTime`. `isTold` where the person did it. */
  moveTo(camera: Camera | null, isSmooth: boolean, isTold: boolean): void {
    const now = performance.now()
    this.#path.moveTo(camera, { isSmooth, isTold }, now)
    this.#moved(now)
  }

  /** Goes where the props say; nothing happens where the view is there already or was just told so by this view. */
  follow(camera: Camera | null): void {
    // The bounds of the scene that is on its way limit the zoom.
    if (this.#loading) {
      this.#followed = { camera }
      return
    }
    if (this.#path.isNews(camera)) this.moveTo(camera, this.#scene.bounds !== null, false)
  }

  zoomTo(indices: ArrayLike<number>): void {
    const bounds = boundsOf(this.#scene.positions, indices)
    if (bounds !== null) this.moveTo(this.#path.around(bounds), true, true)
  }

  /** The placed point that is drawn nearest to a place in the view, within reach of a pointer; null where there is none. */
  pick(at: ScreenPosition): number | null {
    const camera = this.cameraNow()
    const { x, y } = toPlane(camera, this.size, at)
    const reach = Math.max(pickRadius, this.#style(camera).radius + 2) / scaleOf(camera, this.size)
    return this.#search.nearest(x, y, reach)
  }

  get scene(): ScatterScene {
    return this.#scene
  }

  /** CSS pixels of a point of normal size now. */
  style(): PointStyle {
    return this.#style(this.cameraNow())
  }

  /** Paints all points as they are seen now, `ratio` pixels per CSS pixel. */
  paint(ratio: number): Promise<Picture> {
    return this.#worker.paint(this.#densityView(ratio))
  }

  #load(input: SceneInput): void {
    this.#loading?.cancel()
    this.#loading = null
    let isDone = false
    const loading = runSteps(this.#steps(input), ([prepared, take]) => {
      isDone = true
      this.#loading = null
      this.#show(prepared, take)
      // Only the newest of what came in the meantime counts.
      if (this.#input && this.#input !== input) this.#load(this.#input)
    })
    if (!isDone) this.#loading = loading
  }

  *#steps(input: SceneInput): Steps<[PreparedScene, () => void]> {
    const prepared = yield* this.#scene.prepare(input)
    const { content, changed } = prepared
    const take = this.#painter ? yield* this.#painter.load(content, changed) : () => undefined
    return [prepared, take]
  }

  #show(prepared: PreparedScene, take: () => void): void {
    const { changed, content } = prepared
    if (changed.size === 0 && this.#isSettled) return
    const now = performance.now()
    const before = this.cameraNow(now)
    this.#scene.show(prepared, this.#path.isStill ? null : this.#pointProgress(now))
    take()
    const { positions, colours, sizes, order } = content
    if (changed.has('positions')) {
      this.#worker.send({ kind: 'positions', positions })
      this.#search.setPositions(positions)
      this.#pointsStart = this.#scene.origin === positions ? null : now
      if (this.#pointsStart !== null) this.#path.refit(before, now)
    }
    if (changed.has('positions') || changed.has('lines')) this.#painter?.setOrigin(this.#scene)
    if (changed.has('colours') || changed.has('sizes'))
      this.#worker.send({ kind: 'colours', colours: colours as Uint8Array<ArrayBuffer>, sizes })
    if (changed.has('order')) this.#worker.send({ kind: 'order', order })
    this.#changed()
    const followed = this.#followed
    this.#followed = null
    if (followed) this.follow(followed.camera)
  }

  #makePainter(): ScatterPainter | null {
    if (this.#gl.isContextLost()) return null
    const painter = new ScatterPainter(this.#gl)
    painter.setTheme(this.#theme)
    return painter
  }

  #pointProgress(now: number): number {
    return this.#pointsStart === null ? 1 : eased((now - this.#pointsStart) / motionTime)
  }

  #style(camera: Camera): PointStyle {
    const count = this.#scene.order.indices.length
    const scale = scaleOf(camera, this.size)
    return pointStyle(count, this.fitted().span / camera.span, this.#scene.peak / (scale * scale), this.#pointScale)
  }

  #densityView(ratio: number): DensityView {
    const camera = this.cameraNow()
    const { radius, opacity, exponent } = densityStyle(this.#style(camera))
    const [red, green, blue] = cssColour(this.#theme.grey)
    return {
      width: Math.max(1, Math.round(this.size.width * ratio)),
      height: Math.max(1, Math.round(this.size.height * ratio)),
      x: camera.x,
      y: camera.y,
      scale: scaleOf(camera, this.size) * ratio,
      radius: radius * ratio,
      opacity,
      exponent,
      grey: [red, green, blue],
    }
  }

  #changed(): void {
    this.#moved(performance.now())
  }

  #moved(now: number): void {
    this.#movedAt = now
    this.#version += 1
    this.#setSettled(false)
    this.#request()
  }

  #setSettled(isSettled: boolean): void {
    if (this.#isSettled === isSettled) return
    this.#isSettled = isSettled
    this.#events.onSettled(isSettled)
  }

  #request(): void {
    if (this.#frame === 0) this.#frame = requestAnimationFrame(() => this.#draw())
  }

  #later(milliseconds: number): void {
    this.#search.wake()
    clearTimeout(this.#timer)
    this.#timer = window.setTimeout(() => this.#request(), milliseconds)
  }

  #draw(isForced = false): void {
    this.#frame = 0
    const now = performance.now()
    const painter = this.#painter
    if (this.size.width === 0 || this.size.height === 0) return
    const camera = this.cameraNow(now)
    this.#events.onFrame(camera, this.size)
    if (!painter) return
    // A frame that is still being drawn is not overtaken, so that the picture never lags behind the hand.
    if (this.#fence.isWaiting && !isForced) {
      this.#isWanted = true
      return
    }

    const progress = this.#pointProgress(now)
    if (progress >= 1) this.#pointsStart = null
    const isMoving = this.#path.isMoving(now) || this.#pointsStart !== null
    if (isMoving) {
      this.#movedAt = now
      this.#version += 1
    }
    const count = this.#scene.order.indices.length
    const isResting = now - this.#movedAt >= restAfter
    const surface: Surface = { camera, size: this.size, ratio: this.#ratio }
    if (isResting && count > singly) this.#drawWhole(painter, surface)
    else {
      const drawn = painter.drawPoints(this.#scene, surface, this.#style(camera), progress, isResting ? count : this.#budget.points)
      this.#events.onDrawn(drawn, drawn === count)
      this.#await(drawn)
      if (isResting) this.#rest()
    }
    if (isMoving) this.#request()
    else if (!isResting) this.#later(restAfter)
  }

  #await(points: number): void {
    this.#fence.wait((milliseconds) => {
      this.#budget.tell(points, milliseconds)
      if (!this.#isWanted) return
      this.#isWanted = false
      this.#request()
    })
  }

  #drawWhole(painter: ScatterPainter, surface: Surface): void {
    const version = this.#version
    if (this.#painted === version) {
      painter.drawPicture(surface)
      this.#events.onDrawn(this.#scene.order.indices.length, true)
      this.#rest()
      return
    }
    if (this.#painting !== -1) return
    this.#painting = version
    const { width, height } = this.size
    const ratio = Math.min(this.#ratio, Math.sqrt(mostPixels / (width * height)))
    void this.paint(ratio).then((picture) => {
      this.#painting = -1
      if (this.#version === version && this.#painter) {
        this.#painter.setPicture(picture)
        this.#painted = version
      }
      this.#request()
    })
  }

  #rest(): void {
    if (this.#loading) return
    this.#setSettled(true)
    if (this.#path.takeUntold()) this.#events.onCameraChange(this.camera)
    this.#search.rest()
  }
}
