import { useQuery } from '@tanstack/react-query'
import type { CollectionRef } from '../../../../shared/contract/collections.ts'
import type { Probe } from '../../../../shared/contract/search.ts'
import { useClient } from '../../../lib/client-context.tsx'
import type { Variant } from './variant.ts'

/** The probes of the second query; null until they are known. A record of another collection is looked for by its vector. */
export function useVariantProbes(collection: CollectionRef, probes: readonly Probe[], variant: Variant): readonly Probe[] | null {
  const client = useClient()
  const [first] = probes
  const foreignId = first?.kind === 'record' && variant.collectionId !== undefined ? first.id : null
  const { data } = useQuery({
    ...client.query('records.vector', { ...collection, id: foreignId ?? '' }),
    enabled: foreignId !== null,
  })
  if (foreignId !== null) return data?.vector ? [{ kind: 'vector', vector: Array.from(data.vector.values) }] : null
  return probes.map((probe) => (probe.kind === 'text' ? { ...probe, embedderId: variant.embedderId ?? probe.embedderId } : probe))
}
