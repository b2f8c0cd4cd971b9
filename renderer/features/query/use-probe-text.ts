import { useQuery } from '@tanstack/react-query'
import type { CollectionRef } from '../../../shared/contract/collections.ts'
import type { Probe } from '../../../shared/contract/search.ts'
import type { ProfileMapping } from '../../../shared/domain/profiles/profile.ts'
import { useClient } from '../../lib/client-context.tsx'
import { textColumns } from '../../lib/text-columns.ts'
import { columnText } from './answer-ladder.tsx'

/** The text behind a probe, to compare results with: what was asked, or what the record says; null for a vector. */
export function useProbeText(collection: CollectionRef, mapping: ProfileMapping, probe: Probe | undefined): string | null {
  const client = useClient()
  const id = probe?.kind === 'record' ? probe.id : null
  const { data } = useQuery({ ...client.query('records.get', { ...collection, ids: [id ?? ''] }), enabled: id !== null })
  if (probe?.kind === 'text') return probe.text
  const record = id === null ? undefined : data?.[0]
  return record === undefined ? null : columnText(textColumns(mapping)[0], { record }, mapping)
}
