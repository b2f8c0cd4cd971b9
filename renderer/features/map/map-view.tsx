import { Download } from 'lucide-react'
import { useRef, useState, type ReactNode } from 'react'
import type { CollectionRef, MetadataKey } from '../../../shared/contract/collections.ts'
import type { MapSettings } from '../../../shared/contract/maps.ts'
import type { Probe } from '../../../shared/contract/search.ts'
import type { ProfileMapping } from '../../../shared/domain/profiles/profile.ts'
import { useCommands } from '../../lib/commands.ts'
import { describeError } from '../../lib/describe-error.ts'
import { formatCount, formatQuantity } from '../../lib/format.ts'
import { useSelectedIds, useSelection } from '../../lib/selection/use-selection.ts'
import { StatusContent } from '../../lib/slots.tsx'
import { useIsNarrower } from '../../lib/use-is-narrower.ts'
import { Button } from '../../ui/button.tsx'
import { Menu } from '../../ui/menu.tsx'
import { Select } from '../../ui/select.tsx'
import { SkeletonLines } from '../../ui/skeleton.tsx'
import { colourOptions } from './colour-options.ts'
import { colourWords, type ColourWords } from './colour-words.ts'
import { EntryEvidence } from './entry-evidence.tsx'
import { HoverCard } from './hover-card.tsx'
import { MapControls } from './map-controls.tsx'
import { MapLegend } from './map-legend.tsx'
import { hasNoPlaces, MapOpening } from './map-opening.tsx'
import { MapProgress } from './map-progress.tsx'
import { MapQuery } from './map-query.tsx'
import { MapSettingsPopover } from './map-settings.tsx'
import type { MapState } from './map-state.ts'
import { pictureKey } from './picture-key.ts'
import { noInsets, type Camera, type Insets } from './scatter/camera.ts'
import { pointState, type ScatterHandle, type ScatterTool, type ScreenPosition, type SelectMode } from './scatter/scatter-props.ts'
import { Scatter } from './scatter/scatter.tsx'
import { useScatterTheme } from './scatter-theme.ts'
import { SelectionPanel } from './selection-panel.tsx'
import { useMap } from './use-map.ts'
import { useMapExport } from './use-map-export.ts'
import { useMapPoints } from './use-map-points.ts'

interface MapViewProps {
  readonly collection: CollectionRef
  readonly keys: readonly MetadataKey[]
  readonly mapping: ProfileMapping
  readonly state: MapState
  readonly onSettings: (settings: MapSettings) => void
  readonly onColour: (word: string) => void
  /** Evidence as an address names it. */
  readonly onEvidence: (word: string) => void
  /** Goes to where the colours come from. */
  readonly onColourSource: (page: NonNullable<ColourWords['source']>['page']) => void
  readonly onPicked: (picked: ReadonlySet<string>) => void
  readonly onProbe: (probe: Probe | null) => void
  readonly onTool: (tool: ScatterTool) => void
  readonly onCamera: (camera: Camera | null) => void
  readonly threshold: number | null
  readonly onThreshold: (threshold: number) => void
  readonly openId: string | null
  readonly onOpen: (id: string | null) => void
  readonly onSetUpEmbedders: () => void
  /** The filter and what is looked for, above the map. */
  readonly renderToolbar: (trailing: ReactNode) => ReactNode
  /** What else can be done with what is selected. */
  readonly selectionActions: ReactNode
}

/** The column of controls at the left, with the space around it, in CSS pixels. */
const besideControls: Insets = { ...noInsets, left: 264 }
/** Below this width in CSS pixels the map goes on under the controls. */
const narrow = 520

/** Every record of a collection as a point, near what is similar to it. */
export function MapView(props: MapViewProps) {
  const { collection, keys, mapping, state, threshold, openId, onOpen, onTool, onPicked, onProbe } = props
  const map = useMap(collection, state.settings)
  const points = useMapPoints(collection, map, state, threshold, openId)
  const { colours: theme } = useScatterTheme()
  const scatter = useRef<ScatterHandle>(null)
  const field = useRef<HTMLDivElement>(null)
  const queryInput = useRef<HTMLInputElement>(null)
  const isNarrow = useIsNarrower(field, narrow)
  const [hovered, setHovered] = useState<{ index: number; at: ScreenPosition } | null>(null)
  const { selectIds, clear } = useSelection(collection)
  const { ids: selectedIds } = useSelectedIds(collection)

  const { shown } = map
  const { flags, selected } = points
  const count = (shown?.frame.positions.length ?? 0) / 2
  const isDrawn = shown !== null && count > 0 && !hasNoPlaces(shown.frame)
  const words = colourWords(state.colour?.by ?? 'cluster')
  const { source } = words
  const colours = colourOptions(mapping, keys, state.probe !== null)
  const colouredBy = colours.find(({ value }) => value === state.colourWord)?.label ?? 'Colours'
  const key = points.paint && pictureKey(colouredBy, points.paint.legend, words)
  const exported = useMapExport(collection, selectedIds, scatter, key)
  const isNarrowed = flags.shown < count

  function select(indices: ArrayLike<number>, mode: SelectMode): void {
    const chosen = Array.from(indices).flatMap((index) => shown?.ids[index] ?? [])
    const next = new Set(mode === 'replace' ? [] : selectedIds)
    for (const id of chosen) {
      if (mode === 'subtract') next.delete(id)
      else next.add(id)
    }
    selectIds(next)
  }
  const selectWhere = (isMeant: (bits: number) => boolean) =>
    select(
      Array.from(flags.state.keys()).filter((point) => isMeant(flags.state[point] ?? 0)),
      'replace',
    )
  const selectLit = () => selectWhere((bits) => (bits & pointState.highlighted) !== 0)
  const zoomToSelection = () => scatter.current?.zoomTo([...selected])
  const stepBack = () => {
    if (selectedIds !== null && selectedIds.size > 0) clear()
    else if (openId !== null) onOpen(null)
    else if (state.picked.size > 0) onPicked(new Set())
    else onTool('pan')
  }

  const group = 'Map'
  useCommands([
    { id: 'map.pan', title: 'Move the map by dragging', group, shortcut: 'v', run: () => onTool('pan') },
    { id: 'map.box', title: 'Select in a box', group, shortcut: 'b', run: () => onTool('box') },
    { id: 'map.lasso', title: 'Select with a lasso', group, shortcut: 'l', run: () => onTool('lasso') },
    { id: 'map.fit', title: 'Show the whole map', group, shortcut: '0', run: () => scatter.current?.fit() },
    { id: 'map.query', title: 'Place a text on the map', group, shortcut: 'q', run: () => queryInput.current?.select() },
    ...(selected.length > 0 ? [{ id: 'map.zoom', title: 'Zoom to the selection', group, shortcut: 'z', run: zoomToSelection }] : []),
    ...(flags.lit > 0
      ? [{ id: 'map.select-lit', title: `Select ${formatQuantity(flags.lit, 'record')} at or above the threshold`, group, run: selectLit }]
      : []),
    ...(isNarrowed && points.probe === null
      ? [
          {
            id: 'map.select-shown',
            title: `Select ${formatQuantity(flags.shown, 'record')} that the filter and the legend leave`,
            group,
            run: () => selectWhere((bits) => (bits & pointState.dimmed) === 0),
          },
        ]
      : []),
    { id: 'map.anew', title: 'Lay the map out anew', group, run: map.layOutAnew },
    {
      id: 'map.back',
      title: 'Clear the selection, then close the record',
      group,
      shortcut: 'escape',
      keyboardOnly: true,
      run: stepBack,
    },
  ])

  const hoveredId = hovered === null ? undefined : shown?.ids[hovered.index]
  const isAnnounced = hoveredId !== undefined && hoveredId !== openId
  const box = field.current?.getBoundingClientRect()

  return (
    <div className="flex min-h-0 min-w-0 flex-1 flex-col">
      {props.renderToolbar(
        <>
          <Menu
            align="end"
            trigger={
              <Button variant="ghost" icon={<Download aria-hidden="true" />} disabled={!isDrawn} busy={exported.isBusy}>
                Export
              </Button>
            }
            entries={[
              { kind: 'heading', label: 'The picture' },
              ...exported.picture,
              ...(selected.length > 0
                ? [{ kind: 'heading' as const, label: `${formatQuantity(selected.length, 'selected record')}` }, ...exported.records]
                : []),
            ]}
          />
          <MapSettingsPopover
            settings={state.settings}
            method={shown?.frame.method ?? null}
            onSettings={props.onSettings}
            onLayOutAnew={map.layOutAnew}
          />
        </>,
      )}
      <div ref={field} className="relative flex min-h-0 min-w-0 flex-1 overflow-hidden bg-canvas">
        {isDrawn ? (
          <Scatter
            ref={scatter}
            label={`Map of ${formatQuantity(count, 'record')}`}
            positions={shown.frame.positions}
            colours={points.colours}
            state={flags.state}
            markers={points.markers}
            lines={points.lines}
            labels={points.labels}
            insets={isNarrow ? noInsets : besideControls}
            focused={points.openPoint}
            theme={theme}
            camera={state.camera}
            tool={state.tool}
            onCameraChange={props.onCamera}
            onHover={(index, at) => setHovered(index === null || at === null ? null : { index, at })}
            onClick={(index) => onOpen(index === null ? null : (shown.ids[index] ?? null))}
            onSelect={select}
          />
        ) : (
          <MapOpening map={map} />
        )}
        {isDrawn && (
          <div className="pointer-events-none absolute inset-y-3 left-3 flex w-60 flex-col gap-3 *:pointer-events-auto">
            <section
              aria-label="Map controls"
              className="flex min-h-0 shrink flex-col gap-2.5 overflow-y-auto rounded-lg bg-raised p-3 shadow-(--shadow-popup)"
            >
              <MapControls
                tool={state.tool}
                onTool={onTool}
                canZoomToSelection={selected.length > 0}
                onFit={() => scatter.current?.fit()}
                onZoomToSelection={zoomToSelection}
              />
              <MapQuery
                inputRef={queryInput}
                probe={state.probe}
                result={points.probe}
                lit={flags.lit}
                threshold={threshold}
                onThreshold={props.onThreshold}
                onProbe={onProbe}
                onSelectLit={selectLit}
                onSetUpEmbedders={props.onSetUpEmbedders}
              />
              <Select size="small" label="Colour by" value={state.colourWord} onValueChange={props.onColour} options={colours} />
              {points.colourError !== null && (
                <p role="alert" className="text-small text-wrong">
                  {describeError(points.colourError).message}
                </p>
              )}
              {points.paint === null && points.isColouring && <SkeletonLines count={3} />}
              {state.colour?.by === 'entryThreshold' && (
                <EntryEvidence collection={collection} source={state.colour.source} onSource={props.onEvidence} />
              )}
              {points.paint !== null && (
                <MapLegend legend={points.paint.legend} words={words} picked={state.picked} onPick={onPicked}>
                  {source !== null && (
                    <button
                      type="button"
                      className="self-start text-small text-accent hover:underline"
                      onClick={() => props.onColourSource(source.page)}
                    >
                      {source.label}
                    </button>
                  )}
                </MapLegend>
              )}
              <MapProgress map={map} nearby={points.nearby} />
            </section>
            <SelectionPanel
              collection={collection}
              mapping={mapping}
              openId={openId}
              onOpen={onOpen}
              actions={props.selectionActions}
              exports={exported.records}
            />
          </div>
        )}
        {hovered !== null && isAnnounced && box !== undefined && (
          <HoverCard
            collection={collection}
            mapping={mapping}
            id={hoveredId}
            at={hovered.at}
            width={box.width}
            height={box.height}
            similarity={points.similarities?.[hovered.index] ?? null}
          />
        )}
      </div>
      <StatusContent>
        {points.matches !== null && (
          <span>{`${formatCount(points.matches)} of ${formatQuantity(count + (shown?.frame.withoutVector ?? 0), 'record')} match`}</span>
        )}
        {points.filterError !== null && <span role="alert">{describeError(points.filterError).message}</span>}
      </StatusContent>
    </div>
  )
}
