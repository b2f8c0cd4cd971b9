import { useMutation, useQuery } from '@tanstack/react-query'
import { useEffect, useMemo } from 'react'
import type { CollectionRef } from '../../../shared/contract/collections.ts'
import type { Job } from '../../../shared/contract/jobs.ts'
import type { MapFrame, MapSettings } from '../../../shared/contract/maps.ts'
import { useClient } from '../../lib/client-context.tsx'
import { useMapVersions } from '../../lib/map-versions.ts'

export interface OpenMap {
  readonly mapId: string | null
  /** Record of each point; null until known. */
  readonly ids: readonly string[] | null
  /** Point of each record; empty until known. */
  readonly pointOf: ReadonlyMap<string, number>
  /** The newest picture; null before the first. */
  readonly frame: MapFrame | null
  /** The work on the map while it runs. */
  readonly job: Job | null
  readonly error: Error | null
  /** Opens the map again after an error. */
  readonly retry: () => void
  /** Keeps the layout as it is now. */
  readonly freeze: () => void
  readonly cancel: () => void
  /** Lays everything out anew. */
  readonly layOutAnew: () => void
}

const noPoints: ReadonlyMap<string, number> = new Map()

/** Opens the map of a collection and follows its pictures. */
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

  const { data: jobs } = useQuery(client.query('jobs.list', {}))
  const job = jobs?.find(({ id, state }) => id === opened.data?.jobId && state === 'running') ?? null
  const { mutate: freeze } = useMutation(client.mutation('maps.freeze'))
  const { mutate: cancel } = useMutation(client.mutation('jobs.cancel'))
  const ids = points.data?.ids ?? null
  const pointOf = useMemo(() => (ids === null ? noPoints : new Map(ids.map((id, point) => [id, point]))), [ids])

  return {
    mapId,
    ids,
    pointOf,
    frame: frames.data ?? null,
    job,
    error: opened.error ?? points.error ?? frames.error ?? anew.error,
    retry: () => void opened.refetch(),
    freeze: () => mapId !== null && freeze({ mapId }),
    cancel: () => job !== null && cancel({ jobId: job.id }),
    layOutAnew: () => anew.mutate(),
  }
}
