import { useMutation, useQuery } from '@tanstack/react-query'
import { useEffect, useRef, useState } from 'react'
import type { CollectionRef } from '../../../shared/contract/collections.ts'
import type { LookupSettings } from '../../../shared/contract/lookups.ts'
import { useClient } from '../../lib/client-context.tsx'
import { useThreshold } from '../../lib/use-threshold.ts'

/** How long a change rests before it is kept and looked up with, in milliseconds. */
const rest = 150

/** All but the threshold, which other views of the collection change as well. */
type Changes = Partial<Omit<LookupSettings, 'threshold'>>

/**
 * How a collection's cache looks up. `written` follows every change, `settled` once it rests; only the latter is kept. The threshold
 * is the one that all views of the collection share. Both are null until they are known.
 */
export function useLookupSettings(collection: CollectionRef) {
  const client = useClient()
  const { data, error } = useQuery(client.query('lookups.settings', collection))
  const { mutate } = useMutation(client.mutation('lookups.setSettings'))
  const shared = useThreshold(collection)
  const [written, setWritten] = useState<Changes>({})
  const [settled, setSettled] = useState<Changes>({})
  const pending = useRef<Changes>({})
  const keep = useRef<() => void>(() => undefined)
  useEffect(() => {
    keep.current = () => {
      if (Object.keys(pending.current).length === 0) return
      mutate({ ...collection, settings: pending.current })
      pending.current = {}
    }
  })
  useEffect(() => {
    const timer = setTimeout(() => {
      setSettled(written)
      keep.current()
    }, rest)
    return () => clearTimeout(timer)
  }, [written])
  useEffect(() => () => keep.current(), [])

  const settings = (changes: Changes, threshold: number | null): LookupSettings | null =>
    data ? { ...data, ...changes, threshold: threshold ?? data.threshold } : null
  function setSettings({ threshold, ...changes }: Partial<LookupSettings>): void {
    if (threshold !== undefined) shared.setThreshold(threshold)
    pending.current = { ...pending.current, ...changes }
    if (Object.keys(changes).length > 0) setWritten({ ...written, ...changes })
  }
  return { written: settings(written, shared.threshold), settled: settings(settled, shared.settled), error, setSettings }
}
