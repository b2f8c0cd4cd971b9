import { Check, UserX } from 'lucide-react'
import type { Findings, FindingSummary } from '../../../shared/contract/cleanup.ts'
import type { CollectionRef } from '../../../shared/contract/collections.ts'
import { ruleTitle } from '../../../shared/domain/cleanup/rule-words.ts'
import type { CleanupRule, CleanupRuleName } from '../../../shared/domain/cleanup/rule.ts'
import { formatCount, formatQuantity } from '../../lib/format.ts'
import { Button } from '../../ui/button.tsx'
import { cx } from '../../ui/cx.ts'
import { Disclosure } from '../../ui/disclosure.tsx'
import { Policies } from './policies.tsx'

interface FindingListProps {
  readonly collection: CollectionRef
  readonly findings: Findings
  readonly chosen: CleanupRuleName | 'store' | null
  readonly onChoose: (name: CleanupRuleName | 'store') => void
  readonly onPreview: (rules: readonly CleanupRule[]) => void
  readonly onForget: () => void
}

const rowClass = 'row-height flex w-full items-center gap-2 rounded-sm px-2 text-left text-body hover:bg-hover'

function Row({ finding, isChosen, onChoose }: { finding: FindingSummary; isChosen: boolean; onChoose: () => void }) {
  return (
    <li>
      <button
        type="button"
        aria-current={isChosen ? 'true' : undefined}
        onClick={onChoose}
        className={cx(rowClass, isChosen && 'bg-accent-soft text-accent', finding.records === 0 && !isChosen && 'text-ink-muted')}
      >
        <span className="min-w-0 flex-1 truncate">{ruleTitle(finding.rule.rule)}</span>
        <span className="numeric text-small text-ink-muted">{formatCount(finding.records)}</span>
      </button>
    </li>
  )
}

/** What was looked for, with how many records each concerns, and what can be done with several at once. */
export function FindingList({ collection, findings, chosen, onChoose, onPreview, onForget }: FindingListProps) {
  const found = findings.findings.filter(({ records }) => records > 0)
  const clean = findings.findings.filter(({ records }) => records === 0)
  const rowOf = (finding: FindingSummary) => {
    const { rule } = finding.rule
    return <Row key={rule} finding={finding} isChosen={rule === chosen} onChoose={() => onChoose(rule)} />
  }
  return (
    <nav aria-label="Findings" className="flex w-60 shrink-0 flex-col overflow-y-auto border-r border-line bg-chrome p-2">
      <h2 className="px-2 pt-1 pb-1.5 text-small text-ink-muted">{formatQuantity(found.length, 'finding')}</h2>
      {found.length === 0 && (
        <p className="flex items-start gap-2 px-2 pb-2 text-body text-ink">
          <Check aria-hidden="true" className="mt-0.5 size-4 shrink-0 text-hit" />
          Nothing here needs cleaning up.
        </p>
      )}
      <ul>{found.map(rowOf)}</ul>
      <div className="mt-2">
        <Disclosure title={`${formatQuantity(clean.length, 'check')} found nothing`}>
          <ul>{clean.map(rowOf)}</ul>
        </Disclosure>
        {findings.skipped.length > 0 && (
          <Disclosure title={`${formatQuantity(findings.skipped.length, 'check')} not possible`}>
            <ul className="flex flex-col gap-1.5 px-2 py-1 text-small text-ink-muted">
              {findings.skipped.map(({ rule, reason }) => (
                <li key={rule}>
                  <span className="text-ink">{ruleTitle(rule as CleanupRuleName)}</span>: {reason}
                </li>
              ))}
            </ul>
          </Disclosure>
        )}
      </div>
      <h2 className="mt-4 px-2 pb-1.5 text-small text-ink-muted">More</h2>
      {findings.scope.includes('namespace') && (
        <button
          type="button"
          aria-current={chosen === 'quota' ? 'true' : undefined}
          onClick={() => onChoose('quota')}
          className={cx(rowClass, chosen === 'quota' && 'bg-accent-soft text-accent')}
        >
          Quota for a namespace
        </button>
      )}
      <button
        type="button"
        aria-current={chosen === 'store' ? 'true' : undefined}
        onClick={() => onChoose('store')}
        className={cx(rowClass, chosen === 'store' && 'bg-accent-soft text-accent')}
      >
        Files of the store
      </button>
      <Policies collection={collection} onPreview={onPreview} />
      <div className="mt-4 px-2">
        <Button icon={<UserX aria-hidden="true" />} onClick={onForget}>
          Forget…
        </Button>
      </div>
    </nav>
  )
}
