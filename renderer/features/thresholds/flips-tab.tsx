import { ArrowLeftRight } from 'lucide-react'
import type { ThresholdFlips } from '../../../shared/domain/thresholds/flips.ts'
import { formatCount, formatQuantity } from '../../lib/format.ts'
import { EmptyState } from '../../ui/empty-state.tsx'
import { FlipList, type FlipPart } from './flip-list.tsx'
import type { LabState } from './lab.tsx'
import { formatThreshold } from './threshold-words.ts'

/** Lookups that come out otherwise at the candidate threshold: hits that are gained, and hits that are lost. */
export function FlipsTab({ lab, flips }: { lab: LabState; flips: ThresholdFlips }) {
  const { present, candidate } = lab
  const gained: FlipPart[] = [
    { name: 'right', rows: flips.gainedRight },
    { name: 'wrong', rows: flips.gainedWrong },
    { name: 'without a label', rows: flips.gainedUnknown },
  ]
  const lost: FlipPart[] = [
    { name: 'right', rows: flips.lostRight },
    { name: 'wrong', rows: flips.lostWrong },
    { name: 'without a label', rows: flips.lostUnknown },
  ]
  const total = (parts: readonly FlipPart[]): number => parts.reduce((sum, { rows }) => sum + rows.length, 0)
  const rest = `${formatQuantity(flips.unchanged, 'lookup')} ${flips.unchanged === 1 ? 'comes' : 'come'} out as before${
    flips.exactHits > 0 ? `, ${formatCount(flips.exactHits)} of them exact hits that no threshold changes` : ''
  }.`
  if (total(gained) + total(lost) === 0) {
    return (
      <EmptyState icon={<ArrowLeftRight />} title="No lookup comes out otherwise">
        {present === candidate
          ? `The candidate is the present threshold, ${formatThreshold(present)}. Move it on a chart.`
          : `None has a similarity between ${formatThreshold(present)} and ${formatThreshold(candidate)}.`}{' '}
        {rest}
      </EmptyState>
    )
  }
  return (
    <div className="flex flex-col gap-6">
      <p className="text-ink-muted">
        From {formatThreshold(present)} to {formatThreshold(candidate)}: {rest}
      </p>
      <FlipList
        lab={lab}
        title="Hits gained"
        parts={gained}
        none="None: a stricter threshold gains no hits."
        meaning={{ right: 'answers that would be saved', wrong: 'wrong answers that would be given' }}
      />
      <FlipList
        lab={lab}
        title="Hits lost"
        parts={lost}
        none="None: a looser threshold loses no hits."
        meaning={{ right: 'answers that would be asked for again', wrong: 'wrong answers that would no longer be given' }}
      />
    </div>
  )
}
