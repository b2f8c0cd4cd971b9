import { keepPreviousData, useQuery } from '@tanstack/react-query'
import { useState } from 'react'
import type { Place } from '../../../shared/contract/connections.ts'
import { useClient } from '../client-context.tsx'

/** The way from one of the roots to the folder that is shown; empty while the roots themselves are shown. */
export function usePlaces(enabled: boolean) {
  const client = useClient()
  const [trail, setTrail] = useState<readonly Place[]>([])
  const here = trail.at(-1) ?? null
  const roots = useQuery({ ...client.query('connections.places', {}), enabled, staleTime: 0 })
  const listing = useQuery({
    ...client.query('connections.browse', { handle: here?.handle ?? '' }),
    enabled: enabled && here !== null,
    placeholderData: keepPreviousData,
    staleTime: 0,
  })
  const only = roots.data?.length === 1 ? roots.data[0] : undefined
  // A single root is not worth a choice.
  if (enabled && trail.length === 0 && only) setTrail([only])

  return {
    trail,
    here,
    roots: roots.data ?? [],
    /** Folders that can be entered now; undefined until they are known. */
    children: here === null ? roots.data : listing.isError ? [] : listing.data?.children,
    note: here === null ? null : (listing.data?.note ?? null),
    /** What the folder that is shown looks like, freshly looked at. */
    kindHere: listing.data && here && listing.data.place.handle === here.handle ? listing.data.place.kind : (here?.kind ?? null),
    error: here === null ? roots.error : listing.error,
    isFetching: roots.isFetching || listing.isFetching,
    retry: () => void (here === null ? roots.refetch() : listing.refetch()),
    enter: (place: Place) => setTrail([...trail, place]),
    /** Goes back to a folder of the trail; -1 shows the roots. */
    backTo: (place: number) => setTrail(trail.slice(0, place + 1)),
    canGoUp: trail.length > (only ? 1 : 0),
  }
}
