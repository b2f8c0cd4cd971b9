import { useMutation, useQuery } from '@tanstack/react-query'
import { useNavigate, useSearch } from '@tanstack/react-router'
import { useEffect, useRef, useState } from 'react'
import type { CollectionRef } from '../../shared/contract/collections.ts'
import { useClient } from './client-context.tsx'

/** How long a movement rests before it is kept, in milliseconds. */
const rest = 150

export interface SharedThreshold {
  /** Follows every step of a movement; null until it is known. */
  readonly threshold: number | null
  /** What a movement came to rest at: what is kept, and asked with. */
  readonly settled: number | null
  readonly setThreshold: (threshold: number) => void
}

/**
 * The similarity threshold that all views of a collection share: what the address says, else what the collection's lookups are set
 * to. A movement that rests goes to both.
 */
export function useThreshold(collection: CollectionRef): SharedThreshold {
  const client = useClient()
  const navigate = useNavigate()
  const written = useSearch({ strict: false, select: (search) => search.threshold })
  const { data: settings } = useQuery(client.query('lookups.settings', collection))
  const { mutate } = useMutation(client.mutation('lookups.setSettings'))
  const [moved, setMoved] = useState<number | null>(null)
  const settled = written === undefined ? (settings?.threshold ?? null) : Number(written)

  const keep = useRef<(threshold: number, isLeaving: boolean) => void>(() => undefined)
  useEffect(() => {
    keep.current = (threshold, isLeaving) => {
      mutate({ ...collection, settings: { threshold } })
      if (!isLeaving) void navigate({ to: '.', search: (search) => ({ ...search, threshold: String(threshold) }), replace: true })
    }
  })
  const pending = useRef<number | null>(null)
  useEffect(() => {
    if (moved === null) return
    pending.current = moved
    const timer = setTimeout(() => {
      pending.current = null
      keep.current(moved, false)
    }, rest)
    return () => clearTimeout(timer)
  }, [moved])
  useEffect(() => setMoved(null), [written])
  useEffect(
    () => () => {
      if (pending.current !== null) keep.current(pending.current, true)
    },
    [],
  )
  return { threshold: moved ?? settled, settled, setThreshold: setMoved }
}
