import { useQuery } from '@tanstack/react-query'
import type { CollectionRef } from '../../../shared/contract/collections.ts'
import type { EvidenceRef } from '../../../shared/domain/thresholds/experiment.ts'
import { useClient } from '../../lib/client-context.tsx'
import { evidenceWord } from '../../lib/thresholds-search.ts'
import { Select } from '../../ui/select.tsx'

interface EntryEvidenceProps {
  readonly collection: CollectionRef
  readonly source: EvidenceRef
  readonly onSource: (word: string) => void
}

/** By which evidence the thresholds of entries are fitted, where there is more than one. */
export function EntryEvidence({ collection, source, onSource }: EntryEvidenceProps) {
  const client = useClient()
  const { data } = useQuery(client.query('thresholds.sources', collection))
  const ready = data?.filter(({ isReady }) => isReady) ?? []
  if (ready.length < 2) return null
  return (
    <Select
      size="small"
      label="Evidence for the thresholds of entries"
      value={evidenceWord(source)}
      onValueChange={onSource}
      options={ready.map((each) => ({ value: evidenceWord(each.source), label: each.name }))}
    />
  )
}
