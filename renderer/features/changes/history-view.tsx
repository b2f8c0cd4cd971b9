import { useMutation, useQueries, useQuery } from '@tanstack/react-query'
import { History } from 'lucide-react'
import { useState } from 'react'
import { changesPageSize } from '../../../shared/contract/changes.ts'
import { useClient } from '../../lib/client-context.tsx'
import { collectionsOf } from '../../lib/collections-of.ts'
import { isInEffect, takesBack } from '../../lib/editing/change-effect.ts'
import { formatQuantity } from '../../lib/format.ts'
import type { HistorySearch } from '../../lib/history-search.ts'
import { QueryError } from '../../lib/query-error.tsx'
import { useDocumentTitle } from '../../lib/use-document-title.ts'
import { visibleString } from '../../lib/visible-text.ts'
import { Button } from '../../ui/button.tsx'
import { EmptyState } from '../../ui/empty-state.tsx'
import { Page } from '../../ui/page.tsx'
import { Select } from '../../ui/select.tsx'
import { SkeletonLines } from '../../ui/skeleton.tsx'
import { ChangeRow } from './change-row.tsx'
import { CutOffCallout } from './cut-off-callout.tsx'
import { ForgetDialog } from './forget-dialog.tsx'
import { SpaceUsed } from './space-used.tsx'

interface HistoryViewProps {
  readonly connectionId: string
  readonly search: HistorySearch
  readonly onSearchChange: (search: HistorySearch, options?: { replace?: boolean }) => void
}

const everything = ''

/** All changes of a store, newest first, with what each did and the way back. */
export function HistoryView({ connectionId, search, onSearchChange }: HistoryViewProps) {
  const client = useClient()
  const [pages, setPages] = useState(1)
  const [chosen, setChosen] = useState<ReadonlySet<string>>(new Set())
  const [isForgetting, setIsForgetting] = useState(false)
  const { data: catalog } = useQuery(client.query('collections.catalog', { connectionId }))
  const { data: status } = useQuery(client.query('editing.status', { connectionId }))
  const setLimit = useMutation(client.mutation('changes.setLimit'))
  const collectionId = search.collection ?? null
  const lists = useQueries({
    queries: Array.from({ length: pages }, (_, page) =>
      client.query('changes.list', { connectionId, collectionId, offset: page * changesPageSize, limit: changesPageSize }),
    ),
  })
  const [first] = lists
  useDocumentTitle('History')
  const changes = lists.flatMap(({ data }) => data?.changes ?? [])
  const byId = new Map(changes.map((change) => [change.id, change]))
  const forgettable = changes.filter(({ id, state }) => chosen.has(id) && state !== 'applying' && state !== 'cut-off')
  const total = first?.data?.total ?? 0
  const collections = catalog ? collectionsOf(catalog) : []
  const choose = (id: string, isChosen: boolean): void => {
    const ids = new Set(chosen)
    if (isChosen) ids.add(id)
    else ids.delete(id)
    setChosen(ids)
  }

  const content = () => {
    if (first?.error) return <QueryError error={first.error} onRetry={() => void first.refetch()} retrying={first.isFetching} />
    if (first?.data === undefined) {
      return (
        <div aria-busy="true">
          <SkeletonLines count={8} />
        </div>
      )
    }
    if (changes.length === 0) {
      return (
        <EmptyState icon={<History />} title="Nothing was changed yet" className="rounded-md border border-line">
          Edits, deletions and cleanups are listed here with what they replaced, and each can be taken back: today, or next week.
        </EmptyState>
      )
    }
    return (
      <>
        <ul aria-label="Changes" className="flex flex-col overflow-hidden rounded-md border border-line">
          {changes.map((change) => (
            <ChangeRow
              key={change.id}
              change={change}
              isInEffect={isInEffect(change, byId)}
              takesBack={takesBack(change, byId)}
              isOpen={search.change === change.id}
              onOpen={(open) => onSearchChange({ ...search, change: open ? change.id : undefined }, { replace: true })}
              isChosen={chosen.has(change.id)}
              onChosen={(isChosen) => choose(change.id, isChosen)}
            />
          ))}
        </ul>
        {changes.length < total && (
          <Button onClick={() => setPages(pages + 1)} busy={lists.some(({ isPending }) => isPending)} className="self-center">
            Show older changes
          </Button>
        )}
      </>
    )
  }

  return (
    <Page>
      <header className="flex flex-wrap items-start gap-x-6 gap-y-3">
        <div className="min-w-0 flex-1">
          <h1 className="text-title font-strong">History</h1>
          <p className="text-ink-muted">
            {first?.data === undefined
              ? 'What was changed in this store by this app.'
              : `${formatQuantity(total, 'change')} of this store, newest first.`}
          </p>
        </div>
        {first?.data && <SpaceUsed bytes={first.data.bytes} limit={first.data.limit} onLimit={(bytes) => setLimit.mutate({ bytes })} />}
      </header>
      <div className="flex flex-col gap-3">
        {status !== undefined && status.unsettled > 0 && <CutOffCallout connectionId={connectionId} count={status.unsettled} />}
        <div className="flex h-7 items-center gap-2">
          <Select
            label="Changes of"
            value={search.collection ?? everything}
            onValueChange={(next) => onSearchChange({ ...search, collection: next === everything ? undefined : next })}
            options={[
              { value: everything, label: 'All collections' },
              ...collections.map(({ id, name }) => ({ value: id, label: visibleString(name) })),
            ]}
            className="max-w-72"
          />
          {forgettable.length > 0 && (
            <>
              <span className="ml-auto text-small text-ink-muted">{formatQuantity(forgettable.length, 'change')} chosen</span>
              <Button variant="ghost" onClick={() => setChosen(new Set())}>
                Choose none
              </Button>
              <Button onClick={() => setIsForgetting(true)}>Forget…</Button>
            </>
          )}
        </div>
        {content()}
      </div>
      {isForgetting && (
        <ForgetDialog
          changes={forgettable}
          onClose={() => setIsForgetting(false)}
          onForgotten={() => {
            setChosen(new Set())
            setIsForgetting(false)
          }}
        />
      )}
    </Page>
  )
}
