import type { Findings } from '../../../shared/contract/cleanup.ts'
import type { CleanupRule, KeeperPolicy } from '../../../shared/domain/cleanup/rule.ts'
import { usualQuota, type CleanupSearch } from '../../lib/cleanup-search.ts'
import { Checkbox } from '../../ui/checkbox.tsx'
import { NumberInput } from '../../ui/number-input.tsx'
import { Select } from '../../ui/select.tsx'
import type { CleanupViewProps } from './cleanup-view.tsx'
import { ThresholdHistogram } from './threshold-histogram.tsx'

interface RuleSettingsProps extends Pick<CleanupViewProps, 'collection' | 'search' | 'onSearchChange'> {
  readonly findings: Findings
  readonly rule: CleanupRule
}

const keepers: readonly { value: KeeperPolicy; label: string }[] = [
  { value: 'newest', label: 'the newest' },
  { value: 'oldest', label: 'the oldest' },
  { value: 'longest', label: 'the longest' },
  { value: 'most-hits', label: 'most hits' },
]

function isWhole(value: number): boolean {
  return Number.isInteger(value) && value >= 1 && value <= 9_999_999
}

/** The settings that a rule has; nothing for rules without any. */
export function RuleSettings({ collection, findings, rule, search, onSearchChange }: RuleSettingsProps) {
  const set = (part: Partial<CleanupSearch>): void => onSearchChange({ ...search, ...part, record: undefined }, { replace: true })
  const keeping = 'keep' in rule && (
    <div className="flex flex-wrap items-center gap-x-5 gap-y-2">
      <div className="flex items-center gap-2 text-body text-ink-muted">
        Keep
        <Select
          label="Which record stays"
          value={rule.keep}
          onValueChange={(keep) => set({ keep: keep === 'newest' ? undefined : keep })}
          options={keepers}
        />
      </div>
      <Checkbox
        label="Give it the metadata of the others"
        checked={rule.merge}
        onCheckedChange={(merge) => set({ merge: merge ? 'yes' : undefined })}
      />
      {findings.scope.length > 0 && <span className="text-small text-ink-muted">Compared within one {findings.scope.join(', ')}</span>}
    </div>
  )
  switch (rule.rule) {
    case 'near-duplicates':
      return (
        <>
          {findings.nearest !== null && (
            <ThresholdHistogram
              collection={collection}
              nearest={findings.nearest}
              rule={rule}
              onChange={(similarity) => set({ similarity: similarity === null ? undefined : String(similarity) })}
            />
          )}
          {keeping}
        </>
      )
    case 'older-than':
    case 'never-hit':
      return (
        <div className="flex items-center gap-2 text-body text-ink-muted">
          Older than
          <NumberInput
            label="Days"
            value={rule.days}
            isValid={isWhole}
            onValueCommit={(days) => set({ days: String(days) })}
            unit="days"
            className="w-28"
          />
        </div>
      )
    case 'quota':
      return (
        <div className="flex flex-wrap items-center gap-x-5 gap-y-2">
          <div className="flex items-center gap-2 text-body text-ink-muted">
            At most
            <NumberInput
              label="Records of a namespace"
              value={Number(search.most ?? usualQuota)}
              isValid={isWhole}
              onValueCommit={(most) => set({ most: String(most) })}
              unit="records"
              className="w-32"
            />
          </div>
          <div className="flex items-center gap-2 text-body text-ink-muted">
            Remove first
            <Select
              label="What is removed first"
              value={rule.evict}
              onValueChange={(evict) => set({ evict: evict === 'lru' ? undefined : evict })}
              options={[
                { value: 'lru', label: 'least recently used' },
                { value: 'least-useful', label: 'fewest hits' },
              ]}
            />
          </div>
        </div>
      )
    default:
      return keeping || null
  }
}
