import { useQuery } from '@tanstack/react-query'
import { useMemo, useRef, useState, type ReactNode } from 'react'
import type { CollectionRef, MetadataKey } from '../../../shared/contract/collections.ts'
import type { MapColour, MapSettings } from '../../../shared/contract/maps.ts'
import type { Probe } from '../../../shared/contract/search.ts'
import type { ProfileMapping } from '../../../shared/domain/profiles/profile.ts'
import { isUnfiltered, type Filter } from '../../../shared/domain/where.ts'
import { useClient } from '../../lib/client-context.tsx'
import { formatCount, formatQuantity } from '../../lib/format.ts'
import { QueryError } from '../../lib/query-error.tsx'
import { useSelectedIds, useSelection } from '../../lib/selection/use-selection.ts'
import { EmptyState } from '../../ui/empty-state.tsx'
import { Select } from '../../ui/select.tsx'
import { ThresholdSlider } from '../../ui/threshold-slider.tsx'
import { colourOptions } from './colour-options.ts'
import { HoverCard } from './hover-card.tsx'
import { MapControls } from './map-controls.tsx'
import { MapLegend } from './map-legend.tsx'
import { MapProgress } from './map-progress.tsx'
import { MapSettingsPopover } from './map-settings.tsx'
import { pointFlags } from './point-flags.ts'
import { paintPoints } from './point-paint.ts'
import type { Camera } from './scatter/camera.ts'
import type { ScatterHandle, ScatterMarker, ScatterTool, ScreenPosition, SelectMode } from './scatter/scatter-props.ts'
import { Scatter } from './scatter/scatter.tsx'
import { useScatterTheme } from './scatter-theme.ts'
import { useMap } from './use-map.ts'

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

interface MapViewProps {
  readonly collection: CollectionRef
  readonly keys: readonly MetadataKey[]
  readonly mapping: ProfileMapping
  readonly state: MapState
  readonly onSettings: (settings: MapSettings) => void
  readonly onColour: (word: string) => void
  readonly onPicked: (picked: ReadonlySet<string>) => void
  readonly onTool: (tool: ScatterTool) => void
  readonly onCamera: (camera: Camera | null) => void
  readonly threshold: number | null
  readonly onThreshold: (threshold: number) => void
  readonly openId: string | null
  readonly onOpen: (id: string | null) => void
  /** The filter and what is looked for, above the map. */
  readonly renderToolbar: (trailing: ReactNode) => ReactNode
  /** What is selected, over the map. */
  readonly selectionPanel: ReactNode
}

const noCodes: ReadonlySet<number> = new Set()

/** Every record of a collection as a point, near what is similar to it. */
export function MapView(props: MapViewProps) {
  const { collection, keys, mapping, state, onSettings, onColour, onPicked, onTool, onCamera, threshold, onThreshold, openId, onOpen } =
    props
  const client = useClient()
  const map = useMap(collection, state.settings)
  const { theme, colours: themeColours } = useScatterTheme()
  const scatter = useRef<ScatterHandle>(null)
  const frameBox = useRef<HTMLDivElement>(null)
  const [hovered, setHovered] = useState<{ index: number; at: ScreenPosition } | null>(null)
  const { selectIds } = useSelection(collection)
  const { ids: selectedIds } = useSelectedIds(collection)

  const { mapId, ids, pointOf, frame } = map
  const isKnown = mapId !== null && frame !== null && frame.positions.length > 0
  const mapRef = { mapId: mapId ?? '' }
  const followsLayout = state.colour?.by === 'cluster' || state.colour?.by === 'fidelity'
  const isSettled = frame?.final === true
  const { data: values } = useQuery({
    ...client.query('maps.values', { ...mapRef, colour: state.colour ?? { by: 'cluster' } }),
    enabled: isKnown && state.colour !== null && (!followsLayout || isSettled),
    structuralSharing: false,
  })
  const { data: labels } = useQuery({ ...client.query('maps.labels', mapRef), enabled: isKnown && isSettled, structuralSharing: false })
  const { data: matching } = useQuery({
    ...client.query('maps.matching', { ...mapRef, filter: state.filter }),
    enabled: isKnown && !isUnfiltered(state.filter),
    structuralSharing: false,
  })
  const { data: similarities, error: probeError } = useQuery({
    ...client.query('maps.similarities', { ...mapRef, probe: state.probe ?? { kind: 'record', id: '' } }),
    enabled: isKnown && state.probe !== null,
    structuralSharing: false,
  })
  const { data: near } = useQuery({
    ...client.query('neighbours.of', { ...collection, k: 16, metric: 'cosine', id: openId ?? '' }),
    enabled: isKnown && openId !== null,
  })

  const points = (frame?.positions.length ?? 0) / 2
  const centre = state.colour?.by === 'similarity' ? threshold : null
  const paint = useMemo(() => (values === undefined ? null : paintPoints(values, theme, centre)), [values, theme, centre])
  const colours = useMemo(() => {
    if (paint !== null && paint.codes.length === points) return { kind: 'palette' as const, codes: paint.codes, palette: paint.palette }
    const plain = theme === 'dark' ? [0x8a, 0x91, 0x9e, 255] : [0x65, 0x6c, 0x79, 255]
    return { kind: 'palette' as const, codes: new Uint8Array(points), palette: Uint8Array.from(plain) }
  }, [paint, points, theme])
  const flags = useMemo(() => {
    const legend = paint?.legend
    const of = legend?.kind === 'categories' ? legend.entries.filter(({ label }) => state.picked.has(label)) : []
    const codes = of.length === 0 ? noCodes : new Set(of.flatMap((entry) => [...entry.codes]))
    return pointFlags({
      points,
      selected: [...(selectedIds ?? [])].flatMap((id) => pointOf.get(id) ?? []),
      matching: isUnfiltered(state.filter) ? null : (matching?.flags ?? null),
      picked: codes.size === 0 || paint === null ? null : { codes: paint.codes, of: codes },
      lit:
        state.probe === null || similarities === undefined || threshold === null ? null : { similarities: similarities.values, threshold },
    })
  }, [points, selectedIds, pointOf, state.filter, state.picked, state.probe, matching, paint, similarities, threshold])

  const openPoint = openId === null ? null : (pointOf.get(openId) ?? null)
  const lines = useMemo(() => {
    if (openPoint === null || near === undefined) return undefined
    return Uint32Array.from(near.neighbours.flatMap(({ id }) => (pointOf.has(id) ? [openPoint, pointOf.get(id) ?? 0] : [])))
  }, [openPoint, near, pointOf])
  const markers = useMemo((): ScatterMarker[] => {
    const place = state.probe === null ? null : (similarities?.place ?? null)
    if (place === null) return []
    return [{ ...place, text: state.probe?.kind === 'text' ? state.probe.text : undefined, colour: themeColours.accent, shape: 'cross' }]
  }, [state.probe, similarities, themeColours])
  const texts = useMemo(
    () => labels?.clusters.map(({ x, y, count, words }) => ({ x, y, text: words.slice(0, 3).join(' · '), weight: count })) ?? [],
    [labels],
  )

  function select(indices: Int32Array, mode: SelectMode): void {
    if (ids === null) return
    const chosen = Array.from(indices, (index) => ids[index] ?? '').filter((id) => id !== '')
    const before = mode === 'replace' ? new Set<string>() : new Set(selectedIds)
    for (const id of chosen) {
      if (mode === 'subtract') before.delete(id)
      else before.add(id)
    }
    selectIds(before)
  }

  if (map.error !== null && frame === null) return <QueryError error={map.error} onRetry={map.retry} />
  const isEmpty = frame !== null && frame.final && points === 0
  const hoveredId = hovered === null ? undefined : ids?.[hovered.index]
  const box = frameBox.current?.getBoundingClientRect()

  return (
    <div className="flex min-h-0 min-w-0 flex-1 flex-col">
      {props.renderToolbar(<MapSettingsPopover settings={state.settings} onSettings={onSettings} onLayOutAnew={map.layOutAnew} />)}
      <div ref={frameBox} className="relative min-h-0 min-w-0 flex-1 overflow-hidden bg-canvas">
        {isEmpty ? (
          <EmptyState title="Nothing to map">
            {frame.withoutVector > 0
              ? `None of the ${formatCount(frame.withoutVector)} records has a vector that can be read.`
              : 'The collection holds no records. What is added to it appears here.'}
          </EmptyState>
        ) : (
          frame !== null && (
            <Scatter
              ref={scatter}
              label={`Map of ${formatQuantity(points, 'record')}`}
              positions={frame.positions}
              colours={colours}
              state={flags.state}
              markers={markers}
              lines={lines}
              labels={texts}
              focused={openPoint}
              theme={themeColours}
              camera={state.camera}
              tool={state.tool}
              onCameraChange={onCamera}
              onHover={(index, at) => setHovered(index === null || at === null ? null : { index, at })}
              onClick={(index) => onOpen(index === null ? null : (ids?.[index] ?? null))}
              onSelect={select}
            />
          )
        )}
        <div className="absolute top-3 left-3 flex w-60 flex-col gap-3 rounded-lg bg-raised/95 p-3 shadow-(--shadow-popup)">
          <MapControls
            tool={state.tool}
            onTool={onTool}
            canZoomToSelection={(selectedIds?.size ?? 0) > 0}
            onFit={() => scatter.current?.fit()}
            onZoomToSelection={() => scatter.current?.zoomTo([...(selectedIds ?? [])].flatMap((id) => pointOf.get(id) ?? []))}
          />
          <Select
            size="small"
            label="Colour by"
            value={state.colourWord}
            onValueChange={onColour}
            options={colourOptions(mapping, keys, state.probe !== null)}
          />
          {paint !== null && <MapLegend legend={paint.legend} picked={state.picked} onPick={onPicked} />}
          {state.probe !== null && threshold !== null && (
            <div className="flex flex-col gap-1 text-small">
              <ThresholdSlider value={threshold} onValueChange={onThreshold} />
              <span role="status" className="text-ink-muted">
                {probeError === null ? `${formatQuantity(flags.lit, 'record')} at or above` : probeError.message}
              </span>
            </div>
          )}
          <MapProgress map={map} />
        </div>
        {props.selectionPanel}
        {hovered !== null && hoveredId !== undefined && box !== undefined && (
          <HoverCard
            collection={collection}
            mapping={mapping}
            id={hoveredId}
            at={hovered.at}
            width={box.width}
            height={box.height}
            similarity={similarities?.values[hovered.index] ?? null}
          />
        )}
      </div>
    </div>
  )
}
