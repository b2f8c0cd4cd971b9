import { useQuery } from '@tanstack/react-query'
import { Unlink } from 'lucide-react'
import type { CollectionRef } from '../../../shared/contract/collections.ts'
import type { EvidenceRef } from '../../../shared/domain/thresholds/experiment.ts'
import { useClient } from '../../lib/client-context.tsx'
import { QueryError } from '../../lib/query-error.tsx'
import { evidenceWord, type ThresholdsSearch } from '../../lib/thresholds-search.ts'
import { Button } from '../../ui/button.tsx'
import { EmptyState } from '../../ui/empty-state.tsx'
import { SkeletonLines } from '../../ui/skeleton.tsx'
import { EvidencePicker } from './evidence-picker.tsx'
import { Lab } from './lab.tsx'
import { LogEvidence } from './log-evidence.tsx'

export interface ThresholdsViewProps {
  collection: CollectionRef
  search: ThresholdsSearch
  /** Goes to the same page with another search. `replace` keeps it out of the history. */
  onSearchChange: (search: ThresholdsSearch, options?: { replace?: boolean }) => void
  onOpen: (entryId: string) => void
}

/** The threshold lab: evidence, what may be promised of a threshold, and what it changes. */
export function ThresholdsView({ collection, search, onSearchChange, onOpen }: ThresholdsViewProps) {
  const client = useClient()
  const sources = useQuery(client.query('thresholds.sources', collection))
  if (sources.error !== null)
    return <QueryError error={sources.error} onRetry={() => void sources.refetch()} retrying={sources.isFetching} />
  if (sources.data === undefined) return <SkeletonLines count={8} className="p-4" />
  const chosen =
    search.evidence === undefined ? sources.data[0] : sources.data.find(({ source }) => evidenceWord(source) === search.evidence)
  // What is about an evidence does not hold for another.
  const choose = (ref: EvidenceRef): void =>
    onSearchChange({ ...search, evidence: evidenceWord(ref), per: undefined, group: undefined, labels: undefined, present: undefined })
  if (chosen === undefined && sources.isFetching) return <SkeletonLines count={8} className="p-4" />
  const [other] = sources.data
  if (chosen === undefined) {
    return (
      <EmptyState
        icon={<Unlink />}
        title={search.evidence === undefined ? 'There is nothing to judge a threshold by' : 'The evidence of this address is not open here'}
        action={other && <Button onClick={() => choose(other.source)}>{`Show ${other.name}`}</Button>}
      >
        {search.evidence === undefined
          ? 'It takes a log of lookups, a file of labelled pairs, or a collection with vectors and answers.'
          : 'The log or the file was closed, or the address comes from another computer.'}
      </EmptyState>
    )
  }
  return (
    <>
      <EvidencePicker collection={collection} sources={sources.data} chosen={chosen.source} onChoose={choose} />
      <LogEvidence collection={collection} source={chosen} sources={sources.data} onChoose={choose}>
        <Lab
          key={evidenceWord(chosen.source)}
          collection={collection}
          source={chosen.source}
          search={search}
          onSearchChange={onSearchChange}
          onOpen={onOpen}
        />
      </LogEvidence>
    </>
  )
}
