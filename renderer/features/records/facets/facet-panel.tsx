import { ChevronRight, PanelLeftClose } from 'lucide-react'
import { useState } from 'react'
import type { MetadataKey } from '../../../../shared/contract/collections.ts'
import type { Facet, RecordView } from '../../../../shared/contract/records.ts'
import { facetPeriod, facetRangeFilter } from '../../../../shared/domain/facet-filter.ts'
import type { MetadataScalar } from '../../../../shared/domain/metadata.ts'
import { periodOf, withPeriod, type Period } from '../../../../shared/domain/period.ts'
import type { Filter } from '../../../../shared/domain/where.ts'
import { addClause, boundsOf, pickedValues, replaceBounds, togglePicked } from '../../../../shared/domain/where-edit.ts'
import { describeError } from '../../../lib/describe-error.ts'
import { formatQuantity } from '../../../lib/format.ts'
import { visibleString } from '../../../lib/visible-text.ts'
import { cx } from '../../../ui/cx.ts'
import { IconButton } from '../../../ui/icon-button.tsx'
import { SkeletonLines } from '../../../ui/skeleton.tsx'
import { SearchInput } from '../../../ui/search-input.tsx'
import { UntrustedText } from '../../../ui/untrusted-text.tsx'
import { facetKeys, opensAtFirst } from './facet-keys.ts'
import { RangeFacet } from './range-facet.tsx'
import { useFacet } from './use-facet.ts'
import { ValueFacet } from './value-facet.tsx'

interface FacetPanelProps {
  readonly keys: readonly MetadataKey[]
  readonly view: RecordView
  readonly onFilter: (filter: Filter) => void
  readonly onClose: () => void
}

const valuesAtFirst = 50
const valuesAtMost = 200

/** A bound as the facet counts it: dates in milliseconds since 1970. */
function onScale(facet: Facet & { kind: 'range' }, value: MetadataScalar | null): number | null {
  if (typeof value !== 'bigint' && typeof value !== 'number') return null
  return facet.encoding === 'epoch-seconds' ? Number(value) * 1000 : Number(value)
}

interface FacetBodyProps {
  readonly metadataKey: string
  readonly view: RecordView
  readonly onFilter: (filter: Filter) => void
}

function FacetBody({ metadataKey, view, onFilter }: FacetBodyProps) {
  const [values, setValues] = useState(valuesAtFirst)
  const { data: facet, error, isPlaceholderData } = useFacet(view, metadataKey, values, true)
  const { where, periods } = view.filter
  const onWhere = (next: Filter['where']) => onFilter({ ...view.filter, where: next })
  const onPeriod = (next: Period | null) => onFilter({ ...view.filter, periods: withPeriod(periods, metadataKey, next) })
  if (error !== null) return <p className="px-1.5 text-small text-wrong">{describeError(error).message}</p>
  if (facet === undefined) return <SkeletonLines count={3} className="px-1.5 py-1" />
  const bounds = boundsOf(where, metadataKey)
  return (
    <div aria-busy={isPlaceholderData} className={cx(isPlaceholderData && 'opacity-70')}>
      {facet.kind === 'values' ? (
        <ValueFacet
          facet={facet}
          picked={pickedValues(where, metadataKey)}
          onToggle={(value) => onWhere(togglePicked(where, metadataKey, value))}
          onExclude={(value) => onWhere(addClause(where, { kind: 'compare', key: metadataKey, operator: '$ne', value }))}
          onMore={facet.others > 0 && values < valuesAtMost ? () => setValues(valuesAtMost) : null}
        />
      ) : facet.encoding === 'iso-text' ? (
        <RangeFacet
          facet={facet}
          bounds={periodOf(periods, metadataKey) ?? { from: null, to: null }}
          onPick={(from, to, includeUpper) => onPeriod(facetPeriod(facet, from, to, includeUpper))}
          onClear={() => onPeriod(null)}
        />
      ) : (
        <RangeFacet
          facet={facet}
          bounds={{ from: onScale(facet, bounds.from), to: onScale(facet, bounds.to) }}
          onPick={(from, to, includeUpper) => onWhere(replaceBounds(where, metadataKey, facetRangeFilter(facet, from, to, includeUpper)))}
          onClear={() => onWhere(replaceBounds(where, metadataKey, null))}
        />
      )}
      {facet.missing > 0 && (
        <p className="px-1.5 pt-0.5 text-small text-ink-faint" title="Chroma has no filter for a missing key.">
          {formatQuantity(facet.missing, 'record')} without this key
        </p>
      )}
    </div>
  )
}

function isPicked({ where, periods }: Filter, key: string): boolean {
  const bounds = boundsOf(where, key)
  return pickedValues(where, key).length > 0 || periodOf(periods, key) !== null || bounds.from !== null || bounds.to !== null
}

/** The metadata keys of a collection with their values, counted for the current filter. */
export function FacetPanel({ keys, view, onFilter, onClose }: FacetPanelProps) {
  const [search, setSearch] = useState('')
  const [unfolded, setUnfolded] = useState<ReadonlyMap<string, boolean>>(new Map())
  const ordered = facetKeys(keys)
  const wanted = search.trim().toLowerCase()
  const shown = ordered.filter(({ key }) => wanted === '' || key.toLowerCase().includes(wanted))

  return (
    <section aria-label="Facets" className="flex min-h-0 flex-1 flex-col bg-chrome">
      <header className="flex h-8 shrink-0 items-center gap-1 border-b border-line-strong pr-1 pl-3">
        <h2 className="flex-1 text-small font-strong">Facets</h2>
        <IconButton size="small" label="Hide facets" icon={<PanelLeftClose aria-hidden="true" />} onClick={onClose} />
      </header>
      <div className="min-h-0 flex-1 overflow-y-auto overscroll-contain px-2 py-2">
        {keys.length > 8 && <SearchInput size="small" value={search} onValueChange={setSearch} label="Search keys" className="mb-1" />}
        {keys.length === 0 && (
          <p className="px-1 text-small text-ink-muted">Records in this collection have no metadata, so there is nothing to count.</p>
        )}
        {shown.map((key, place) => {
          const isOpen = unfolded.get(key.key) ?? (opensAtFirst(key, place) || isPicked(view.filter, key.key))
          return (
            <section key={key.key} aria-label={visibleString(key.key)} className="border-b border-line py-1 last:border-b-0">
              <button
                type="button"
                aria-expanded={isOpen}
                onClick={() => setUnfolded((before) => new Map(before).set(key.key, !isOpen))}
                className="flex h-6 w-full items-center gap-1 rounded-sm px-0.5 text-left hover:bg-hover"
              >
                <ChevronRight
                  aria-hidden="true"
                  className={cx('size-3 shrink-0 text-ink-faint transition-transform duration-100', isOpen && 'rotate-90')}
                />
                <span className="numeric min-w-0 flex-1 truncate text-ink">
                  <UntrustedText text={key.key} limit={120} />
                </span>
                <span className="text-small text-ink-faint">{key.types.map(({ type }) => type).join(', ')}</span>
              </button>
              {isOpen && (
                <div className="pt-0.5 pb-1 pl-2.5">
                  <FacetBody metadataKey={key.key} view={view} onFilter={onFilter} />
                </div>
              )}
            </section>
          )
        })}
        {keys.length > ordered.length && (
          <p className="px-1 pt-2 text-small text-ink-faint">
            {formatQuantity(keys.length - ordered.length, 'more key', 'more keys')} not shown.
          </p>
        )}
      </div>
    </section>
  )
}
