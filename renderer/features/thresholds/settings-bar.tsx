import { memo, type ReactNode } from 'react'
import { labelSources } from '../../../shared/domain/thresholds/evidence.ts'
import type { LabSettings } from '../../lib/thresholds-search.ts'
import { visibleString } from '../../lib/visible-text.ts'
import { Checkbox } from '../../ui/checkbox.tsx'
import { NumberInput } from '../../ui/number-input.tsx'
import { Select } from '../../ui/select.tsx'
import { sourceWords } from './threshold-words.ts'

export interface SettingsBarProps {
  settings: LabSettings
  onSettings: (settings: LabSettings) => void
  /** Namespaces of the evidence. */
  groups: readonly string[]
  present: number
  onPresent: (threshold: number) => void
  hasExact: boolean
  /** Whether the evidence says what calls to the model cost. */
  tellsCalls: boolean
}

function Part({ label, children }: { label: string; children: ReactNode }) {
  return (
    <div role="group" aria-label={label} className="flex flex-wrap items-center gap-x-1.5 gap-y-1">
      {children}
    </div>
  )
}

const everyGroup = '*'
/** Names of groups as values of a list cannot collide with the one for all of them. */
const groupValue = (name: string): string => `=${name}`

function inPercent(share: number): number {
  return Number((share * 100).toFixed(6))
}

/** What is promised, whose labels count, and what answers cost: as sentences with places to fill in. */
export const SettingsBar = memo(function SettingsBar({
  settings,
  onSettings,
  groups,
  present,
  onPresent,
  hasExact,
  tellsCalls,
}: SettingsBarProps) {
  const { guarantee, costs, sources } = settings
  const costWidth = `numeric ${tellsCalls ? 'w-20' : 'w-12'}`
  const change = (part: Partial<LabSettings>): void => onSettings({ ...settings, ...part })
  return (
    <div className="flex flex-wrap items-center gap-x-5 gap-y-1.5 border-b border-line px-4 py-2 text-small text-ink-muted">
      <Part label="What is promised">
        Wrong answers at most
        <NumberInput
          label="Error bound in per cent"
          className="numeric w-16"
          unit="%"
          value={inPercent(guarantee.bound)}
          isValid={(value) => value > 0 && value < 100}
          onValueCommit={(value) => change({ guarantee: { ...guarantee, bound: value / 100 } })}
        />
        of
        <Select
          size="small"
          label="What wrong answers are counted among"
          value={guarantee.of}
          onValueChange={(of) => change({ guarantee: { ...guarantee, of } })}
          options={[
            { value: 'lookups', label: 'lookups' },
            { value: 'hits', label: 'hits' },
          ]}
        />
        with
        <NumberInput
          label="Confidence in per cent"
          className="numeric w-16"
          unit="%"
          value={inPercent(guarantee.confidence)}
          isValid={(value) => value > 0 && value < 100}
          onValueCommit={(value) => change({ guarantee: { ...guarantee, confidence: value / 100 } })}
        />
        confidence
      </Part>
      <Part label="What answers cost">
        A hit is worth
        <NumberInput
          label="Value of a hit"
          className={costWidth}
          value={costs.hit}
          isValid={(value) => value > 0}
          onValueCommit={(hit) => change({ costs: { ...costs, hit } })}
        />
        {tellsCalls && (
          <Select
            size="small"
            label="How hits differ in worth"
            value={costs.perCall ? 'log' : 'same'}
            onValueChange={(calls) => change({ costs: { ...costs, perCall: calls === 'log' } })}
            options={[
              { value: 'log', label: 'on the mean, each by its call in the log' },
              { value: 'same', label: 'each' },
            ]}
          />
        )}
        a wrong answer costs
        <NumberInput
          label="Cost of a wrong answer"
          className={costWidth}
          value={costs.wrong}
          isValid={(value) => value >= 0}
          onValueCommit={(wrong) => change({ costs: { ...costs, wrong } })}
        />
        a lookup costs
        <NumberInput
          label="Cost of a lookup"
          className={costWidth}
          value={costs.lookup}
          isValid={(value) => value >= 0}
          onValueCommit={(lookup) => change({ costs: { ...costs, lookup } })}
        />
      </Part>
      <Part label="Beta of the F-measure">
        F-beta with
        <NumberInput
          label="Beta"
          className="numeric w-12"
          value={settings.beta}
          isValid={(value) => value > 0 && value <= 10}
          onValueCommit={(beta) => change({ beta })}
        />
      </Part>
      <Part label="Present threshold">
        Present threshold
        <NumberInput
          label="Present threshold"
          className="numeric w-14"
          value={present}
          isValid={(value) => Math.abs(value) <= 1}
          onValueCommit={onPresent}
        />
      </Part>
      <Part label="Whose labels count">
        Labels
        {labelSources.map((source) => (
          <Checkbox
            key={source}
            className="text-small! gap-1.5!"
            label={sourceWords[source]}
            checked={sources.includes(source)}
            disabled={sources.length === 1 && sources[0] === source}
            onCheckedChange={(checked) =>
              change({ sources: labelSources.filter((each) => (each === source ? checked : sources.includes(each))) })
            }
          />
        ))}
      </Part>
      {(groups.length > 1 || settings.group !== null) && (
        <Part label="Namespace">
          <span className="max-w-40 truncate">{settings.groupBy === null ? 'Namespace' : visibleString(settings.groupBy)}</span>
          <Select
            size="small"
            label="Namespace"
            className="max-w-44"
            value={settings.group === null ? everyGroup : groupValue(settings.group)}
            onValueChange={(value) => change({ group: value === everyGroup ? null : value.slice(1) })}
            options={[
              { value: everyGroup, label: 'all' },
              ...[...new Set([...groups, ...(settings.group === null ? [] : [settings.group])])].map((name) => ({
                value: groupValue(name),
                label: name === '' ? 'without a name' : visibleString(name),
              })),
            ]}
          />
        </Part>
      )}
      {(hasExact || settings.exact === 'count') && (
        <Checkbox
          className="text-small! gap-1.5!"
          label="Count exact hits"
          checked={settings.exact === 'count'}
          onCheckedChange={(checked) => change({ exact: checked ? 'count' : 'leave-out' })}
        />
      )}
    </div>
  )
})
