import { CircleCheck, CircleDashed, CircleSlash } from 'lucide-react'
import type { DryRun, LookupSettings } from '../../../shared/contract/lookups.ts'
import { formatCount, formatQuantity } from '../../lib/format.ts'
import { formatMilliseconds } from '../../lib/timings.ts'
import { Button } from '../../ui/button.tsx'
import { cx } from '../../ui/cx.ts'

interface VerdictCardProps {
  readonly run: DryRun
  readonly settings: LookupSettings
  readonly onOpen: (id: string) => void
  /** Changes some of the settings. */
  readonly onSettings: (change: Partial<LookupSettings>) => void
}

const outcomes = {
  'exact-hit': { word: 'Hit · exact', icon: CircleCheck, tone: 'bg-hit-soft text-hit' },
  'semantic-hit': { word: 'Hit · semantic', icon: CircleCheck, tone: 'bg-hit-soft text-hit' },
  'near-miss': { word: 'Miss · near', icon: CircleDashed, tone: 'bg-near-soft text-near' },
  miss: { word: 'Miss', icon: CircleSlash, tone: 'bg-miss-soft text-miss' },
} as const

function Number3({ name, value }: { name: string; value: number | null }) {
  return (
    <div className="flex flex-col">
      <dt className="text-small text-ink-muted">{name}</dt>
      <dd className="numeric text-ink">{value === null ? 'none' : value.toFixed(3)}</dd>
    </div>
  )
}

/** How a lookup comes out, why, and what would make it come out otherwise. */
export function VerdictCard({ run, settings, onOpen, onSettings }: VerdictCardProps) {
  const { verdict, similarity, margin, nearMisses, entries, timings } = run
  const isNear = verdict.outcome === 'miss' && verdict.missReason === 'below-threshold' && nearMisses > 0
  const { word, icon: Icon, tone } = outcomes[isNear ? 'near-miss' : verdict.outcome]
  const { entryId } = verdict
  return (
    <section aria-label="Verdict" className="m-3 flex flex-col rounded-lg border border-line bg-raised">
      <div className="flex flex-wrap items-center gap-x-4 gap-y-2 px-4 py-3">
        <span className={cx('inline-flex h-7 shrink-0 items-center gap-1.5 rounded-md px-2.5 text-body font-strong', tone)}>
          <Icon aria-hidden="true" className="size-4" />
          {word}
        </span>
        <p role="status" className="min-w-60 flex-1 text-body text-ink">
          {verdict.message}
        </p>
        {entryId !== null && (
          <Button size="small" onClick={() => onOpen(entryId)}>
            Open the entry
          </Button>
        )}
      </div>
      <dl className="flex flex-wrap gap-x-8 gap-y-1 border-t border-line px-4 py-2">
        <Number3 name="Similarity" value={similarity} />
        <Number3 name="Threshold" value={settings.threshold} />
        <Number3 name="Margin to the second" value={margin} />
        <div className="flex flex-col">
          <dt className="text-small text-ink-muted">Near misses</dt>
          <dd className="numeric text-ink">{formatCount(nearMisses)}</dd>
        </div>
        <div className="flex flex-col">
          <dt className="text-small text-ink-muted">{settings.namespace === null ? 'In all namespaces' : 'In the namespace'}</dt>
          <dd className="text-ink">{formatQuantity(entries, 'entry', 'entries')}</dd>
        </div>
        <div className="flex flex-col">
          <dt className="text-small text-ink-muted">Time</dt>
          <dd
            className="numeric text-ink"
            title={`Embedding ${formatMilliseconds(timings.embedding)}, search ${formatMilliseconds(timings.search)}`}
          >
            {formatMilliseconds(timings.total)}
          </dd>
        </div>
        <div className="flex min-w-40 flex-1 flex-col">
          <dt className="text-small text-ink-muted">As the exact layer compares it</dt>
          <dd className="truncate font-mono text-small text-ink" title={run.normalised}>
            {run.normalised === '' ? 'nothing is left' : run.normalised}
          </dd>
        </div>
      </dl>
      {verdict.flips.length > 0 && (
        <div className="border-t border-line px-4 py-2">
          <h2 className="text-small font-strong text-ink-muted">What would flip it</h2>
          <ul aria-label="What would flip it" className="flex flex-col">
            {verdict.flips.map((flip) => (
              <li key={flip.message} className="flex min-h-7 flex-wrap items-center gap-2 text-body text-ink">
                {flip.message}
                {flip.change === 'threshold' && flip.threshold !== null && verdict.outcome === 'miss' && (
                  <Button
                    size="small"
                    variant="ghost"
                    onClick={() => onSettings({ threshold: Math.max(-1, Math.floor((flip.threshold ?? 0) * 1000) / 1000) })}
                  >
                    Try it
                  </Button>
                )}
                {flip.change === 'namespace' && flip.namespace !== null && (
                  <Button size="small" variant="ghost" onClick={() => onSettings({ namespace: flip.namespace })}>
                    Try it
                  </Button>
                )}
                {flip.entryId !== null && flip.entryId !== entryId && (
                  <Button size="small" variant="ghost" onClick={() => onOpen(flip.entryId ?? '')}>
                    Open
                  </Button>
                )}
              </li>
            ))}
          </ul>
        </div>
      )}
    </section>
  )
}
