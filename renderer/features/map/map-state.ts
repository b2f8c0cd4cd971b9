import type { MapColour, MapSettings } from '../../../shared/contract/maps.ts'
import type { Probe } from '../../../shared/contract/search.ts'
import type { Filter } from '../../../shared/domain/where.ts'
import type { Camera } from './scatter/camera.ts'
import type { ScatterTool } from './scatter/scatter-props.ts'

/** What the address says of the map. */
export interface MapState {
  readonly settings: MapSettings
  /** Null for similarity to nothing. */
  readonly colour: MapColour | null
  readonly colourWord: string
  /** Labels of categories that are picked out; none means all. */
  readonly picked: ReadonlySet<string>
  readonly probe: Probe | null
  readonly tool: ScatterTool
  readonly camera: Camera | null
  readonly filter: Filter
}
