import { useQuery } from '@tanstack/react-query'
import { X } from 'lucide-react'
import type { CollectionRef } from '../../../shared/contract/collections.ts'
import { removeClauseAt, topClauses } from '../../../shared/domain/where-edit.ts'
import type { Filter, WhereDocument } from '../../../shared/domain/where.ts'
import { useClient } from '../../lib/client-context.tsx'
import { visibleString } from '../../lib/visible-text.ts'
import { Button } from '../../ui/button.tsx'
import { UntrustedText } from '../../ui/untrusted-text.tsx'
import { describePeriod, describeWhere, describeWhereDocument, type ClauseWords } from '../../lib/describe-clause.ts'

interface FilterChipsProps {
  readonly collection: CollectionRef
  readonly filter: Filter
  readonly onFilter: (filter: Filter) => void
  readonly onEdit: () => void
}

interface ChipProps {
  readonly words: ClauseWords
  /** Null for what is not written in the panel. */
  readonly onEdit: (() => void) | null
  readonly onRemove: () => void
}

function Chip({ words, onEdit, onRemove }: ChipProps) {
  const text = visibleString([words.key, words.sign, words.value].filter((part) => part !== '').join(' '))
  return (
    <li className="flex h-6 max-w-96 items-center rounded-sm border border-accent-line bg-accent-soft text-small text-ink">
      <button
        type="button"
        onClick={onEdit ?? undefined}
        disabled={onEdit === null}
        title={text}
        aria-label={onEdit === null ? text : `Edit: ${text}`}
        className="flex h-full min-w-0 items-center gap-1 rounded-l-sm pl-2 pr-1 enabled:hover:text-accent"
      >
        {words.key !== '' && (
          <span className="numeric min-w-0 shrink-0 truncate">
            <UntrustedText text={words.key} limit={60} />
          </span>
        )}
        {words.sign !== '' && <span className="shrink-0 text-ink-muted">{words.sign}</span>}
        <span className="min-w-0 truncate">
          <UntrustedText text={words.value} limit={120} />
        </span>
      </button>
      <button
        type="button"
        aria-label={`Remove: ${text}`}
        onClick={onRemove}
        className="flex h-full w-5 items-center justify-center rounded-r-sm text-ink-muted hover:text-ink"
      >
        <X aria-hidden="true" className="size-3" />
      </button>
    </li>
  )
}

function documentClauses(filter: WhereDocument | null): WhereDocument[] {
  if (filter === null) return []
  return filter.kind === 'and' ? filter.clauses : [filter]
}

function withoutDocumentClause(filter: WhereDocument | null, index: number): WhereDocument | null {
  const left = documentClauses(filter).filter((_, at) => at !== index)
  const [first, second] = left
  if (first === undefined) return null
  return second === undefined ? first : { kind: 'and', clauses: left }
}

/** The saved set that is shown, by its name. */
function SetChip({ collection, id, onRemove }: { collection: CollectionRef; id: string; onRemove: () => void }) {
  const client = useClient()
  const { data } = useQuery(client.query('sets.list', collection))
  const name = data?.find((each) => each.id === id)?.name
  const value = name === undefined ? (data === undefined ? '…' : 'that is no longer kept') : `“${name}”`
  return <Chip words={{ key: '', sign: 'in the set', value }} onEdit={null} onRemove={onRemove} />
}

/** The conditions in force, each with a way to take it out. */
export function FilterChips({ collection, filter, onFilter, onEdit }: FilterChipsProps) {
  return (
    <div className="flex shrink-0 flex-wrap items-center gap-1.5 px-3 pb-2">
      <ul aria-label="Conditions in force" className="contents">
        {topClauses(filter.where).map((clause, index) => (
          <Chip
            key={index}
            words={describeWhere(clause)}
            onEdit={onEdit}
            onRemove={() => onFilter({ ...filter, where: removeClauseAt(filter.where, index) })}
          />
        ))}
        {documentClauses(filter.whereDocument).map((clause, index) => (
          <Chip
            key={`document ${index}`}
            words={describeWhereDocument(clause)}
            onEdit={onEdit}
            onRemove={() => onFilter({ ...filter, whereDocument: withoutDocumentClause(filter.whereDocument, index) })}
          />
        ))}
        {filter.periods.map((period) => (
          <Chip
            key={`period ${period.key}`}
            words={describePeriod(period)}
            onEdit={onEdit}
            onRemove={() => onFilter({ ...filter, periods: filter.periods.filter((each) => each !== period) })}
          />
        ))}
        {filter.set !== null && <SetChip collection={collection} id={filter.set} onRemove={() => onFilter({ ...filter, set: null })} />}
      </ul>
      <Button
        size="small"
        variant="ghost"
        onClick={() => onFilter({ ...filter, where: null, whereDocument: null, periods: [], set: null })}
      >
        Clear
      </Button>
    </div>
  )
}
