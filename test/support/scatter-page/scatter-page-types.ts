import type { RefObject } from 'react'
import type { Camera } from '../../../renderer/features/map/scatter/camera.ts'
import type { ScatterHandle, ScatterModifiers, ScatterProps, SelectMode } from '../../../renderer/features/map/scatter/scatter-props.ts'
import type { clusteredPoints } from './clustered-points.ts'

/** What the page that shows the scatter view alone offers to a test, as `scatter` on its window. */
export interface ScatterPage {
  /** Changes props; the others stay. */
  show(change: Partial<ScatterProps>): void
  readonly handle: RefObject<ScatterHandle | null>
  readonly events: {
    hovers: (number | null)[]
    clicks: { index: number | null; modifiers: ScatterModifiers }[]
    selections: { indices: number[]; mode: SelectMode }[]
    cameras: (Camera | null)[]
    frames: { at: number; points: number; isComplete: boolean }[]
    isSettled: boolean
    /** Milliseconds of the longest task of the main thread. */
    longest: number
  }
  readonly clusteredPoints: typeof clusteredPoints
}
