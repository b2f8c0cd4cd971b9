import type { LogOverview } from '../../../shared/contract/lookup-logs.ts'
import { formatCount } from '../../lib/format.ts'
import { countsInWords, formatPercent, hitRateOf, hitsOf } from './outcome-words.ts'

interface NamespaceBarsProps {
  readonly namespaces: LogOverview['namespaces']
  readonly onPick: (namespace: string | null) => void
}

/** How the lookups of each namespace ended; each leads to its lookups. */
export function NamespaceBars({ namespaces, onPick }: NamespaceBarsProps) {
  const most = Math.max(1, ...namespaces.map((each) => hitsOf(each) + each.miss))
  const width = (count: number) => ({ width: `${(100 * count) / most}%` })
  return (
    <section aria-label="By namespace" className="flex min-w-0 flex-col gap-1">
      <h2 className="text-body font-strong text-ink">By namespace</h2>
      <p className="h-4 text-right text-small text-ink-muted">lookups and hit rate</p>
      <ul className="flex max-h-44 flex-col overflow-y-auto">
        {namespaces.map((each) => {
          const rate = hitRateOf(each)
          return (
            <li key={each.namespace ?? '\u0000'}>
              <button
                type="button"
                onClick={() => onPick(each.namespace)}
                title={countsInWords(each)}
                className="grid h-7 w-full grid-cols-[9rem_minmax(0,1fr)_4.5rem_4rem] items-center gap-2 rounded-sm px-1 text-left hover:bg-hover"
              >
                <span className="truncate">{each.namespace ?? <span className="text-ink-faint">none</span>}</span>
                <span aria-hidden="true" className="flex h-3">
                  <span className="bg-hit" style={width(hitsOf(each))} />
                  <span className="bg-near" style={width(each.nearMiss)} />
                  <span className="bg-miss/55" style={width(each.miss - each.nearMiss)} />
                </span>
                <span className="numeric text-right">{formatCount(hitsOf(each) + each.miss)}</span>
                <span className="numeric text-right text-ink-muted">{rate === null ? '' : formatPercent(rate)}</span>
              </button>
            </li>
          )
        })}
      </ul>
    </section>
  )
}
