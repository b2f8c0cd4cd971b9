import type { Findings } from '../../../shared/contract/cleanup.ts'
import type { CleanupRule } from '../../../shared/domain/cleanup/rule.ts'
import { searchOfRule } from '../../lib/cleanup-search.ts'
import type { CleanupViewProps } from './cleanup-view.tsx'
import { hasFields, RuleFields } from './rule-fields.tsx'
import { ThresholdHistogram } from './threshold-histogram.tsx'

interface RuleSettingsProps extends Pick<CleanupViewProps, 'collection' | 'search' | 'onSearchChange'> {
  readonly findings: Findings
  readonly rule: CleanupRule
}

/** The settings of a finding's rule, which stand in the address; nothing for rules without any. */
export function RuleSettings({ collection, findings, rule, search, onSearchChange }: RuleSettingsProps) {
  if (!hasFields(rule)) return null
  const set = (next: CleanupRule): void => onSearchChange({ ...search, ...searchOfRule(next), record: undefined }, { replace: true })
  return (
    <>
      {rule.rule === 'near-duplicates' && findings.nearest !== null && (
        <ThresholdHistogram
          collection={collection}
          nearest={findings.nearest}
          rule={rule}
          onChange={(threshold) => set({ ...rule, threshold })}
        />
      )}
      <div className="flex flex-wrap items-center gap-x-5 gap-y-2">
        <RuleFields rule={rule} onRule={set} />
        {'keep' in rule && findings.scope.length > 0 && (
          <span className="text-small text-ink-muted">Compared within one {findings.scope.join(', ')}</span>
        )}
      </div>
    </>
  )
}
