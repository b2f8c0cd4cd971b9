import type { maps as mapsContract } from '../../../shared/contract/maps.ts'
import type { Handlers } from '../../../shared/rpc/define.ts'
import type { Projections } from '../../projection/projections.ts'
import type { MapValuesReader } from './map-values.ts'

export interface MapsParts {
  readonly projections: Projections
  readonly values: MapValuesReader
}

export function mapsHandlers({ projections, values }: MapsParts): Handlers<typeof mapsContract> {
  return {
    open: ({ settings, fresh, ...ref }, { signal }) => projections.open(ref, settings, fresh, signal),
    frame: ({ mapId, after }) => {
      const map = projections.get(mapId)
      return map.version > after ? map.frame() : null
    },
    points: async ({ mapId }) => ({ ids: [...(await projections.get(mapId).points())] }),
    fidelity: ({ mapId }, { signal }) => values.fidelity(mapId, signal),
    values: ({ mapId, colour }, { signal }) => values.of(mapId, colour, signal),
    matching: ({ mapId, filter }, { signal }) => values.matching(mapId, filter, signal),
    similarities: ({ mapId, probe }, { signal }) => values.similarities(mapId, probe, signal),
    labels: ({ mapId }, { signal }) => values.labels(mapId, signal),
    freeze: ({ mapId }) => {
      projections.get(mapId).freeze()
      return {}
    },
  }
}
