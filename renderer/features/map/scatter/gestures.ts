import { panBy, toPlane, zoomAt } from './camera.ts'
import { pointsInBox, pointsInPolygon } from './lasso.ts'
import type { ScatterModifiers, ScatterTool, ScreenPosition, SelectMode } from './scatter-props.ts'
import type { ScatterView } from './scatter-view.ts'
import { type RunningSteps, runSteps } from './steps.ts'

export interface GestureEvents {
  readonly tool: () => ScatterTool
  readonly onHover: (at: ScreenPosition | null) => void
  readonly onClick: (at: ScreenPosition, modifiers: ScatterModifiers) => void
  readonly onSelect: (indices: Int32Array, mode: SelectMode) => void
  /** Corners of what is being drawn, in CSS pixels; empty when it ends. */
  readonly onOutline: (outline: readonly ScreenPosition[]) => void
}

/** CSS pixels that a press may move and still be a click, and between two corners of a lasso. */
const clickReach = 4
const step = 2

export function modifiersOf(event: MouseEvent | KeyboardEvent): ScatterModifiers {
  return { shift: event.shiftKey, alt: event.altKey, mod: event.ctrlKey || event.metaKey }
}

function modeOf({ shiftKey, altKey }: MouseEvent): SelectMode {
  return altKey ? 'subtract' : shiftKey ? 'add' : 'replace'
}

/** Factor of one event of a wheel: a notch of about 100 pixels zooms by a quarter, a pinch on a trackpad follows the fingers. */
function wheelFactor({ deltaY, deltaMode, ctrlKey }: WheelEvent): number {
  const pixels = deltaY * (deltaMode === 1 ? 33 : deltaMode === 2 ? 400 : 1)
  return Math.exp(-Math.min(400, Math.max(-400, pixels)) * (ctrlKey ? 0.01 : 0.0022))
}

/**
 * Pointers and wheel on the view: drag to pan or to draw a box or lasso, the middle button pans with every tool, two fingers
 * pinch, Escape ends what is being drawn. Returns how to stop.
 */
export function listenForGestures(canvas: HTMLElement, view: ScatterView, events: GestureEvents): () => void {
  const stop = new AbortController()
  const { signal } = stop
  const pointers = new Map<number, ScreenPosition>()
  let start: ScreenPosition | null = null
  let isDragging = false
  let tool: ScatterTool = 'pan'
  let outline: ScreenPosition[] = []
  let selecting: RunningSteps | null = null

  const placeOf = (event: MouseEvent): ScreenPosition => {
    const { left, top } = canvas.getBoundingClientRect()
    return { x: event.clientX - left, y: event.clientY - top }
  }
  const giveUp = (): void => {
    outline = []
    start = null
    isDragging = false
    events.onOutline([])
  }

  function pinch(id: number, to: ScreenPosition): void {
    const [other] = [...pointers].filter(([key]) => key !== id).map(([, at]) => at)
    const from = pointers.get(id)
    if (!other || !from) return
    const apart = (at: ScreenPosition): number => Math.max(1, Math.hypot(at.x - other.x, at.y - other.y))
    const middle = { x: (to.x + other.x) / 2, y: (to.y + other.y) / 2 }
    const moved = panBy(view.cameraNow(), view.size, (to.x - from.x) / 2, (to.y - from.y) / 2)
    view.moveTo(zoomAt(moved, view.size, middle, apart(to) / apart(from)), false, true)
  }

  function draw(from: ScreenPosition, to: ScreenPosition): void {
    if (tool === 'box') outline = [from, { x: to.x, y: from.y }, to, { x: from.x, y: to.y }]
    else {
      const last = outline.at(-1)
      if (!last || Math.hypot(to.x - last.x, to.y - last.y) >= step) outline.push(to)
    }
    events.onOutline(outline)
  }

  function select(mode: SelectMode): void {
    const corners = outline.map((at) => toPlane(view.cameraNow(), view.size, at))
    const { positions } = view.scene
    const [xs, ys] = [corners.map(({ x }) => x), corners.map(({ y }) => y)]
    const bounds = { minX: Math.min(...xs), maxX: Math.max(...xs), minY: Math.min(...ys), maxY: Math.max(...ys) }
    const outlined = corners.flatMap(({ x, y }) => [x, y])
    // An earlier selection is told before this one, which may add to it.
    selecting?.finish()
    selecting = runSteps(tool === 'lasso' ? pointsInPolygon(positions, outlined) : pointsInBox(positions, bounds), (indices) =>
      events.onSelect(indices, mode),
    )
  }

  function onPointerDown(event: PointerEvent): void {
    if (event.button > 1) return
    if (event.button === 1) event.preventDefault()
    canvas.focus({ preventScroll: true })
    canvas.setPointerCapture(event.pointerId)
    const at = placeOf(event)
    pointers.set(event.pointerId, at)
    giveUp()
    if (pointers.size > 1) return
    start = at
    tool = event.button === 1 ? 'pan' : events.tool()
  }

  function onPointerMove(event: PointerEvent): void {
    const at = placeOf(event)
    const before = pointers.get(event.pointerId)
    if (!before) {
      events.onHover(at)
      return
    }
    if (pointers.size > 1) pinch(event.pointerId, at)
    else if (start) {
      if (!isDragging && Math.hypot(at.x - start.x, at.y - start.y) < clickReach) return
      if (!isDragging) {
        events.onHover(null)
        if (tool === 'lasso') outline = [start]
      }
      const from = isDragging ? before : start
      isDragging = true
      if (tool === 'pan') view.moveTo(panBy(view.cameraNow(), view.size, at.x - from.x, at.y - from.y), false, true)
      else draw(start, at)
    }
    pointers.set(event.pointerId, at)
  }

  function onPointerUp(event: PointerEvent): void {
    const isLast = pointers.delete(event.pointerId) && pointers.size === 0
    if (isLast && start && event.type === 'pointerup') {
      if (!isDragging && event.button === 0) events.onClick(placeOf(event), modifiersOf(event))
      else if (isDragging && tool !== 'pan') select(modeOf(event))
    }
    giveUp()
  }

  function onWheel(event: WheelEvent): void {
    event.preventDefault()
    const at = placeOf(event)
    view.moveTo(zoomAt(view.cameraNow(), view.size, at, wheelFactor(event)), false, true)
    events.onHover(null)
  }

  canvas.addEventListener('pointerdown', onPointerDown, { signal })
  canvas.addEventListener('pointermove', onPointerMove, { signal })
  canvas.addEventListener('pointerup', onPointerUp, { signal })
  canvas.addEventListener('pointercancel', onPointerUp, { signal })
  canvas.addEventListener('pointerleave', () => events.onHover(null), { signal })
  canvas.addEventListener('wheel', onWheel, { signal, passive: false })
  canvas.addEventListener(
    'keydown',
    (event) => {
      if (event.key !== 'Escape' || outline.length === 0) return
      event.preventDefault()
      giveUp()
    },
    { signal },
  )
  return () => {
    selecting?.cancel()
    stop.abort()
  }
}
