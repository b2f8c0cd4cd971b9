import { useMutation, useQuery } from '@tanstack/react-query'
import { useEffect, useRef, useState } from 'react'
import type { CollectionRef } from '../../../shared/contract/collections.ts'
import type { LookupSettings } from '../../../shared/contract/lookups.ts'
import { useClient } from '../../lib/client-context.tsx'
import { useThreshold } from '../../lib/use-threshold.ts'

/** How long a change rests before it is kept and looked up with, in milliseconds. */
const rest = 150

/**
 * How a collection's cache looks up. `written` follows every change, `settled` once it rests; only the latter is kept. The threshold
 * is the one that all views of the collection share. Both are null until they are known.
 */
export function useLookupSettings(collection: CollectionRef) {
  const client = useClient()
  const { data, error } = useQuery(client.query('lookups.settings', collection))
  const { mutate } = useMutation(client.mutation('lookups.setSettings'))
  const shared = useThreshold(collection)
  const [written, setWritten] = useState<LookupSettings | null>(null)
  const [settled, setSettled] = useState<LookupSettings | null>(null)
  const threshold = shared.threshold ?? data?.threshold ?? null
  const keep = useRef<(settings: LookupSettings) => void>(() => undefined)
  useEffect(() => {
    keep.current = (settings) => mutate({ ...collection, settings: { ...settings, threshold: shared.settled ?? settings.threshold } })
  })
  useEffect(() => {
    if (written === null) return
    const timer = setTimeout(() => {
      setSettled(written)
      keep.current(written)
    }, rest)
    return () => clearTimeout(timer)
  }, [written])

  const settings = (from: LookupSettings | null, at: number | null): LookupSettings | null => {
    const known = from ?? data ?? null
    return known && { ...known, threshold: at ?? known.threshold }
  }
  function setSettings(next: LookupSettings): void {
    if (next.threshold !== threshold) shared.setThreshold(next.threshold)
    else setWritten(next)
  }
  return { written: settings(written, shared.threshold), settled: settings(settled, shared.settled), error, setSettings }
}
