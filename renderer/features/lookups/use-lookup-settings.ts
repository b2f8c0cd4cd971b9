import { useMutation, useQuery } from '@tanstack/react-query'
import { useEffect, useRef, useState } from 'react'
import type { CollectionRef } from '../../../shared/contract/collections.ts'
import type { LookupSettings } from '../../../shared/contract/lookups.ts'
import { useClient } from '../../lib/client-context.tsx'

/** How long a change rests before it is kept and looked up with, in milliseconds. */
const rest = 150

/**
 * How a collection's cache looks up. `written` follows every movement of the slider, `settled` once it rests; only the latter is kept.
 * Both are null until they are known.
 */
export function useLookupSettings(collection: CollectionRef) {
  const client = useClient()
  const { data, error } = useQuery(client.query('lookups.settings', collection))
  const { mutate } = useMutation(client.mutation('lookups.setSettings'))
  const [written, setWritten] = useState<LookupSettings | null>(null)
  const [settled, setSettled] = useState<LookupSettings | null>(null)
  const latest = useRef({ mutate, collection })
  useEffect(() => {
    latest.current = { mutate, collection }
  })
  useEffect(() => {
    if (written === null) return
    const timer = setTimeout(() => {
      setSettled(written)
      latest.current.mutate({ ...latest.current.collection, settings: written })
    }, rest)
    return () => clearTimeout(timer)
  }, [written])
  return { written: written ?? data ?? null, settled: settled ?? data ?? null, error, setSettings: setWritten }
}
