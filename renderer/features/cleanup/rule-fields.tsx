import type { CleanupRule, KeeperPolicy } from '../../../shared/domain/cleanup/rule.ts'
import { Checkbox } from '../../ui/checkbox.tsx'
import { NumberInput } from '../../ui/number-input.tsx'
import { Select } from '../../ui/select.tsx'

interface RuleFieldsProps {
  readonly rule: CleanupRule
  readonly onRule: (rule: CleanupRule) => void
}

const keepers: readonly { value: KeeperPolicy; label: string }[] = [
  { value: 'newest', label: 'the newest' },
  { value: 'oldest', label: 'the oldest' },
  { value: 'longest', label: 'the longest' },
  { value: 'most-hits', label: 'most hits' },
]
const wordsClass = 'flex items-center gap-2 text-body text-ink-muted'

function isWhole(most: number): (value: number) => boolean {
  return (value) => Number.isInteger(value) && value >= 1 && value <= most
}

/** The settings that a rule has, in one line; nothing for rules without any. */
export function RuleFields({ rule, onRule }: RuleFieldsProps) {
  switch (rule.rule) {
    case 'exact-duplicates':
    case 'near-duplicates':
      return (
        <>
          <div className={wordsClass}>
            Keep
            <Select label="Which record stays" value={rule.keep} onValueChange={(keep) => onRule({ ...rule, keep })} options={keepers} />
          </div>
          <Checkbox
            label="Give it the metadata of the others"
            checked={rule.merge}
            onCheckedChange={(merge) => onRule({ ...rule, merge })}
          />
        </>
      )
    case 'older-than':
    case 'never-hit':
      return (
        <div className={wordsClass}>
          Older than
          <NumberInput
            label="Days"
            value={rule.days}
            isValid={isWhole(100_000)}
            onValueCommit={(days) => onRule({ ...rule, days })}
            unit="days"
            className="w-28"
          />
        </div>
      )
    case 'short':
      return (
        <div className={wordsClass}>
          Fewer than
          <NumberInput
            label="Characters"
            value={rule.characters}
            isValid={isWhole(10_000)}
            onValueCommit={(characters) => onRule({ ...rule, characters })}
            unit="characters"
            className="w-32"
          />
        </div>
      )
    case 'outliers':
      return (
        <div className={wordsClass}>
          From a robust z of
          <NumberInput
            label="Robust z"
            value={rule.z}
            isValid={(z) => z >= 2 && z <= 100}
            onValueCommit={(z) => onRule({ ...rule, z })}
            className="w-20"
          />
        </div>
      )
    case 'quota':
      return (
        <>
          <div className={wordsClass}>
            At most
            <NumberInput
              label={`Records of a ${rule.by}`}
              value={rule.most}
              isValid={isWhole(9_999_999)}
              onValueCommit={(most) => onRule({ ...rule, most })}
              unit="records"
              className="w-32"
            />
          </div>
          <div className={wordsClass}>
            Remove first
            <Select
              label="What is removed first"
              value={rule.evict}
              onValueChange={(evict) => onRule({ ...rule, evict })}
              options={[
                { value: 'lru', label: 'least recently used' },
                { value: 'least-useful', label: 'fewest hits' },
              ]}
            />
          </div>
        </>
      )
    default:
      return null
  }
}

/** Whether a rule has settings of {@link RuleFields}. */
export function hasFields({ rule }: CleanupRule): boolean {
  return ['exact-duplicates', 'near-duplicates', 'older-than', 'never-hit', 'short', 'outliers', 'quota'].includes(rule)
}
