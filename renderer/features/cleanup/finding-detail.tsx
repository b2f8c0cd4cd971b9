import { keepPreviousData, useMutation, useQuery } from '@tanstack/react-query'
import { BookmarkPlus, Check, Eraser, ListPlus } from 'lucide-react'
import { useState } from 'react'
import type { Findings } from '../../../shared/contract/cleanup.ts'
import { maxSetRecords } from '../../../shared/contract/sets.ts'
import { ruleExplanation, ruleSentence, ruleTitle } from '../../../shared/domain/cleanup/rule-words.ts'
import { effectOf, isGrouped, type CleanupRule } from '../../../shared/domain/cleanup/rule.ts'
import { useClient } from '../../lib/client-context.tsx'
import { formatQuantity } from '../../lib/format.ts'
import { QueryError } from '../../lib/query-error.tsx'
import { toastError } from '../../lib/toast-error.ts'
import { Button } from '../../ui/button.tsx'
import { EmptyState } from '../../ui/empty-state.tsx'
import { SkeletonLines } from '../../ui/skeleton.tsx'
import { toast } from '../../ui/toast.tsx'
import type { CleanupViewProps } from './cleanup-view.tsx'
import { FindingFixes } from './finding-fixes.tsx'
import { GroupReview } from './group-review.tsx'
import { PolicyDialog } from './policy-dialog.tsx'
import { RecordRows } from './record-rows.tsx'
import { RuleSettings } from './rule-settings.tsx'

interface FindingDetailProps extends CleanupViewProps {
  readonly findings: Findings
  readonly rule: CleanupRule
  readonly onPreview: (rules: readonly CleanupRule[]) => void
}

/** One finding: what it is, its settings, its records, and what can be done about it. */
export function FindingDetail({ collection, findings, rule, search, onSearchChange, onOpen, onPreview }: FindingDetailProps) {
  const client = useClient()
  const [isSaving, setSaving] = useState(false)
  const { data, error, refetch, isFetching } = useQuery({
    ...client.query('cleanup.finding', { ...collection, rule }),
    placeholderData: keepPreviousData,
  })
  const { mutateAsync: saveSet } = useMutation(client.mutation('sets.save'))
  const effect = effectOf(rule.rule)
  const title = ruleTitle(rule.rule)

  async function keepAsSet(): Promise<void> {
    const ids = await client.call('cleanup.ids', { ...collection, rule })
    const set = await saveSet({ ...collection, name: ruleSentence(rule).slice(0, 60), ids: ids.slice(0, maxSetRecords) })
    toast({
      message: `${formatQuantity(set.count, 'record')} saved as the set “${set.name}”.`,
      remedy: 'Sets are in the toolbar of the map.',
    })
  }

  return (
    <section aria-label={title} className="flex min-w-0 flex-1 flex-col overflow-y-auto">
      <header className="flex flex-col gap-3 border-b border-line px-5 py-4">
        <div className="flex flex-wrap items-center gap-x-4 gap-y-2">
          <h2 className="flex-1 text-title font-strong whitespace-nowrap text-ink">
            {title}
            {data !== undefined && (
              <span className="ml-2 text-body font-normal text-ink-muted">
                {data.groups === null
                  ? formatQuantity(data.records, 'record')
                  : `${formatQuantity(data.records, 'record')} in ${formatQuantity(data.groups, 'group')}`}
              </span>
            )}
          </h2>
          <div className="flex items-center gap-2">
            {data !== undefined && data.records > 0 && (
              <Button variant="ghost" icon={<ListPlus aria-hidden="true" />} onClick={() => void keepAsSet().catch(toastError)}>
                Save as a set
              </Button>
            )}
            {effect !== 'look' && (
              <>
                <Button variant="ghost" icon={<BookmarkPlus aria-hidden="true" />} onClick={() => setSaving(true)}>
                  Save as a policy…
                </Button>
                <Button
                  variant="primary"
                  icon={<Eraser aria-hidden="true" />}
                  disabled={data === undefined || data.records === 0}
                  onClick={() => onPreview([rule])}
                >
                  Preview…
                </Button>
              </>
            )}
          </div>
        </div>
        <p className="max-w-180 text-body text-ink-muted">{ruleExplanation(rule)}</p>
        <RuleSettings collection={collection} findings={findings} rule={rule} search={search} onSearchChange={onSearchChange} />
        {data !== undefined && <FindingFixes collection={collection} finding={data} />}
      </header>
      {error !== null && data === undefined ? (
        <QueryError error={error} onRetry={() => void refetch()} retrying={isFetching} />
      ) : data === undefined ? (
        <SkeletonLines count={8} className="p-5" />
      ) : data.records === 0 ? (
        <EmptyState icon={<Check />} title="Nothing was found">
          None of the {formatQuantity(findings.records, 'record')} is concerned.
        </EmptyState>
      ) : isGrouped(rule) ? (
        <GroupReview key={JSON.stringify(rule)} collection={collection} rule={rule} onOpen={onOpen} />
      ) : (
        <RecordRows key={JSON.stringify(rule)} collection={collection} rule={rule} onOpen={onOpen} />
      )}
      {isSaving && <PolicyDialog collection={collection} rule={rule} onClose={() => setSaving(false)} />}
    </section>
  )
}
