import { ChevronRight, Cloud, Database, FlaskConical, HardDrive, History, Layers, Server, TriangleAlert, Users } from 'lucide-react'
import type { CollectionSummary } from '../../../../shared/contract/collections.ts'
import { formatBytes, formatCount, formatQuantity } from '../../../lib/format.ts'
import { cx } from '../../../ui/cx.ts'
import { MiddleText } from '../../../ui/middle-text.tsx'
import { Skeleton } from '../../../ui/skeleton.tsx'
import type { TreeRow } from './tree.ts'

const kindIcons = { directory: HardDrive, server: Server, cloud: Cloud }

function CollectionFacts({ collection }: { collection: CollectionSummary }) {
  return (
    <>
      {collection.problem !== null && <TriangleAlert aria-hidden="true" className="size-3.5 shrink-0 text-ink" />}
      <span className="hidden shrink-0 text-small text-ink-faint @min-[13rem]:inline">
        {collection.dimension !== null && `${collection.dimension} `}
        {collection.space}
      </span>
      {collection.bytes !== null && (
        <span className="hidden w-16 shrink-0 text-right text-small text-ink-faint @min-[20rem]:inline">
          {formatBytes(collection.bytes)}
        </span>
      )}
      <span className="numeric min-w-9 shrink-0 text-right text-ink-muted">
        {collection.count === null ? '–' : formatCount(collection.count)}
      </span>
    </>
  )
}

function RowContent({ row }: { row: TreeRow }) {
  switch (row.kind) {
    case 'connection': {
      const Icon = row.connection.isSample ? FlaskConical : kindIcons[row.connection.kind]
      return (
        <>
          <Icon aria-hidden="true" className="size-3.5 shrink-0 text-ink-muted" />
          <MiddleText text={row.connection.title} className="flex-1 font-strong" />
          {row.problems > 0 && <TriangleAlert aria-hidden="true" className="size-3.5 shrink-0 text-ink" />}
        </>
      )
    }
    case 'tenant':
    case 'database': {
      const Icon = row.kind === 'tenant' ? Users : Database
      return (
        <>
          <Icon aria-hidden="true" className="size-3.5 shrink-0 text-ink-faint" />
          <MiddleText text={row.name} className="flex-1 text-ink-muted" />
          {row.expanded === null && <span className="shrink-0 text-small text-ink-faint">empty</span>}
        </>
      )
    }
    case 'collection':
      return (
        <>
          <Layers aria-hidden="true" className="size-3.5 shrink-0 text-ink-faint" />
          <MiddleText text={row.collection.name} className="flex-1" />
          <CollectionFacts collection={row.collection} />
        </>
      )
    case 'history':
      return (
        <>
          <History aria-hidden="true" className="size-3.5 shrink-0 text-ink-faint" />
          <span className="truncate">History</span>
        </>
      )
    case 'loading':
      return <Skeleton className="w-2/3" />
    case 'empty':
      return <span className="truncate text-ink-faint">No collections</span>
    case 'no-match':
      return <span className="truncate text-ink-faint">No collection has this in its name</span>
    case 'error':
      return <span className="truncate text-wrong">{row.message}</span>
  }
}

/** What a line is called by screen readers, and shown as its tooltip. */
function nameOf(row: TreeRow): string {
  switch (row.kind) {
    case 'connection':
      return row.problems > 0
        ? `${row.connection.title}, ${row.connection.location}, ${formatQuantity(row.problems, 'finding')}`
        : `${row.connection.title}, ${row.connection.location}`
    case 'tenant':
    case 'database':
      return `${row.kind} ${row.name}${row.expanded === null ? ', empty' : ''}`
    case 'collection': {
      const { name, count, dimension, space, bytes, problem } = row.collection
      const facts = [
        count === null ? 'count unknown' : formatQuantity(count, 'record'),
        dimension === null ? null : `dimension ${dimension}`,
        space,
        bytes === null ? null : formatBytes(bytes),
        problem,
      ]
      return [name, ...facts.filter((fact) => fact !== null)].join(', ')
    }
    case 'history':
      return 'History of changes'
    case 'loading':
      return 'Loading'
    case 'empty':
      return 'No collections'
    case 'no-match':
      return 'No collection has this in its name'
    case 'error':
      return row.message
  }
}

export interface TreeRowViewProps {
  row: TreeRow
  /** Its place among all lines. */
  place: number
  id: string
  /** The line that the address names. */
  selected: boolean
  /** The line that the keyboard is on. */
  active: boolean
  onToggle: () => void
  onOpen: () => void
}

/** One line of the sidebar. */
export function TreeRowView({ row, place, id, selected, active, onToggle, onOpen }: TreeRowViewProps) {
  const name = nameOf(row)
  return (
    <div
      id={id}
      role="treeitem"
      aria-level={row.level}
      aria-expanded={row.expanded ?? undefined}
      aria-selected={selected}
      aria-posinset={row.position}
      aria-setsize={row.siblings}
      data-place={place}
      title={name}
      onClick={(event) => {
        if (event.target instanceof Element && event.target.closest('[data-toggle]')) onToggle()
        else onOpen()
      }}
      className={cx(
        'row-height @container mx-1.5 flex items-center rounded-md pr-2 text-body transition-colors duration-75',
        selected ? 'bg-accent-soft text-accent' : 'hover:bg-hover',
        active && 'group-focus-visible/tree:outline-2 group-focus-visible/tree:-outline-offset-2 group-focus-visible/tree:outline-accent',
      )}
      style={{ paddingLeft: 4 + (row.level - 1) * 12 }}
    >
      <span className="sr-only">{name}</span>
      <span aria-hidden="true" className="flex min-w-0 flex-1 items-center gap-1.5">
        <span
          data-toggle={row.expanded === null ? undefined : ''}
          className={cx(
            'flex size-4 shrink-0 items-center justify-center rounded-sm text-ink-faint',
            row.expanded !== null && 'hover:bg-pressed',
          )}
        >
          {row.expanded !== null && (
            <ChevronRight className={cx('size-3 transition-transform duration-100', row.expanded && 'rotate-90')} />
          )}
        </span>
        <RowContent row={row} />
      </span>
    </div>
  )
}
