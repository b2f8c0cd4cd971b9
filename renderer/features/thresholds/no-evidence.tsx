import { SlidersHorizontal } from 'lucide-react'
import type { EvidenceRef } from '../../../shared/domain/thresholds/experiment.ts'
import { formatQuantity } from '../../lib/format.ts'
import { EmptyState } from '../../ui/empty-state.tsx'

const why: Readonly<Record<EvidenceRef['from'], string>> = {
  log: 'The log has no lookup that was compared with an entry. Once it has, its lookups are the evidence.',
  pairs: 'The file has no pair that could be compared. Look at how its columns are read.',
  sample: 'The log of the sample has no lookups.',
  'self-calibration': 'It takes two entries that can be compared with each other. A log of lookups or labelled pairs would do as well.',
}

/** Stands where the lab would be, for evidence without any similarity. `leftOut` rows have none. */
export function NoEvidence({ source, leftOut }: { source: EvidenceRef; leftOut: number }) {
  return (
    <EmptyState icon={<SlidersHorizontal aria-hidden="true" />} title="Nothing to choose a threshold by">
      {leftOut > 0 &&
        `${formatQuantity(leftOut, 'row')} without a similarity ${leftOut === 1 ? 'is' : 'are'} left out: their vectors are zero, or missing. `}
      {why[source.from]}
    </EmptyState>
  )
}
