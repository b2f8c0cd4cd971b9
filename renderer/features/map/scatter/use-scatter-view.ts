import { useEffect, useLayoutEffect, useRef, useState, type RefObject } from 'react'
import { cameraAfterKey } from './camera-keys.ts'
import { listenForGestures, modifiersOf } from './gestures.ts'
import { LabelOverlay } from './label-overlay.ts'
import { MarkOverlay } from './mark-overlay.ts'
import type { ScatterProps, ScreenPosition } from './scatter-props.ts'
import { ScatterView } from './scatter-view.ts'
import { noInsets, toScreen } from './camera.ts'
import { watchSize } from './watch-size.ts'

export interface ScatterElements {
  readonly canvas: RefObject<HTMLCanvasElement | null>
  readonly labels: RefObject<HTMLDivElement | null>
  readonly marks: RefObject<SVGSVGElement | null>
}

export interface ScatterParts {
  readonly view: ScatterView
  readonly labels: LabelOverlay
}

/** CSS pixels between a point and the ring around it. */
const ringGap = 3

/**
 * Ties the props to a view in these elements. Returns its parts, null before it is there, or 'unsupported' without WebGL 2.
 */
export function useScatterView(props: ScatterProps, elements: ScatterElements): ScatterParts | 'unsupported' | null {
  const [parts, setParts] = useState<ScatterParts | 'unsupported' | null>(null)
  const latest = useRef(props)
  useLayoutEffect(() => {
    latest.current = props
  })
  const refreshMarks = useRef(() => {})

  useEffect(() => {
    const [canvas, labelHost, markHost] = [elements.canvas.current, elements.labels.current, elements.marks.current]
    if (!canvas || !labelHost || !markHost) return
    let outline: readonly ScreenPosition[] = []
    let hovered: number | null = null
    const labels = new LabelOverlay(labelHost)
    const marks = new MarkOverlay(markHost, {
      accent: () => latest.current.theme.accent,
      background: () => latest.current.theme.background,
    })
    let view: ScatterView
    const drawMarks = (): void => {
      const { focused = null, markers = [], positions } = latest.current
      const { sizes } = view.scene
      const radius = view.style().radius
      const rings = [...new Set([focused, hovered])]
        .filter((index) => index !== null)
        .map((index) => ({
          x: positions[2 * index] ?? Number.NaN,
          y: positions[2 * index + 1] ?? Number.NaN,
          radius: radius * (sizes?.[index] ?? 1) + ringGap,
        }))
        .filter(({ x, y }) => Number.isFinite(x) && Number.isFinite(y))
      marks.update({ markers, rings, outline }, view.cameraNow(), view.size)
    }
    try {
      view = new ScatterView(canvas, latest.current.theme, {
        onFrame: (camera, size) => {
          labels.update(camera, size, view.insets)
          drawMarks()
        },
        onDrawn: (points, isComplete) => latest.current.onDrawn?.(points, isComplete),
        onCameraChange: (camera) => latest.current.onCameraChange?.(camera),
        onSettled: (isSettled) => latest.current.onSettled?.(isSettled),
      })
    } catch {
      setParts('unsupported')
      return
    }
    refreshMarks.current = drawMarks

    const hover = (at: ScreenPosition | null): void => {
      const index = at === null ? null : view.pick(at)
      if (index === hovered) return
      hovered = index
      drawMarks()
      const { positions, onHover } = latest.current
      onHover?.(
        index,
        index === null ? null : toScreen(view.cameraNow(), view.size, positions[2 * index] ?? 0, positions[2 * index + 1] ?? 0),
      )
    }
    const onKeyDown = (event: KeyboardEvent): void => {
      if (event.ctrlKey || event.metaKey || event.altKey) return
      const middle = { x: view.size.width / 2, y: view.size.height / 2 }
      const camera = cameraAfterKey(event.key, event.shiftKey, view.camera ?? view.fitted(), view.size)
      if (event.key === 'Enter') latest.current.onClick?.(hovered ?? view.pick(middle), modifiersOf(event))
      else if (camera !== undefined) {
        hover(null)
        view.moveTo(camera, true, true)
      } else return
      event.preventDefault()
    }
    canvas.addEventListener('keydown', onKeyDown)
    let pending: { at: ScreenPosition | null } | null = null
    let frame = 0
    const stopGestures = listenForGestures(canvas, view, {
      tool: () => latest.current.tool,
      onHover: (at) => {
        pending = { at }
        if (frame !== 0) return
        frame = requestAnimationFrame(() => {
          frame = 0
          if (pending) hover(pending.at)
        })
      },
      onClick: (at, modifiers) => latest.current.onClick?.(view.pick(at), modifiers),
      onSelect: (indices, mode) => latest.current.onSelect?.(indices, mode),
      onOutline: (corners) => {
        if (corners.length === 0 && outline.length === 0) return
        outline = corners
        drawMarks()
      },
    })
    const stopWatching = watchSize(canvas, (size, width, height) => view.resize(size, width, height))
    setParts({ view, labels })
    return () => {
      canvas.removeEventListener('keydown', onKeyDown)
      cancelAnimationFrame(frame)
      stopGestures()
      stopWatching()
      view.end()
      setParts(null)
    }
  }, [elements])

  const current = parts === 'unsupported' ? null : parts
  const { theme, pointScale = 1, positions, colours, sizes, state, lines, labels, insets = noInsets, camera, markers, focused } = props
  const { accent, background, grey, line, text } = theme
  useEffect(() => {
    current?.view.setTheme({ accent, background, grey, line, text }, pointScale)
  }, [current, accent, background, grey, line, text, pointScale])
  const { left, right, top, bottom } = insets
  useEffect(() => {
    current?.view.setInsets({ left, right, top, bottom })
  }, [current, left, right, top, bottom])
  useEffect(() => {
    current?.view.setScene({ positions, colours, sizes, state, lines })
  }, [current, positions, colours, sizes, state, lines])
  useEffect(() => {
    // After the scene, whose bounds limit the zoom.
    if (camera !== undefined) current?.view.follow(camera)
  }, [current, camera])
  useEffect(() => {
    current?.labels.setLabels(labels ?? [], positions)
    current?.labels.update(current.view.cameraNow(), current.view.size, current.view.insets)
  }, [current, labels, positions])
  useEffect(() => {
    if (current) refreshMarks.current()
  }, [current, markers, focused])
  return parts
}
