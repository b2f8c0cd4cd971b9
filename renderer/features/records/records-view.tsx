import { Braces, Copy, FilterX, Inbox, ListFilter, Pencil, Plus, SearchX } from 'lucide-react'
import { useCallback, useMemo, useRef, type ReactNode } from 'react'
import { useQuery } from '@tanstack/react-query'
import { z } from 'zod'
import type { CollectionRef, MetadataKey } from '../../../shared/contract/collections.ts'
import type { RecordView, Sort } from '../../../shared/contract/records.ts'
import type { MetadataScalar } from '../../../shared/domain/metadata.ts'
import type { ProfileMapping } from '../../../shared/domain/profiles/profile.ts'
import { addClause, pickedValues, togglePicked } from '../../../shared/domain/where-edit.ts'
import { isUnfiltered, noFilter, type Filter } from '../../../shared/domain/where.ts'
import { useClient } from '../../lib/client-context.tsx'
import { useCommands } from '../../lib/commands.ts'
import { idsScope } from '../../lib/editing/named-scopes.ts'
import { useStagedEdits } from '../../lib/editing/staged-edits.ts'
import { useEditing } from '../../lib/editing/use-editing.ts'
import { formatCount, formatQuantity } from '../../lib/format.ts'
import { QueryError } from '../../lib/query-error.tsx'
import { StatusContent } from '../../lib/slots.tsx'
import { useIsNarrower } from '../../lib/use-is-narrower.ts'
import { useStoredState } from '../../lib/use-stored-state.ts'
import { Button } from '../../ui/button.tsx'
import { EmptyState } from '../../ui/empty-state.tsx'
import { IconButton } from '../../ui/icon-button.tsx'
import { Menu } from '../../ui/menu.tsx'
import { Panel, PanelHandle, Panels } from '../../ui/panels.tsx'
import { toast } from '../../ui/toast.tsx'
import { ColumnMenu } from './columns/column-menu.tsx'
import { hideColumn, layoutOf, moveColumn, nudgeColumn, resizeColumn, type PlacedColumn } from './columns/layout.ts'
import { useTableLayout } from './columns/use-table-layout.ts'
import { FacetPanel } from './facets/facet-panel.tsx'
import { GridSkeleton } from './grid/grid-skeleton.tsx'
import { RecordTable, type RecordTableHandle } from './grid/record-table.tsx'
import { useShownView } from './grid/use-record-pages.ts'
import { useCopy, type CopyFormat } from './selection/use-copy.ts'
import { useRecordChanges } from './selection/use-record-changes.tsx'
import { useSelectionInView } from './selection/use-selection-in-view.ts'

interface RecordsViewProps {
  readonly collection: CollectionRef
  readonly view: RecordView
  readonly keys: readonly MetadataKey[]
  readonly mapping: ProfileMapping
  /** Number of records in the collection, null where unknown. */
  readonly total: number | null
  readonly openId: string | null
  readonly onOpen: (id: string | null) => void
  readonly onSort: (sort: Sort) => void
  readonly onFilter: (filter: Filter) => void
  readonly onFindSimilar: (id: string) => void
  /** Controls of the filter; they get the buttons of the table at their end. */
  readonly renderToolbar: (trailing: ReactNode) => ReactNode
}

const rowHeights = { compact: 28, comfortable: 36 }

/** The records of a collection: tool bar, facets and table. */
export function RecordsView({
  collection,
  view,
  keys,
  mapping,
  total,
  openId,
  onOpen,
  onSort,
  onFilter,
  onFindSimilar,
  renderToolbar,
}: RecordsViewProps) {
  const client = useClient()
  const table = useRef<RecordTableHandle>(null)
  const { data: preferences } = useQuery(client.query('settings.preferences', {}))
  const rowHeight = rowHeights[preferences?.density ?? 'compact']
  const page = useRef<HTMLDivElement>(null)
  const isNarrow = useIsNarrower(page, 720)
  const isTight = useIsNarrower(page, 800)
  const [wideFacets, setWideFacets] = useStoredState('records:facets', z.boolean(), true)
  const [narrowFacets, setNarrowFacets] = useStoredState('records:facets-narrow', z.boolean(), false)
  const showsFacets = keys.length > 0 && (isNarrow ? narrowFacets : wideFacets)
  const setShowsFacets = isNarrow ? setNarrowFacets : setWideFacets
  const { shown, isUpdating, error, retry, isRetrying } = useShownView(view)
  const { selection, count: selected, setSelection } = useSelectionInView(collection, shown)
  const layout = useTableLayout(collection, keys, mapping, total ?? 0)
  const copy = useCopy(shown?.view ?? view, selection)
  const { data: located } = useQuery({
    ...client.query('records.locate', { view: shown?.view ?? view, id: openId ?? '' }),
    enabled: shown !== null && openId !== null,
  })

  const filtered = !isUnfiltered(view.filter)
  const { ask } = useEditing(collection.connectionId)
  const { edits: staged } = useStagedEdits(collection)
  const { entries: changeEntries, commands: changeCommands, addRecord } = useRecordChanges(collection, shown, selection)
  const copyAs = useCallback((format: CopyFormat) => (selected === 0 ? undefined : copy.mutate(format)), [selected, copy])
  const copyText = useCallback((text: string) => {
    void navigator.clipboard.writeText(text).then(() => toast({ key: 'copied', message: 'Copied.' }))
  }, [])
  const setWhere = useCallback((where: Filter['where']) => onFilter({ ...view.filter, where }), [onFilter, view.filter])
  const clearFilter = useCallback(() => onFilter(noFilter), [onFilter])

  const latestColumns = useRef<readonly PlacedColumn[]>([])
  const { place, setLayout } = layout
  const columnsFor = useCallback(
    (width: number) => {
      latestColumns.current = place(width)
      return latestColumns.current
    },
    [place],
  )
  const columnActions = useMemo(() => {
    const now = () => layoutOf(latestColumns.current)
    return {
      onResize: (id: string, width: number) => setLayout(resizeColumn(now(), id, width)),
      onMove: (id: string, target: string) => setLayout(moveColumn(now(), id, target)),
      onNudge: (id: string, steps: number) => setLayout(nudgeColumn(now(), id, steps)),
      onHide: (id: string) => {
        if (latestColumns.current.length > 1) setLayout(hideColumn(now(), id))
      },
    }
  }, [setLayout])

  useCommands([
    { id: 'records.next', title: 'Next record', group: 'Records', shortcut: 'j', keyboardOnly: true, run: () => table.current?.step(1) },
    {
      id: 'records.previous',
      title: 'Previous record',
      group: 'Records',
      shortcut: 'k',
      keyboardOnly: true,
      run: () => table.current?.step(-1),
    },
    { id: 'records.table', title: 'Go to the table', group: 'Records', shortcut: 'g t', run: () => table.current?.focus() },
    {
      id: 'records.facets',
      title: showsFacets ? 'Hide facets' : 'Show facets',
      group: 'Records',
      shortcut: 'g f',
      run: () => setShowsFacets(!showsFacets),
    },
    ...changeCommands,
    ...(filtered ? [{ id: 'records.clear-filter', title: 'Clear the filter', group: 'Records', run: clearFilter }] : []),
    ...(selected > 0
      ? (['json', 'jsonl', 'csv'] as const).map((format) => ({
          id: `records.copy-${format}`,
          title: `Copy ${formatQuantity(selected, 'selected record')} as ${format.toUpperCase()}`,
          group: 'Records',
          run: () => copyAs(format),
        }))
      : []),
  ])

  const isEmpty = shown?.total === 0 && !isUpdating

  const copyLabel = selected === 0 ? 'Copy: nothing is selected' : `Copy ${formatQuantity(selected, 'record')}`
  const buttons = (
    <>
      <Menu
        align="end"
        trigger={
          isTight ? (
            <IconButton label="Change records" icon={<Pencil aria-hidden="true" />} />
          ) : (
            <Button variant="ghost" icon={<Pencil aria-hidden="true" />} aria-label="Change records">
              Change
            </Button>
          )
        }
        entries={changeEntries}
      />
      <Menu
        align="end"
        trigger={
          isTight ? (
            <IconButton label={copyLabel} icon={<Copy aria-hidden="true" />} disabled={selected === 0 || copy.isPending} />
          ) : (
            <Button
              variant="ghost"
              icon={<Copy aria-hidden="true" />}
              disabled={selected === 0}
              busy={copy.isPending}
              aria-label={copyLabel}
            >
              {selected === 0 ? 'Copy' : `Copy ${formatCount(selected)}`}
            </Button>
          )
        }
        entries={[
          { label: 'Copy as JSON', shortcut: 'mod+c', icon: <Braces aria-hidden="true" />, onSelect: () => copyAs('json') },
          { label: 'Copy as JSONL', onSelect: () => copyAs('jsonl') },
          { label: 'Copy as CSV', onSelect: () => copyAs('csv') },
        ]}
      />
      <IconButton
        label={showsFacets ? 'Hide facets' : 'Show facets'}
        shortcut="g f"
        pressed={showsFacets}
        disabled={keys.length === 0}
        icon={<ListFilter aria-hidden="true" />}
        onClick={() => setShowsFacets(!showsFacets)}
      />
      <ColumnMenu
        columns={layout.columns}
        layout={layout.isOwn || latestColumns.current.length === 0 ? layout.layout : layoutOf(latestColumns.current)}
        widthOf={layout.widthOf}
        onLayout={setLayout}
        onReset={layout.isOwn ? layout.reset : null}
      />
    </>
  )

  const content = () => {
    if (error !== null) {
      return (
        <QueryError
          error={error}
          onRetry={retry}
          retrying={isRetrying}
          actions={filtered ? <Button onClick={clearFilter}>Clear the filter</Button> : undefined}
        />
      )
    }
    if (shown === null || layout.isPending) return <GridSkeleton rowHeight={rowHeight} />
    if (isEmpty && filtered) {
      return (
        <EmptyState
          icon={<SearchX />}
          title="No record matches"
          action={
            <Button icon={<FilterX aria-hidden="true" />} onClick={clearFilter}>
              Clear the filter
            </Button>
          }
        >
          {total === null
            ? 'The filter leaves nothing of this collection.'
            : `The filter leaves nothing of ${formatQuantity(total, 'record')}.`}{' '}
          Chroma compares case and type: the integer 3, the float 3.0 and the text “3” differ.
        </EmptyState>
      )
    }
    if (isEmpty) {
      return (
        <EmptyState
          icon={<Inbox />}
          title="This collection is empty"
          action={
            <Button icon={<Plus aria-hidden="true" />} onClick={addRecord}>
              Add a record…
            </Button>
          }
        >
          Records that a program adds to it appear here after a refresh.
        </EmptyState>
      )
    }
    return (
      <RecordTable
        ref={table}
        shown={shown}
        isUpdating={isUpdating}
        columns={columnsFor}
        rowHeight={rowHeight}
        selection={selection}
        onSelection={setSelection}
        openId={openId}
        openIndex={located?.index ?? null}
        onOpen={onOpen}
        onSort={onSort}
        onCopy={() => copyAs('json')}
        onCopyText={copyText}
        onFindSimilar={onFindSimilar}
        staged={staged}
        onDuplicate={(id) => ask({ kind: 'add', collection, from: id })}
        onDelete={(id) => ask({ kind: 'delete', collection, records: idsScope([id], 'this record') })}
        onPick={(key: string, value: MetadataScalar) => {
          const isPicked = pickedValues(view.filter.where, key).includes(value)
          if (!isPicked) setWhere(togglePicked(view.filter.where, key, value))
        }}
        onExclude={(key: string, value: MetadataScalar) =>
          setWhere(addClause(view.filter.where, { kind: 'compare', key, operator: '$ne', value }))
        }
        {...columnActions}
      />
    )
  }

  return (
    <div ref={page} className="flex min-h-0 min-w-0 flex-1 flex-col">
      {renderToolbar(buttons)}
      <Panels name="records" panelIds={showsFacets ? ['facets', 'table'] : ['table']} className="flex-1">
        {showsFacets && (
          <>
            <Panel id="facets" defaultSize={224} minSize={168} maxSize={420} fixed>
              <FacetPanel keys={keys} view={view} onFilter={onFilter} onClose={() => setShowsFacets(false)} />
            </Panel>
            <PanelHandle label="Width of the facets" />
          </>
        )}
        <Panel id="table" minSize={240}>
          {content()}
        </Panel>
      </Panels>
      <StatusContent>
        {shown !== null && filtered && !isUpdating && error === null && (
          <span>{`${formatCount(shown.total)} of ${formatQuantity(total ?? shown.total, 'record')} match`}</span>
        )}
      </StatusContent>
    </div>
  )
}
