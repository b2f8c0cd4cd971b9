import { X } from 'lucide-react'
import { useCallback, useEffect, useRef, useState } from 'react'
import type { CollectionRef, MetadataKey } from '../../../shared/contract/collections.ts'
import { encode } from '../../../shared/rpc/codec.ts'
import { sameWhere } from '../../../shared/domain/where-edit.ts'
import { periodsBeyondChroma } from '../../../shared/domain/period.ts'
import { parseWhere, parseWhereDocument, printWhere, printWhereDocument } from '../../../shared/domain/where-json.ts'
import { setsBeyondChroma, type Filter, type WhereDocument } from '../../../shared/domain/where.ts'
import { cx } from '../../ui/cx.ts'
import { IconButton } from '../../ui/icon-button.tsx'
import { Segmented } from '../../ui/segmented.tsx'
import { DocumentBuilder } from './builder/document-builder.tsx'
import { PeriodBuilder } from './builder/period-builder.tsx'
import { WhereBuilder } from './builder/where-builder.tsx'
import { FilterJson } from './editor/filter-json.tsx'
import type { JsonContext } from './editor/json-context.ts'
import { suggestWhere, suggestWhereDocument } from './editor/suggest.ts'
import { useValuesOf } from './use-key-values.ts'

interface FilterPanelProps {
  readonly collection: CollectionRef
  readonly keys: readonly MetadataKey[]
  readonly filter: Filter
  readonly onFilter: (filter: Filter) => void
  readonly onClose: () => void
}

function sameWhereDocument(first: WhereDocument | null, second: WhereDocument | null): boolean {
  return encode(first) === encode(second)
}

const printPretty = (where: Filter['where']) => printWhere(where, 'pretty')
const printPrettyDocument = (filter: WhereDocument | null) => printWhereDocument(filter, 'pretty')

/** How long writing rests before the list follows, in milliseconds. */
const rest = 300

/** The filter as it is written now; it is handed on once writing rests, and follows changes made elsewhere. */
function useWrittenFilter(filter: Filter, onFilter: (filter: Filter) => void): [Filter, (filter: Filter) => void] {
  const [written, setWritten] = useState(filter)
  const inForce = encode(filter)
  const handedOn = useRef(inForce)
  const latest = useRef({ filter, onFilter, written })
  useEffect(() => {
    latest.current = { filter, onFilter, written }
  })

  useEffect(() => {
    if (handedOn.current === inForce) return
    handedOn.current = inForce
    setWritten(latest.current.filter)
  }, [inForce])
  useEffect(() => {
    const text = encode(written)
    if (text === handedOn.current) return
    const timer = setTimeout(() => {
      handedOn.current = text
      latest.current.onFilter(written)
    }, rest)
    return () => clearTimeout(timer)
  }, [written])
  // Closing the panel hands on what was written last.
  useEffect(
    () => () => {
      const { written: last, onFilter: handOn } = latest.current
      if (encode(last) !== handedOn.current) handOn(last)
    },
    [],
  )

  return [written, setWritten]
}

/** The filter twice, as rows to click together and as Chroma's JSON; what is written on one side appears on the other. */
export function FilterPanel({ collection, keys, filter: filterInForce, onFilter, onClose }: FilterPanelProps) {
  const [filter, setFilter] = useWrittenFilter(filterInForce, onFilter)
  const [narrowView, setNarrowView] = useState<'builder' | 'json'>('builder')
  const valuesOf = useValuesOf(collection)
  const suggest = useCallback((context: JsonContext) => suggestWhere(context, keys, valuesOf), [keys, valuesOf])
  const setWhere = (where: Filter['where']) => setFilter({ ...filter, where })
  const setWhereDocument = (whereDocument: WhereDocument | null) => setFilter({ ...filter, whereDocument })

  return (
    <section aria-label="Filter" className="@container shrink-0 border-t border-line bg-sunken">
      <div className="relative grid grid-cols-1 items-center gap-6 px-3 pt-2 pr-10 @2xl:grid-cols-2">
        <div className="@2xl:hidden">
          <Segmented
            size="small"
            label="How the filter is written"
            value={narrowView}
            onValueChange={setNarrowView}
            options={[
              { value: 'builder', label: 'Builder' },
              { value: 'json', label: 'JSON' },
            ]}
          />
        </div>
        <h2 className="hidden text-small font-strong @2xl:block">Builder</h2>
        <h2 className="hidden text-small font-strong @2xl:block">Chroma JSON</h2>
        <IconButton
          size="small"
          label="Close the filter panel"
          shortcut="f"
          icon={<X aria-hidden="true" />}
          onClick={onClose}
          className="absolute top-1.5 right-2"
        />
      </div>
      <div className="grid max-h-[40vh] grid-cols-1 gap-6 overflow-y-auto px-3 pt-1.5 pr-10 pb-3 @2xl:grid-cols-2">
        <div className={cx('min-w-0 flex-col gap-3 @2xl:flex', narrowView === 'builder' ? 'flex' : 'hidden')}>
          <fieldset className="flex min-w-0 flex-col gap-1.5">
            <legend className="pb-1 text-small text-ink-muted">Metadata</legend>
            <WhereBuilder collection={collection} keys={keys} where={filter.where} onWhere={setWhere} />
          </fieldset>
          <fieldset className="flex min-w-0 flex-col gap-1.5">
            <legend className="pb-1 text-small text-ink-muted">Document</legend>
            <DocumentBuilder filter={filter.whereDocument} onFilter={setWhereDocument} />
          </fieldset>
          <PeriodBuilder
            collection={collection}
            keys={keys}
            periods={filter.periods}
            onPeriods={(periods) => setFilter({ ...filter, periods })}
          />
        </div>
        <div className={cx('min-w-0 flex-col gap-3 @2xl:flex', narrowView === 'json' ? 'flex' : 'hidden')}>
          <div className="flex min-h-24 flex-1 flex-col gap-1">
            <span className="numeric text-ink-muted">where</span>
            <FilterJson
              label="where, as Chroma JSON"
              placeholder={'{"key": "value"}'}
              tree={filter.where}
              parse={parseWhere}
              print={printPretty}
              isSame={sameWhere}
              suggest={suggest}
              onTree={setWhere}
            />
          </div>
          <div className="flex min-h-16 flex-col gap-1">
            <span className="numeric text-ink-muted">where_document</span>
            <FilterJson
              label="where_document, as Chroma JSON"
              placeholder={'{"$contains": "text"}'}
              tree={filter.whereDocument}
              parse={parseWhereDocument}
              print={printPrettyDocument}
              isSame={sameWhereDocument}
              suggest={suggestWhereDocument}
              onTree={setWhereDocument}
            />
          </div>
          {filter.set !== null && (
            <p className="text-small text-ink-muted">
              The saved set is not part of the JSON. {setsBeyondChroma.message} {setsBeyondChroma.remedy}
            </p>
          )}
          {filter.periods.length > 0 && (
            <p className="text-small text-ink-muted">
              The periods are not part of the JSON. {periodsBeyondChroma.message} {periodsBeyondChroma.remedy}
            </p>
          )}
        </div>
      </div>
    </section>
  )
}
