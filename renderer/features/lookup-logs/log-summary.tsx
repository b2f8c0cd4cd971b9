import type { ReactNode } from 'react'
import { wholeLog, type LogFilter, type LogOverview } from '../../../shared/contract/lookup-logs.ts'
import { formatCount } from '../../lib/format.ts'
import { formatLatency, formatPercent, hitOutcomes } from './outcome-words.ts'

function Figure({ name, note, children, onPick }: { name: string; note?: string; children: ReactNode; onPick?: () => void }) {
  const content = (
    <>
      <span className="text-small text-ink-muted">{name}</span>
      <span className="numeric text-title! text-ink">{children}</span>
      <span className="text-small text-ink-faint">{note ?? '\u00a0'}</span>
    </>
  )
  const className = '-mt-px -ml-px flex min-w-0 flex-col items-start border-t border-l border-line px-3 py-2 text-left'
  return onPick === undefined ? (
    <div className={className}>{content}</div>
  ) : (
    <button type="button" onClick={onPick} className={`${className} hover:bg-hover`}>
      {content}
    </button>
  )
}

export interface LogSummaryProps {
  overview: LogOverview
  onFilter: (part: Partial<LogFilter>) => void
}

/** The figures of a log; those that stand for lookups lead to them. */
export function LogSummary({ overview, onFilter }: LogSummaryProps) {
  const { exact, semantic, unspecified, miss, nearMiss, unknown, lookups, hitRate, latency } = overview
  const outcomes = (wanted: LogFilter['outcomes']) => () => onFilter({ outcomes: wanted, nearMisses: wholeLog.nearMisses })
  return (
    <div className="@container shrink-0 overflow-hidden rounded-md border border-line bg-canvas">
      <div className="grid grid-cols-4 @min-[54rem]:auto-cols-fr @min-[54rem]:grid-flow-col @min-[54rem]:grid-cols-none">
        <Figure
          name="Hit rate"
          note={unknown > 0 ? `of ${formatCount(lookups - unknown)} with an outcome` : 'of all lookups'}
          onPick={outcomes(hitOutcomes)}
        >
          {hitRate === null ? 'unknown' : formatPercent(hitRate)}
        </Figure>
        <Figure name="Lookups" note={unknown > 0 ? `${formatCount(unknown)} without an outcome` : undefined}>
          {formatCount(lookups)}
        </Figure>
        <Figure name="Exact hits" onPick={outcomes(['exact-hit'])}>
          {formatCount(exact)}
        </Figure>
        {(semantic > 0 || unspecified === 0) && (
          <Figure name="Semantic hits" onPick={outcomes(['semantic-hit'])}>
            {formatCount(semantic)}
          </Figure>
        )}
        {unspecified > 0 && (
          <Figure name="Hits" note="layer not told" onPick={outcomes(['hit'])}>
            {formatCount(unspecified)}
          </Figure>
        )}
        <Figure name="Misses" onPick={outcomes(['miss'])}>
          {formatCount(miss)}
        </Figure>
        <Figure name="Near misses" note="at most 0.05 below" onPick={() => onFilter({ nearMisses: true, outcomes: null })}>
          {formatCount(nearMiss)}
        </Figure>
        <Figure
          name="Latency p50"
          note={
            latency?.hitP50 != null && latency.missP50 !== null
              ? `hits ${formatLatency(latency.hitP50)}, misses ${formatLatency(latency.missP50)}`
              : undefined
          }
        >
          {latency === null ? 'unknown' : formatLatency(latency.p50)}
        </Figure>
        <Figure name="Latency p95">{latency === null ? 'unknown' : formatLatency(latency.p95)}</Figure>
      </div>
    </div>
  )
}
