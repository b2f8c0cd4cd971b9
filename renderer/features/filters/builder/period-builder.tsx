import { Plus, X } from 'lucide-react'
import { useEffect, useRef, useState } from 'react'
import type { CollectionRef, MetadataKey } from '../../../../shared/contract/collections.ts'
import type { Period } from '../../../../shared/domain/period.ts'
import { isTimeKey, parseTime } from '../../../../shared/domain/time.ts'
import { encode } from '../../../../shared/rpc/codec.ts'
import { Button } from '../../../ui/button.tsx'
import { IconButton } from '../../../ui/icon-button.tsx'
import { SuggestInput } from '../../../ui/suggest-input.tsx'
import { useKeyFacet } from '../use-key-values.ts'
import { DateTimeInput } from '../../../ui/date-time-input.tsx'

interface PeriodBuilderProps {
  readonly collection: CollectionRef
  readonly keys: readonly MetadataKey[]
  readonly periods: readonly Period[]
  readonly onPeriods: (periods: Period[]) => void
}

/** A period while it is being written. */
interface DraftPeriod extends Period {
  readonly id: number
}

let lastId = 0
function drafted(period: Period): DraftPeriod {
  lastId += 1
  return { ...period, id: lastId }
}

function problemOf({ key, from, to }: Period): string | null {
  if (key === '') return 'Choose a key.'
  if (from === null && to === null) return 'Enter where the period begins or ends.'
  return from !== null && to !== null && from >= to ? 'The end is not after the start.' : null
}

/** What is to be filtered by: the finished periods, one for each key. */
function finished(drafts: readonly DraftPeriod[]): Period[] {
  const byKey = new Map<string, Period>()
  for (const draft of drafts) if (problemOf(draft) === null) byKey.set(draft.key, { key: draft.key, from: draft.from, to: draft.to })
  return [...byKey.values()]
}

interface PeriodRowProps {
  readonly collection: CollectionRef
  readonly keys: readonly MetadataKey[]
  readonly period: DraftPeriod
  readonly onChange: (period: DraftPeriod) => void
  readonly onRemove: () => void
}

function PeriodRow({ collection, keys, period, onChange, onRemove }: PeriodRowProps) {
  const isKnown = keys.some(({ key }) => key === period.key)
  const facet = useKeyFacet(collection, isKnown ? period.key : '')
  const isNoDate =
    facet?.kind === 'values' ? facet.values.every(({ value }) => parseTime(value) === null) : facet !== undefined && facet.scale !== 'date'
  const problem = isNoDate ? 'The values of this key are not read as dates.' : problemOf(period)
  return (
    <div className="flex flex-col gap-0.5">
      <div className="flex items-center gap-1.5">
        <SuggestInput
          value={period.key}
          onValueChange={(key) => onChange({ ...period, key })}
          suggestions={keys.map(({ key }) => ({ value: key, hint: isTimeKey(key) ? 'date' : '' }))}
          label="Metadata key of the dates"
          placeholder="Key"
          className="numeric w-40"
        />
        <IconButton label="Remove this period" icon={<X aria-hidden="true" />} onClick={onRemove} />
      </div>
      <div className="flex flex-wrap items-center gap-1.5 text-small text-ink-muted">
        from
        <DateTimeInput label="From" initial={period.from} onTime={(from) => onChange({ ...period, from })} />
        to before
        <DateTimeInput label="To before" initial={period.to} onTime={(to) => onChange({ ...period, to })} />
      </div>
      {problem !== null && period.key !== '' && <p className="text-small text-ink-faint">{problem}</p>}
    </div>
  )
}

/** Periods of dates kept as text, which Chroma's own filter cannot compare. Unfinished rows stay here and are not applied. */
export function PeriodBuilder({ collection, keys, periods, onPeriods }: PeriodBuilderProps) {
  const [drafts, setDrafts] = useState(() => periods.map(drafted))
  const last = useRef(encode(periods))
  useEffect(() => {
    if (last.current === encode(periods)) return
    last.current = encode(periods)
    setDrafts(periods.map(drafted))
  }, [periods])

  const textKeys = keys
    .filter(({ types }) => types.some(({ type }) => type.startsWith('string')))
    .toSorted((a, b) => Number(isTimeKey(b.key)) - Number(isTimeKey(a.key)))
  const change = (next: DraftPeriod[]) => {
    setDrafts(next)
    const read = finished(next)
    if (last.current === encode(read)) return
    last.current = encode(read)
    onPeriods(read)
  }
  if (textKeys.length === 0 && drafts.length === 0) return null
  return (
    <fieldset className="flex min-w-0 flex-col gap-1.5">
      <legend className="pb-1 text-small text-ink-muted">Dates kept as text</legend>
      {drafts.map((period) => (
        <PeriodRow
          key={period.id}
          collection={collection}
          keys={textKeys}
          period={period}
          onChange={(next) => change(drafts.map((each) => (each.id === next.id ? next : each)))}
          onRemove={() => change(drafts.filter(({ id }) => id !== period.id))}
        />
      ))}
      <div className="-ml-2 flex gap-1">
        <Button
          size="small"
          variant="ghost"
          icon={<Plus aria-hidden="true" />}
          onClick={() => setDrafts([...drafts, drafted({ key: '', from: null, to: null })])}
        >
          Between dates
        </Button>
      </div>
    </fieldset>
  )
}
