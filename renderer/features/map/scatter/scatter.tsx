import { useId, useImperativeHandle, useMemo, useRef, type Ref } from 'react'
import { Callout } from '../../../ui/callout.tsx'
import { exportPng, exportVectors, type ExportParts } from './export-view.ts'
import type { PictureKey, ScatterHandle, ScatterProps } from './scatter-props.ts'
import { useScatterView } from './use-scatter-view.ts'

const cursors = { pan: 'grab', box: 'crosshair', lasso: 'crosshair' }

/**
 * Points on a plane, up to a million of them, that fill their container. Wheel and pinch zoom, dragging pans or draws a box or
 * lasso; with the focus, arrows pan, + and - zoom, 0 shows everything, Enter opens the point in the middle. What is selected is
 * the page's to keep and to show as a list.
 */
export function Scatter({ ref, ...props }: ScatterProps & { ref?: Ref<ScatterHandle> }) {
  const helpId = useId()
  const canvas = useRef<HTMLCanvasElement>(null)
  const labels = useRef<HTMLDivElement>(null)
  const marks = useRef<SVGSVGElement>(null)
  const elements = useMemo(() => ({ canvas, labels, marks }), [])
  const parts = useScatterView(props, elements)
  const current = parts === 'unsupported' ? null : parts
  const { label, markers = [], theme, tool } = props

  useImperativeHandle(ref, () => {
    const exported = (key: PictureKey | null = null): ExportParts => {
      if (!current) throw new Error('The map is not drawn, so there is no picture of it.')
      return { ...current, markers, theme, key }
    }
    return {
      fit: () => current?.view.moveTo(null, true, true),
      zoomTo: (indices) => current?.view.zoomTo(indices),
      toPNG: async (scale, key) => exportPng(exported(key), Math.min(4, Math.max(0.5, scale))),
      toSVG: async (key) => exportVectors(exported(key)),
    }
  }, [current, markers, theme])

  if (parts === 'unsupported') {
    return (
      <div className="grid h-full place-items-center p-6">
        <Callout severity="warning" title="The map needs WebGL 2, which is off or missing here." className="max-w-120">
          Turn on hardware acceleration in the settings of the browser or the system and reload. The records and everything that can be done
          with them are in the Records tab as well.
        </Callout>
      </div>
    )
  }
  return (
    <div className="relative h-full w-full overflow-hidden outline-none select-none" style={{ background: theme.background }}>
      <canvas
        ref={canvas}
        // oxlint-disable-next-line jsx-a11y/no-interactive-element-to-noninteractive-role -- its keys are its own, not those of a document
        role="application"
        aria-roledescription="scatter plot"
        aria-label={label}
        aria-describedby={helpId}
        tabIndex={0}
        className="absolute inset-0 h-full w-full touch-none focus-visible:outline-2 focus-visible:-outline-offset-2 focus-visible:outline-accent"
        style={{ cursor: cursors[tool] }}
      />
      <p id={helpId} className="sr-only">
        Arrow keys pan, plus and minus zoom, 0 shows everything, Enter opens the point in the middle.
      </p>
      <div
        ref={labels}
        aria-hidden="true"
        className="pointer-events-none absolute inset-0 text-small whitespace-nowrap [paint-order:stroke_fill] *:absolute *:top-0 *:left-0 *:will-change-transform"
        style={{ color: theme.text, WebkitTextStroke: `3px ${theme.background}` }}
      />
      <svg ref={marks} aria-hidden="true" className="pointer-events-none absolute inset-0 h-full w-full" />
    </div>
  )
}
