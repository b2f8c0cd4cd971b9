import { useQuery } from '@tanstack/react-query'
import { useNavigate } from '@tanstack/react-router'
import { Pencil, Rows3, Trash2 } from 'lucide-react'
import { useCallback, useMemo } from 'react'
import type { Probe } from '../../shared/contract/search.ts'
import type { ProfileMapping } from '../../shared/domain/profiles/profile.ts'
import type { MetadataScalar } from '../../shared/domain/metadata.ts'
import { togglePicked } from '../../shared/domain/where-edit.ts'
import { noFilter, type Filter } from '../../shared/domain/where.ts'
import { FilterBar } from '../features/filters/filter-bar.tsx'
import type { MapState } from '../features/map/map-state.ts'
import { MapView } from '../features/map/map-view.tsx'
import { NeighboursSection } from '../features/map/neighbours-section.tsx'
import { usualColour } from '../features/map/colour-options.ts'
import { SetsPopover } from '../features/sets/sets-popover.tsx'
import { RecordInspector } from '../features/record/record-inspector.tsx'
import { useClient } from '../lib/client-context.tsx'
import { useCommands } from '../lib/commands.ts'
import { idsScope } from '../lib/editing/named-scopes.ts'
import { useEditing } from '../lib/editing/use-editing.ts'
import { useFrame } from '../lib/frame.ts'
import {
  cameraOfWord,
  cameraWord,
  colourOfWord,
  mapProbeOf,
  mapSettingsOf,
  searchOfMapProbe,
  searchOfMapSettings,
  type MapSearch,
} from '../lib/map-search.ts'
import { useOverlay } from '../lib/overlay.ts'
import { QueryError } from '../lib/query-error.tsx'
import { useSelectedIds } from '../lib/selection/use-selection.ts'
import { InspectorContent } from '../lib/slots.tsx'
import { evidenceWord } from '../lib/thresholds-search.ts'
import { useThreshold } from '../lib/use-threshold.ts'
import { Button } from '../ui/button.tsx'
import { IconButton } from '../ui/icon-button.tsx'
import { searchOfFilter, viewFromSearch } from './records-view-from-search.ts'

export interface MapPageProps {
  connectionId: string
  collectionId: string
  search: MapSearch
  /** Goes to the same page with another search. `replace` keeps it out of the history. */
  onSearchChange: (search: MapSearch, options?: { replace?: boolean }) => void
}

const unknownMapping: ProfileMapping = { kind: 'unknown', fields: {} }

function pickedOf(only: string | undefined): ReadonlySet<string> {
  try {
    const labels: unknown = JSON.parse(only ?? '[]')
    return new Set(Array.isArray(labels) ? labels.filter((label) => typeof label === 'string') : [])
  } catch {
    return new Set()
  }
}

/** The records of one collection as a map, with what is selected and the record in the inspector. */
export function MapPage({ connectionId, collectionId, search, onSearchChange }: MapPageProps) {
  const client = useClient()
  const navigate = useNavigate()
  const show = useOverlay((store) => store.show)
  const collection = useMemo(() => ({ connectionId, collectionId }), [connectionId, collectionId])
  const { ids: selectedIds } = useSelectedIds(collection)
  const [firstSelected] = selectedIds ?? []
  const keys = useQuery(client.query('collections.keys', collection))
  const profile = useQuery(client.query('profiles.get', collection))
  const { threshold, setThreshold } = useThreshold(collection)
  const { ask } = useEditing(connectionId)
  const deleteSelected = () => ask({ kind: 'delete', collection, records: idsScope([...(selectedIds ?? [])]) })
  useCommands(
    firstSelected === undefined
      ? []
      : [{ id: 'map.delete-selected', title: 'Delete the selected records…', group: 'Map', shortcut: 'delete', run: deleteSelected }],
  )
  const setInspectorOpen = useFrame((store) => store.setInspectorOpen)
  const mapping = profile.data?.mapping ?? unknownMapping
  const needsEvidence = search.colour === 'entryThreshold'
  const { data: evidences } = useQuery({ ...client.query('thresholds.sources', collection), enabled: needsEvidence })
  const evidence = useMemo(() => {
    const ready = evidences?.filter(({ isReady }) => isReady) ?? []
    return (ready.find(({ source }) => evidenceWord(source) === search.evidence) ?? ready[0])?.source ?? null
  }, [evidences, search.evidence])
  const isMappingKnown = !profile.isPending

  const { where, doc, find, dates, set } = search
  const view = useMemo(() => {
    try {
      return { ok: true as const, value: viewFromSearch(connectionId, collectionId, { where, doc, find, dates, set }) }
    } catch (error) {
      return { ok: false as const, error }
    }
  }, [connectionId, collectionId, where, doc, find, dates, set])
  const state = useMemo((): MapState | null => {
    if (!view.ok) return null
    const probe = mapProbeOf(search)
    const colourWord = search.colour ?? usualColour(mapping)
    return {
      settings: mapSettingsOf(search),
      // Until the profile is known nobody can say what it would be coloured by.
      colour: isMappingKnown || search.colour !== undefined ? colourOfWord(colourWord, { probe, evidence }) : null,
      colourWord,
      picked: pickedOf(search.only),
      probe,
      tool: search.tool ?? 'pan',
      camera: cameraOfWord(search.at),
      filter: view.value.filter,
    }
  }, [search, mapping, isMappingKnown, view, evidence])

  const change = useCallback(
    (part: Partial<MapSearch>, options?: { replace?: boolean }) => onSearchChange({ ...search, ...part }, options),
    [onSearchChange, search],
  )
  const setFilter = (filter: Filter, options?: { replace?: boolean }) => change(searchOfFilter(filter), options)
  const place = (probe: Probe | null) => {
    const searched = searchOfMapProbe(probe)
    // What similarity would colour by is gone.
    change({ ...searched, ...(probe === null && search.colour === 'similarity' ? { colour: undefined } : {}) })
  }
  const open = (id: string | null) => {
    if (id !== null) setInspectorOpen(true)
    change({ record: id ?? undefined }, { replace: id !== null && search.record !== undefined })
  }

  if (!view.ok || state === null) {
    return (
      <QueryError error={view.ok ? null : view.error} actions={<Button onClick={() => setFilter(noFilter)}>Clear the filter</Button>} />
    )
  }

  return (
    <>
      <MapView
        key={`${connectionId} ${collectionId}`}
        collection={collection}
        keys={keys.data ?? []}
        mapping={mapping}
        state={state}
        onSettings={(settings) => change({ ...searchOfMapSettings(settings), at: undefined } as Partial<MapSearch>)}
        onColour={(colour) => change({ colour, only: undefined })}
        onEvidence={(next) => change({ evidence: next })}
        onColourSource={(page) =>
          page === 'cleanup'
            ? void navigate({ to: '/s/$connectionId/c/$collectionId/cleanup', params: collection, search: { finding: 'near-duplicates' } })
            : void navigate({
                to: '/s/$connectionId/c/$collectionId/thresholds',
                params: collection,
                search: { tab: 'entries', evidence: search.evidence, threshold: search.threshold },
              })
        }
        onPicked={(picked) => change({ only: picked.size === 0 ? undefined : JSON.stringify([...picked]) }, { replace: true })}
        onProbe={place}
        onTool={(tool) => change({ tool: tool === 'pan' ? undefined : tool }, { replace: true })}
        onCamera={(camera) => change({ at: cameraWord(camera) }, { replace: true })}
        threshold={threshold}
        onThreshold={setThreshold}
        openId={search.record ?? null}
        onOpen={open}
        onSetUpEmbedders={() => show('settings')}
        selectionActions={
          <>
            <IconButton
              size="small"
              label="Change the selected records"
              icon={<Pencil aria-hidden="true" />}
              onClick={() => ask({ kind: 'bulk', collection, records: idsScope([...(selectedIds ?? [])]) })}
            />
            <IconButton size="small" label="Delete the selected records" icon={<Trash2 aria-hidden="true" />} onClick={deleteSelected} />
            <IconButton
              size="small"
              label="Show in Records"
              icon={<Rows3 aria-hidden="true" />}
              onClick={() =>
                void navigate({
                  to: '/s/$connectionId/c/$collectionId/records',
                  params: collection,
                  search: { where, doc, find, dates, set, record: firstSelected },
                })
              }
            />
          </>
        }
        renderToolbar={(trailing) => (
          <FilterBar
            collection={collection}
            keys={keys.data ?? []}
            filter={state.filter}
            onFilter={setFilter}
            trailing={
              <>
                <SetsPopover
                  collection={collection}
                  shown={state.filter.set}
                  onShow={(next) => setFilter({ ...state.filter, set: next })}
                />
                {trailing}
              </>
            }
          />
        )}
      />
      {search.record !== undefined && (
        <InspectorContent>
          <RecordInspector
            collection={collection}
            view={view.value}
            id={search.record}
            mapping={mapping}
            onOpen={open}
            onPick={(key: string, value: MetadataScalar) =>
              setFilter({ ...state.filter, where: togglePicked(state.filter.where, key, value) })
            }
            onClearFilter={() => setFilter(noFilter)}
            onFindSimilar={(id) => place({ kind: 'record', id })}
          >
            <NeighboursSection collection={collection} mapping={mapping} id={search.record} onOpen={open} />
          </RecordInspector>
        </InspectorContent>
      )}
    </>
  )
}
