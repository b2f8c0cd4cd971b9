import { BadgeCheck, CircleSlash, Hourglass } from 'lucide-react'
import type { ThresholdAnalysis } from '../../../shared/domain/thresholds/analyse.ts'
import { labelsNeeded } from '../../../shared/domain/thresholds/labels-needed.ts'
import { weakLabelBias } from '../../../shared/domain/thresholds/weak-labels.ts'
import { formatCount, formatQuantity } from '../../lib/format.ts'
import type { LabSettings } from '../../lib/thresholds-search.ts'
import { Button } from '../../ui/button.tsx'
import type { Figures } from './figures.ts'
import { formatShare, formatThreshold, thresholdTitle } from './threshold-words.ts'

export interface StatementHeaderProps {
  analysis: ThresholdAnalysis
  settings: LabSettings
  present: Figures
  candidate: Figures
  gained: number
  lost: number
  onCandidate: (threshold: number) => void
  onLabel: () => void
}

function named(share: number | null, name: string): string {
  return share === null ? `${name} unknown` : `${formatShare(share)} ${name}`
}

function difference(now: number | null, before: number | null): string {
  if (now === null || before === null) return ''
  const points = (now - before) * 100
  if (Math.abs(points) < 0.05) return ' (as now)'
  return ` (${points > 0 ? '+' : '−'}${Math.abs(points).toFixed(1)})`
}

/** What may be promised, in a sentence, and what the candidate would change against the present threshold. */
export function StatementHeader({ analysis, settings, present, candidate, gained, lost, onCandidate, onLabel }: StatementHeaderProps) {
  const { certified, result, part } = analysis
  const level = certified.outcome === 'certified' ? certified.level : null
  const least = labelsNeeded(settings.guarantee.bound, settings.guarantee.confidence)
  const hasWeak = settings.sources.includes('weak') && part.source.includes(2)
  const asCandidate = level === null ? null : Math.abs(level.threshold - candidate.threshold) < 1e-9
  const caveats = [
    !certified.isExact && 'Labels weigh unlike each other, so the bound is a careful approximation and not exact.',
    hasWeak && weakLabelBias,
    level === null &&
      certified.outcome === 'not-enough-labels' &&
      least !== null &&
      `It takes ${formatQuantity(least, 'label')} at least, all of them right.`,
    'It holds while lookups to come are like those that were labelled.',
  ].filter((caveat) => typeof caveat === 'string')
  const Icon = level !== null ? BadgeCheck : certified.outcome === 'bound-exceeded' ? CircleSlash : Hourglass
  return (
    <section aria-label="What may be promised" className="flex flex-wrap items-start gap-x-8 gap-y-2 border-b border-line px-4 py-3">
      <div className="flex min-w-80 flex-1 items-start gap-2.5">
        <Icon aria-hidden="true" className={`mt-1 size-4 shrink-0 ${level === null ? 'text-ink-muted' : 'text-accent'}`} />
        <div className="min-w-0">
          <p role="status" className="text-title text-ink">
            {result.statement}
          </p>
          <p className="text-small text-ink-muted">{caveats.join(' ')}</p>
        </div>
        {level !== null && asCandidate === false && (
          <Button size="small" className="mt-0.5" onClick={() => onCandidate(level.threshold)}>
            {`Take ${formatThreshold(level.threshold)}`}
          </Button>
        )}
        {level === null && (
          <Button size="small" className="mt-0.5" onClick={onLabel}>
            Label lookups
          </Button>
        )}
      </div>
      <table aria-label="Present and candidate threshold" className="text-small text-ink-muted">
        <thead className="sr-only">
          <tr>
            <th scope="col">Which</th>
            <th scope="col">Threshold</th>
            <th scope="col">Hits</th>
            <th scope="col">Wrong answers of lookups</th>
            <th scope="col">Lookups that change</th>
          </tr>
        </thead>
        <tbody>
          <tr>
            <th scope="row" className="pr-4 text-left font-normal">
              Present
            </th>
            <td className="numeric pr-5" title={thresholdTitle(present.threshold)}>
              {formatThreshold(present.threshold)}
            </td>
            <td className="pr-5">{named(present.measures.hitRate, 'hits')}</td>
            <td className="pr-5">{named(present.measures.errorRate, 'wrong')}</td>
          </tr>
          <tr>
            <th scope="row" className="pr-4 text-left font-normal text-ink">
              Candidate
            </th>
            <td className="numeric pr-5 text-accent" title={thresholdTitle(candidate.threshold)}>
              {formatThreshold(candidate.threshold)}
            </td>
            <td className="pr-5">
              <span className="text-ink">{named(candidate.measures.hitRate, 'hits')}</span>
              {difference(candidate.measures.hitRate, present.measures.hitRate)}
            </td>
            <td className="pr-5">
              <span className="text-ink">{named(candidate.measures.errorRate, 'wrong')}</span>
              {difference(candidate.measures.errorRate, present.measures.errorRate)}
            </td>
            <td className="text-ink">{`${formatCount(gained)} gained, ${formatCount(lost)} lost`}</td>
          </tr>
        </tbody>
      </table>
    </section>
  )
}
