import { useMutation, useQuery } from '@tanstack/react-query'
import { useEffect, useMemo, useRef } from 'react'
import type { CollectionRef } from '../../../shared/contract/collections.ts'
import type { Job } from '../../../shared/contract/jobs.ts'
import type { MapFrame, MapSettings } from '../../../shared/contract/maps.ts'
import { AppError } from '../../../shared/rpc/errors.ts'
import { useClient } from '../../lib/client-context.tsx'
import { useMapVersions } from '../../lib/map-versions.ts'

/** What is drawn: all of one map. */
export interface ShownMap {
  readonly mapId: string
  /** Record of each point. */
  readonly ids: readonly string[]
  /** Point of each record. */
  readonly pointOf: ReadonlyMap<string, number>
  readonly frame: MapFrame
}

export interface OpenMap {
  /** The map, or the one before while it is read; null before the first picture. */
  readonly shown: ShownMap | null
  /** How far the map is; null before it said anything. */
  readonly progress: MapFrame | null
  /** The work on the map while it runs. */
  readonly job: Job | null
  readonly error: Error | null
  /** Opens the map again, after an error or where the store was read anew. */
  readonly reopen: () => void
  /** Keeps the layout as it is now. */
  readonly freeze: () => void
  readonly cancel: () => void
  /** Lays everything out anew. */
  readonly layOutAnew: () => void
}

/** Whether an answer says that another map has to be opened: the store was read anew, or the core no longer has this one. */
export function isOutdated(error: unknown): boolean {
  return error instanceof AppError && (error.code === 'stale' || error.code === 'not-found')
}

/** Opens the map of a collection and follows its pictures. What is shown stays until there is a picture of the next map. */
export function useMap(collection: CollectionRef, settings: MapSettings): OpenMap {
  const client = useClient()
  // Opening the same map again gives the one that is open, so it is asked for as a question is.
  const opened = useQuery({
    queryKey: ['maps', 'open', collection, settings],
    queryFn: ({ signal }) => client.call('maps.open', { ...collection, settings, fresh: false }, signal),
    staleTime: Number.POSITIVE_INFINITY,
    gcTime: 0,
  })
  const anew = useMutation({
    mutationFn: () => client.call('maps.open', { ...collection, settings, fresh: true }),
    onSuccess: () => opened.refetch(),
  })
  const mapId = opened.data?.mapId ?? null
  const known = mapId !== null
  const points = useQuery({
    ...client.query('maps.points', { mapId: mapId ?? '' }),
    enabled: known,
    staleTime: Number.POSITIVE_INFINITY,
    structuralSharing: false,
  })
  const frames = useQuery<MapFrame | null>({
    queryKey: ['maps', 'frame', mapId],
    queryFn: async ({ signal, client: cache, queryKey }) => {
      const last = cache.getQueryData<MapFrame | null>(queryKey) ?? null
      return (await client.call('maps.frame', { mapId: mapId ?? '', after: last?.version ?? 0 }, signal)) ?? last
    },
    enabled: known,
    structuralSharing: false,
  })
  const told = useMapVersions((store) => (mapId === null ? undefined : store.versions.get(mapId)))
  const { refetch, isFetching } = frames
  const version = frames.data?.version ?? 0
  useEffect(() => {
    if (told !== undefined && told > version && !isFetching) void refetch()
  }, [told, version, isFetching, refetch])

  const { refetch: open } = opened
  const isGone = isOutdated(points.error) || isOutdated(frames.error)
  useEffect(() => {
    if (isGone) void open()
  }, [isGone, mapId, open])

  const { data: jobs } = useQuery(client.query('jobs.list', {}))
  const job = jobs?.find(({ id, state }) => id === opened.data?.jobId && state === 'running') ?? null
  const { mutate: freeze } = useMutation(client.mutation('maps.freeze'))
  const { mutate: cancel } = useMutation(client.mutation('jobs.cancel'))

  const ids = points.data?.ids ?? null
  const frame = frames.data ?? null
  const pointOf = useMemo(() => new Map(ids?.map((id, point) => [id, point])), [ids])
  const isReady = ids !== null && frame !== null && (frame.positions.length > 0 || frame.final)
  const current = useMemo(
    (): ShownMap | null => (mapId === null || !isReady ? null : { mapId, ids, pointOf, frame }),
    [mapId, isReady, ids, pointOf, frame],
  )
  const last = useRef<ShownMap | null>(null)
  useEffect(() => {
    if (current !== null) last.current = current
  }, [current])

  const error = opened.error ?? points.error ?? frames.error ?? anew.error
  return {
    shown: current ?? last.current,
    progress: frame,
    job,
    error: isOutdated(error) ? null : error,
    reopen: () => void open(),
    freeze: () => mapId !== null && freeze({ mapId }),
    cancel: () => job !== null && cancel({ jobId: job.id }),
    layOutAnew: () => anew.mutate(),
  }
}
