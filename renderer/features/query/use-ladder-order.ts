import { useQuery } from '@tanstack/react-query'
import type { Answer } from '../../../shared/contract/search.ts'
import { useClient } from '../../lib/client-context.tsx'
import type { QueryState } from './query-state.ts'

const idsOf = (answer: Answer | undefined) => answer?.neighbours.map(({ record }) => record.id)

/** Ids of the records in the ladder that is shown, nearest first; undefined until they are known. Asks for nothing itself. */
export function useLadderOrder({ collection, parsed, settings }: QueryState, place: number): readonly string[] | undefined {
  const client = useClient()
  const probes = parsed.ok ? [...parsed.probes] : []
  const [probe = { kind: 'record' as const, id: '' }] = probes
  const one = useQuery({ ...client.query('search.run', { ...collection, probe, settings }), enabled: false })
  const several = useQuery({ ...client.query('search.runList', { ...collection, probes, settings }), enabled: false })
  return idsOf(several.data?.[place]) ?? (probes.length === 1 ? idsOf(one.data) : undefined)
}
