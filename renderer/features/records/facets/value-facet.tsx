import { Ban, Check } from 'lucide-react'
import { useState } from 'react'
import type { Facet } from '../../../../shared/contract/records.ts'
import { formatScalar, type MetadataScalar } from '../../../../shared/domain/metadata.ts'
import { sameScalar } from '../../../../shared/domain/where-edit.ts'
import { formatCount, formatQuantity } from '../../../lib/format.ts'
import { visibleString } from '../../../lib/visible-text.ts'
import { Button } from '../../../ui/button.tsx'
import { cx } from '../../../ui/cx.ts'
import { IconButton } from '../../../ui/icon-button.tsx'
import { TextInput } from '../../../ui/text-input.tsx'
import { UntrustedText } from '../../../ui/untrusted-text.tsx'

type ValuesFacet = Facet & { kind: 'values' }

interface ValueFacetProps {
  readonly facet: ValuesFacet
  readonly picked: readonly MetadataScalar[]
  readonly onToggle: (value: MetadataScalar) => void
  readonly onExclude: (value: MetadataScalar) => void
  /** Asks for more values; null where all are shown or no more can be had. */
  readonly onMore: (() => void) | null
}

/** From this many values on, searching among them is worth an input. */
const searchFrom = 12
const shownAtFirst = 8

function textOf(value: MetadataScalar): string {
  return value === '' ? 'empty text' : formatScalar(value)
}

interface ValueLineProps {
  readonly value: MetadataScalar
  readonly count: number
  readonly largest: number
  readonly isPicked: boolean
  readonly onToggle: (value: MetadataScalar) => void
  readonly onExclude: (value: MetadataScalar) => void
}

function ValueLine({ value, count, largest, isPicked, onToggle, onExclude }: ValueLineProps) {
  const name = visibleString(textOf(value))
  return (
    <li className="group/value relative flex items-center">
      <button
        type="button"
        aria-pressed={isPicked}
        title={name}
        onClick={() => onToggle(value)}
        className={cx(
          'relative flex h-6 min-w-0 flex-1 items-center gap-2 overflow-hidden rounded-sm px-1.5 text-left text-small transition-colors -outline-offset-2 hover:bg-hover',
          isPicked ? 'text-accent' : 'text-ink',
        )}
      >
        <span
          aria-hidden="true"
          style={{ width: `${largest === 0 ? 0 : Math.max(1, (100 * count) / largest)}%` }}
          className={cx('absolute inset-y-0.5 left-0 rounded-sm', isPicked ? 'bg-accent-soft' : 'bg-hover')}
        />
        {isPicked && <Check aria-hidden="true" className="relative size-3 shrink-0" strokeWidth={2.5} />}
        <span className={cx('relative min-w-0 flex-1 truncate', typeof value !== 'string' && 'numeric', value === '' && 'text-ink-faint')}>
          <UntrustedText text={textOf(value)} limit={160} />
        </span>
        <span className="sr-only">, </span>
        <span className="numeric relative text-ink-muted group-focus-within/value:mr-5 group-hover/value:mr-5">{formatCount(count)}</span>
        <span className="sr-only"> {count === 1 ? 'record' : 'records'}</span>
      </button>
      <IconButton
        size="small"
        side="right"
        label={`Leave out ${name.slice(0, 60)}`}
        icon={<Ban aria-hidden="true" />}
        onClick={() => onExclude(value)}
        className="absolute right-0 size-5 opacity-0 group-focus-within/value:opacity-100 group-hover/value:opacity-100 [&_svg]:size-3"
      />
    </li>
  )
}

/** The values of a key with how many records have them. */
export function ValueFacet({ facet, picked, onToggle, onExclude, onMore }: ValueFacetProps) {
  const [search, setSearch] = useState('')
  const [isLong, setIsLong] = useState(false)
  const wanted = search.trim().toLowerCase()
  const unlisted = picked
    .filter((value) => !facet.values.some((each) => sameScalar(each.value, value)))
    .map((value) => ({ value, count: 0 }))
  const matching = [...unlisted, ...facet.values].filter(({ value }) => wanted === '' || textOf(value).toLowerCase().includes(wanted))
  const shown = isLong || wanted !== '' ? matching : matching.slice(0, shownAtFirst)
  const largest = Math.max(0, ...facet.values.map(({ count }) => count))
  const hidden = matching.length - shown.length

  return (
    <div className="flex flex-col gap-0.5">
      {facet.values.length >= searchFrom && (
        <TextInput
          size="small"
          value={search}
          onValueChange={setSearch}
          clearable
          aria-label={`Search values of ${visibleString(facet.key)}`}
          placeholder="Search values"
          className="mb-1"
        />
      )}
      {facet.values.length === 0 && picked.length === 0 && <p className="px-1.5 text-small text-ink-faint">No record here has this key.</p>}
      <ul className="flex flex-col">
        {shown.map(({ value, count }) => (
          <ValueLine
            key={`${typeof value} ${formatScalar(value)}`}
            value={value}
            count={count}
            largest={largest}
            isPicked={picked.some((each) => sameScalar(each, value))}
            onToggle={onToggle}
            onExclude={onExclude}
          />
        ))}
      </ul>
      {wanted !== '' && matching.length === 0 && <p className="px-1.5 text-small text-ink-faint">No listed value contains this.</p>}
      <div className="flex flex-wrap items-center gap-x-2">
        {(hidden > 0 || (isLong && onMore !== null)) && (
          <Button size="small" variant="ghost" onClick={() => (hidden > 0 ? setIsLong(true) : onMore?.())} className="px-1.5">
            {hidden > 0 ? `${formatCount(hidden)} more` : 'Load more'}
          </Button>
        )}
        {facet.others > 0 && (hidden === 0 || isLong) && (
          <span className="px-1.5 text-small text-ink-faint">{formatQuantity(facet.others, 'record')} with other values</span>
        )}
      </div>
    </div>
  )
}
