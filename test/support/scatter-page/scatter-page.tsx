import './scatter-page.css'
import { createRef, StrictMode } from 'react'
import { flushSync } from 'react-dom'
import { createRoot } from 'react-dom/client'
import { z } from 'zod'
import type { ScatterHandle, ScatterProps } from '../../../renderer/features/map/scatter/scatter-props.ts'
import { Scatter } from '../../../renderer/features/map/scatter/scatter.tsx'
import type { ScatterPage } from './scatter-page-types.ts'
import { clusteredPoints } from './clustered-points.ts'

z.config({ jitless: true })

const themes = {
  light: { background: '#ffffff', grey: '#d3d7de', line: '#4a41cd', text: '#16191f', accent: '#4a41cd' },
  dark: { background: '#131519', grey: '#343941', line: '#a5a0ff', text: '#e7e9ed', accent: '#a5a0ff' },
}
const root = createRoot(document.querySelector('#root') as HTMLElement)
const handle = createRef<ScatterHandle>()
const events: ScatterPage['events'] = { hovers: [], clicks: [], selections: [], cameras: [], frames: [], isSettled: false, longest: 0 }
let props: Partial<ScatterProps> = {}

new PerformanceObserver((list) => {
  for (const { duration } of list.getEntries()) events.longest = Math.max(events.longest, duration)
}).observe({ type: 'longtask' })

function show(change: Partial<ScatterProps>): void {
  props = { ...props, ...change }
  events.isSettled = false
  const dark = document.documentElement.dataset['theme'] === 'dark'
  flushSync(() =>
    root.render(
      <StrictMode>
        <div style={{ width: '100vw', height: '100vh' }}>
          <Scatter
            ref={handle}
            label="Points"
            positions={new Float32Array()}
            colours={{ kind: 'rgba', values: new Uint8Array() }}
            tool="pan"
            theme={dark ? themes.dark : themes.light}
            onHover={(index) => events.hovers.push(index)}
            onClick={(index, modifiers) => events.clicks.push({ index, modifiers })}
            onSelect={(indices, mode) => events.selections.push({ indices: [...indices], mode })}
            onCameraChange={(camera) => events.cameras.push(camera)}
            onSettled={(isSettled) => (events.isSettled = isSettled)}
            onDrawn={(points, isComplete) => events.frames.push({ at: performance.now(), points, isComplete })}
            {...props}
          />
        </div>
      </StrictMode>,
    ),
  )
}

Object.assign(globalThis, { scatter: { show, handle, events, clusteredPoints } satisfies ScatterPage })
