import { keepPreviousData, useQuery } from '@tanstack/react-query'
import { useEffect, useState } from 'react'
import type { Nearest } from '../../../shared/contract/cleanup.ts'
import type { CollectionRef } from '../../../shared/contract/collections.ts'
import type { RuleOf } from '../../../shared/domain/cleanup/rule.ts'
import { useClient } from '../../lib/client-context.tsx'
import { formatCount, formatQuantity } from '../../lib/format.ts'
import { Button } from '../../ui/button.tsx'
import { ThresholdLine } from '../../ui/threshold-line.tsx'

interface ThresholdHistogramProps {
  readonly collection: CollectionRef
  readonly nearest: Nearest
  readonly rule: RuleOf<'near-duplicates'>
  /** Hears of a movement that rests; null for the threshold that the data suggest. */
  readonly onChange: (similarity: number | null) => void
}

/** How long a movement rests before groups are asked for, in milliseconds. */
const rest = 200

/** How similar each record is to its nearest other one, with the threshold as a line and what it would remove, counted while it moves. */
export function ThresholdHistogram({ collection, nearest, rule, onChange }: ThresholdHistogramProps) {
  const client = useClient()
  const { floor, bins, suggested, crowded, judged } = nearest
  const settled = rule.threshold ?? suggested
  const [moved, setMoved] = useState<number | null>(null)
  const value = moved ?? settled
  // The curve is of all thresholds, so it does not depend on this one.
  const { data: curve } = useQuery({
    ...client.query('cleanup.curve', { ...collection, rule: { ...rule, threshold: null } }),
    placeholderData: keepPreviousData,
  })
  useEffect(() => {
    if (moved === null) return
    const timer = setTimeout(() => onChange(moved), rest)
    return () => clearTimeout(timer)
    // `onChange` is made anew on every render; only a movement starts the rest.
  }, [moved]) // oxlint-disable-line react/exhaustive-deps
  useEffect(() => setMoved(null), [rule.threshold])

  const most = Math.max(1, ...bins)
  const step =
    curve === undefined ? 0 : Math.min(curve.records.length - 1, Math.max(0, Math.ceil((value - curve.floor) / curve.step - 1e-6)))
  return (
    <figure aria-label="Similarity to the nearest record" className="flex max-w-180 flex-col gap-1">
      <div className="relative h-28 rounded-sm border border-line bg-canvas">
        <div aria-hidden="true" className="absolute inset-0 flex items-end pt-7">
          {bins.map((count, bin) => (
            <span
              key={bin}
              className="flex-1 bg-ink-faint opacity-60"
              style={{ height: `${count === 0 ? 0 : Math.max(2, (100 * Math.sqrt(count)) / Math.sqrt(most))}%` }}
            />
          ))}
        </div>
        <ThresholdLine
          value={Math.round(value * 1000) / 1000}
          from={floor}
          onValueChange={setMoved}
          label="Similarity from which records are near-duplicates"
        />
      </div>
      <div aria-hidden="true" className="numeric flex justify-between text-small text-ink-faint">
        <span>{floor.toFixed(2)}</span>
        <span className="font-sans">similarity to the nearest record, heights by square root</span>
        <span>1.00</span>
      </div>
      <figcaption className="flex flex-wrap items-center gap-x-4 gap-y-1 text-body text-ink">
        <span role="status">
          {curve === undefined
            ? 'Counting groups…'
            : `${formatQuantity(curve.records[step] ?? 0, 'record')} in ${formatQuantity(curve.groups[step] ?? 0, 'group')} would be removed from ${value.toFixed(3)} on`}
        </span>
        {rule.threshold !== null && (
          <Button size="small" variant="ghost" onClick={() => onChange(null)}>
            {`As the data suggest: ${suggested.toFixed(3)}`}
          </Button>
        )}
        {judged !== null && (
          <Button size="small" variant="ghost" onClick={() => onChange(Math.round(judged.threshold * 1000) / 1000)}>
            {`Best for ${formatCount(judged.judged)} judged pairs: ${judged.threshold.toFixed(3)}`}
          </Button>
        )}
        {crowded > 0 && (
          <span className="text-small text-ink-muted">{`${formatQuantity(crowded, 'record')} may have more similar ones than were compared.`}</span>
        )}
      </figcaption>
    </figure>
  )
}
