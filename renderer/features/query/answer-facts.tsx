import type { Answer } from '../../../shared/contract/search.ts'
import { formatCount, formatQuantity } from '../../lib/format.ts'
import { formatMilliseconds } from '../../lib/timings.ts'
import { Badge } from '../../ui/badge.tsx'
import { Disclosure } from '../../ui/disclosure.tsx'

function methodText({ method, searched }: Answer): string {
  return method === 'exact' ? `exact over ${formatQuantity(searched, 'record')}` : 'engine (HNSW)'
}

/** How an answer came about and how long each part took; with a title, beside another one, the parts are in the tip. */
export function AnswerFacts({ answer, title }: { answer: Answer; title?: string }) {
  const { timings, embedder, recall, withoutVector } = answer
  const parts = [
    `embedding ${formatMilliseconds(timings.embedding)}`,
    `search ${formatMilliseconds(timings.search)}`,
    `reading ${formatMilliseconds(Math.max(0, timings.total - timings.embedding - timings.search))}`,
  ].join(' + ')
  return (
    <div
      role="group"
      aria-label={title ?? 'How it was answered'}
      className="flex min-h-8 shrink-0 flex-wrap items-center gap-x-3 gap-y-1 px-3 py-1 text-small text-ink-muted"
    >
      {title !== undefined && <span className="font-strong text-ink">{title}</span>}
      <span>{formatQuantity(answer.neighbours.length, 'result')}</span>
      <span>{methodText(answer)}</span>
      {recall !== null && (
        <span title="Share of the exact answer that the engine's index found">
          recall <span className="numeric text-ink">{recall.toFixed(3)}</span>
        </span>
      )}
      {withoutVector > 0 && <span>{formatCount(withoutVector)} without a vector</span>}
      <span className="numeric" title={`Total = ${parts}`}>
        {formatMilliseconds(timings.total)} total
        {title === undefined && <span className="text-ink-faint"> = {parts}</span>}
      </span>
      {embedder !== null && <Badge tone="outline">{embedder}</Badge>}
    </div>
  )
}

/** What to know before the numbers are trusted. */
export function AnswerWarnings({ warnings }: { warnings: readonly string[] }) {
  const [first, ...rest] = warnings
  if (first === undefined) return null
  if (rest.length === 0 && first.length < 160) {
    return (
      <p role="status" className="border-b border-line bg-sunken px-3 py-1.5 text-small text-ink">
        {first}
      </p>
    )
  }
  return (
    <div role="status" className="border-b border-line bg-sunken px-3 py-1 text-small text-ink">
      <Disclosure title={formatQuantity(warnings.length, 'warning')} note={`${first.slice(0, 90)}…`}>
        <ul className="flex list-disc flex-col gap-1 pb-1 pl-6">
          {warnings.map((warning) => (
            <li key={warning}>{warning}</li>
          ))}
        </ul>
      </Disclosure>
    </div>
  )
}
