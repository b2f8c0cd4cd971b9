import { keepPreviousData, useQuery } from '@tanstack/react-query'
import { useEffect, useMemo } from 'react'
import type { CollectionRef } from '../../../shared/contract/collections.ts'
import { isUnfiltered } from '../../../shared/domain/where.ts'
import { useClient } from '../../lib/client-context.tsx'
import { useSelectedIds } from '../../lib/selection/use-selection.ts'
import { clusterLabels } from './cluster-labels.ts'
import { colourWords } from './colour-words.ts'
import type { MapState } from './map-state.ts'
import { nearOnMap } from './near-on-map.ts'
import { pointFlags, type PointFlags } from './point-flags.ts'
import { paintPoints, type PointPaint } from './point-paint.ts'
import type { ScatterColours, ScatterLabel, ScatterMarker } from './scatter/scatter-props.ts'
import { useScatterTheme } from './scatter-theme.ts'
import { isOutdated, type OpenMap } from './use-map.ts'

/** Characters of a query that stand beside its place. */
const mostOfQuery = 48

export interface MapPoints {
  readonly paint: PointPaint | null
  readonly colours: ScatterColours
  readonly flags: PointFlags
  readonly labels: readonly ScatterLabel[]
  readonly markers: readonly ScatterMarker[]
  /** From the open record to its true neighbours. */
  readonly lines: Uint32Array | undefined
  /** Point of the open record; null where none is open or it has no point. */
  readonly openPoint: number | null
  /** How many of the open record's true neighbours are near it on the map too; null where that cannot be told. */
  readonly nearby: { readonly near: number; readonly of: number } | null
  /** Points of what is selected. */
  readonly selected: readonly number[]
  /** Similarity of each point to what is looked for; null where nothing is or it is not known yet. */
  readonly similarities: Float32Array | null
  /** What became of the query: null where there is none. */
  readonly probe: { readonly isPending: boolean; readonly error: Error | null; readonly embedder: string | null } | null
  /** Records that the filter lets through; null without a filter or before it is known. */
  readonly matches: number | null
  readonly filterError: Error | null
  readonly colourError: Error | null
  /** Colours are on their way. */
  readonly isColouring: boolean
}

function shortened(text: string): string {
  return text.length <= mostOfQuery ? text : `${text.slice(0, mostOfQuery).trimEnd()}…`
}

/** What the points of a map look like, and what stands beside them. */
export function useMapPoints(
  collection: CollectionRef,
  { shown, reopen }: OpenMap,
  state: MapState,
  threshold: number | null,
  openId: string | null,
): MapPoints {
  const client = useClient()
  const { theme, colours: themeColours } = useScatterTheme()
  const { ids: selectedIds } = useSelectedIds(collection)
  const { colour, probe, filter, picked } = state
  const mapRef = { mapId: shown?.mapId ?? '' }
  const points = (shown?.frame.positions.length ?? 0) / 2
  const isKnown = points > 0
  const isSettled = shown?.frame.final === true
  const followsLayout = colour?.by === 'cluster' || colour?.by === 'fidelity'

  const values = useQuery({
    ...client.query('maps.values', { ...mapRef, colour: colour ?? { by: 'cluster' } }),
    enabled: isKnown && colour !== null && (!followsLayout || isSettled),
    structuralSharing: false,
  })
  const clusters = useQuery({ ...client.query('maps.labels', mapRef), enabled: isKnown && isSettled, structuralSharing: false })
  const isFiltered = !isUnfiltered(filter)
  const matching = useQuery({
    ...client.query('maps.matching', { ...mapRef, filter }),
    enabled: isKnown && isFiltered,
    structuralSharing: false,
    placeholderData: keepPreviousData,
  })
  const asked = client.query('maps.similarities', { ...mapRef, probe: probe ?? { kind: 'record', id: '' } })
  const similar = useQuery({
    ...asked,
    // Where the query belongs is known anew when the points have come to rest.
    queryKey: [...asked.queryKey, isSettled ? 'at rest' : 'moving'],
    enabled: isKnown && probe !== null,
    structuralSharing: false,
    placeholderData: (before, query) => (query?.queryKey[2] === asked.queryKey[2] ? before : undefined),
  })
  const { data: near } = useQuery({
    ...client.query('neighbours.of', { ...collection, k: 16, metric: 'cosine', id: openId ?? '' }),
    enabled: isKnown && openId !== null,
  })
  const isGone = [values, clusters, matching, similar].some(({ error }) => error !== null && isOutdated(error))
  useEffect(() => {
    if (isGone) reopen()
    // oxlint-disable-next-line react-hooks/exhaustive-deps -- once for each map that is gone, not for each new function
  }, [isGone, mapRef.mapId])

  const centre = colour?.by === 'similarity' || colour?.by === 'entryThreshold' ? threshold : null
  const by = colour?.by ?? 'cluster'
  const valuesData = colour === null ? undefined : values.data
  const paint = useMemo(
    () => (valuesData === undefined ? null : paintPoints(valuesData, theme, centre, colourWords(by))),
    [valuesData, theme, centre, by],
  )
  const isPainted = paint !== null && paint.codes.length === points
  const colours = useMemo((): ScatterColours => {
    if (isPainted) return { kind: 'palette', codes: paint.codes, palette: paint.palette }
    const plain = theme === 'dark' ? [0x8a, 0x91, 0x9e, 255] : [0x65, 0x6c, 0x79, 255]
    return { kind: 'palette', codes: new Uint8Array(points), palette: Uint8Array.from(plain) }
  }, [paint, isPainted, points, theme])

  const pointOf = shown?.pointOf
  const selected = useMemo(() => [...(selectedIds ?? [])].flatMap((id) => pointOf?.get(id) ?? []), [selectedIds, pointOf])
  const similarities = probe !== null && similar.data?.values.length === points ? similar.data.values : null
  const matchingFlags = isFiltered && matching.data?.flags.length === points ? matching.data.flags : null
  const tellsSimilarity = colour?.by === 'similarity'
  const flags = useMemo(() => {
    const legend = paint?.legend
    const of = legend?.kind === 'categories' ? legend.entries.filter(({ label }) => picked.has(label)) : []
    const codes = new Set(of.flatMap((entry) => [...entry.codes]))
    return pointFlags({
      points,
      selected,
      matching: matchingFlags,
      picked: codes.size === 0 || paint === null || !isPainted ? null : { codes: paint.codes, of: codes },
      lit: similarities === null || threshold === null ? null : { similarities, threshold, setsBack: !tellsSimilarity },
      unvalued: paint === null || !isPainted ? null : { codes: paint.codes, code: paint.missing },
    })
  }, [points, selected, matchingFlags, picked, paint, isPainted, similarities, threshold, tellsSimilarity])

  const openPoint = openId === null ? null : (pointOf?.get(openId) ?? null)
  const positions = shown?.frame.positions
  const nearPoints = useMemo(() => near?.neighbours.flatMap(({ id }) => pointOf?.get(id) ?? []) ?? null, [near, pointOf])
  const lines = useMemo(() => {
    if (openPoint === null || nearPoints === null) return undefined
    return Uint32Array.from(nearPoints.flatMap((point) => [openPoint, point]))
  }, [openPoint, nearPoints])

  const probePoint = probe?.kind === 'record' ? pointOf?.get(probe.id) : undefined
  const answered = probe === null ? null : (similar.data?.place ?? null)
  const place = useMemo(() => {
    if (answered === null || probePoint === undefined || positions === undefined) return answered
    // The record itself moves on while the map is laid out.
    const [x, y] = [positions[2 * probePoint] ?? Number.NaN, positions[2 * probePoint + 1] ?? Number.NaN]
    return Number.isNaN(x) ? null : { x, y }
  }, [answered, probePoint, positions])
  const { accent } = themeColours
  const markers = useMemo((): ScatterMarker[] => {
    if (place === null) return []
    const text = probe?.kind === 'text' ? shortened(probe.text) : undefined
    return [{ ...place, text, colour: accent, shape: probe?.kind === 'text' ? 'cross' : 'ring' }]
  }, [place, probe, accent])

  const nearby = useMemo((): MapPoints['nearby'] => {
    if (!isSettled || openPoint === null || nearPoints === null || positions === undefined) return null
    const found = nearOnMap(positions, openPoint, nearPoints)
    return found === null ? null : { near: found, of: nearPoints.length }
  }, [isSettled, openPoint, nearPoints, positions])
  const named = isSettled ? clusters.data : undefined
  const labels = useMemo(
    () =>
      named === undefined || positions === undefined || named.members.length !== positions.length / 2
        ? []
        : clusterLabels(named.clusters, named.members, positions),
    [named, positions],
  )

  return {
    paint: isPainted ? paint : null,
    colours,
    flags,
    labels,
    markers,
    lines,
    openPoint,
    nearby,
    selected,
    similarities,
    probe: probe === null ? null : { isPending: similar.isFetching, error: similar.error, embedder: similar.data?.embedder ?? null },
    matches: isFiltered ? (matching.data?.count ?? null) : null,
    filterError: isFiltered ? matching.error : null,
    colourError: colour === null || isOutdated(values.error) ? null : values.error,
    isColouring: colour !== null && values.error === null,
  }
}
