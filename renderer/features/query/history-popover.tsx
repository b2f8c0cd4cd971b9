import { useMutation, useQuery } from '@tanstack/react-query'
import { History, Star, Trash2 } from 'lucide-react'
import { useDeferredValue, useState } from 'react'
import type { CollectionRef } from '../../../shared/contract/collections.ts'
import type { SavedSearch } from '../../../shared/contract/search.ts'
import { printWhere } from '../../../shared/domain/where-json.ts'
import { useClient } from '../../lib/client-context.tsx'
import { describeError } from '../../lib/describe-error.ts'
import { formatRelativeTime, formatTime } from '../../lib/format.ts'
import { useNow } from '../../lib/use-now.ts'
import { Button } from '../../ui/button.tsx'
import { Checkbox } from '../../ui/checkbox.tsx'
import { IconButton } from '../../ui/icon-button.tsx'
import { Popover } from '../../ui/popover.tsx'
import { SearchInput } from '../../ui/search-input.tsx'
import { TextInput } from '../../ui/text-input.tsx'
import { UntrustedText } from '../../ui/untrusted-text.tsx'
import { probesTitle } from './probes.ts'

interface HistoryPopoverProps {
  readonly collection: CollectionRef
  readonly onPick: (search: SavedSearch) => void
}

function details({ settings }: SavedSearch): string {
  const where = printWhere(settings.filter.where, 'compact')
  return [`nResults ${settings.nResults}`, settings.method === 'engine' ? 'engine' : '', where].filter((part) => part !== '').join(' · ')
}

function focus(element: HTMLElement | null): void {
  element?.focus()
}

function HistoryRow({ search, collection, onPick }: HistoryPopoverProps & { search: SavedSearch }) {
  const client = useClient()
  const now = useNow()
  const [name, setName] = useState<string | null>(null)
  const rename = useMutation(client.mutation('search.name'))
  const forget = useMutation(client.mutation('search.forget'))
  const save = (next: string | null) => {
    rename.mutate({ ...collection, id: search.id, name: next })
    setName(null)
  }
  return (
    <li className="flex items-start gap-1 rounded-md px-1 py-0.5 hover:bg-hover">
      <IconButton
        size="small"
        label={search.name === null ? 'Save this query' : 'Take the name away'}
        pressed={search.name !== null}
        icon={<Star aria-hidden="true" className={search.name === null ? '' : 'fill-current'} />}
        onClick={() => (search.name === null ? setName(probesTitle(search.probes).slice(0, 80)) : save(null))}
      />
      {name === null ? (
        <button type="button" onClick={() => onPick(search)} className="min-w-0 flex-1 rounded-sm px-1 text-left">
          <span className="block truncate text-ink">
            {search.name !== null && <span className="font-strong">{search.name} · </span>}
            <UntrustedText text={probesTitle(search.probes)} limit={200} />
          </span>
          <span className="block truncate text-small text-ink-faint">
            <span title={formatTime(search.at)}>{formatRelativeTime(search.at, now)}</span> · {details(search)}
          </span>
        </button>
      ) : (
        <form
          className="flex min-w-0 flex-1 gap-1"
          onSubmit={(event) => {
            event.preventDefault()
            if (name.trim() !== '') save(name)
          }}
        >
          <TextInput ref={focus} size="small" aria-label="Name of the query" value={name} onValueChange={setName} className="flex-1" />
          <Button size="small" type="submit" disabled={name.trim() === ''}>
            Save
          </Button>
        </form>
      )}
      <IconButton
        size="small"
        label="Forget this query"
        icon={<Trash2 aria-hidden="true" />}
        onClick={() => forget.mutate({ ...collection, id: search.id })}
      />
    </li>
  )
}

/** Queries that were asked of this collection, newest first, and those that were given a name. */
export function HistoryPopover({ collection, onPick }: HistoryPopoverProps) {
  const client = useClient()
  const [isOpen, setIsOpen] = useState(false)
  const [find, setFind] = useState('')
  const [savedOnly, setSavedOnly] = useState(false)
  const history = useQuery({
    ...client.query('search.history', { ...collection, find: useDeferredValue(find), savedOnly }),
    enabled: isOpen,
    placeholderData: (previous) => previous,
  })
  const forget = useMutation(client.mutation('search.forget'))
  const searches = history.data ?? []
  return (
    <Popover
      label="History of queries"
      align="end"
      className="w-110 max-w-[90vw]"
      open={isOpen}
      onOpenChange={setIsOpen}
      trigger={
        <Button variant="ghost" icon={<History aria-hidden="true" />}>
          History
        </Button>
      }
    >
      <div className="flex items-center gap-2">
        <SearchInput value={find} onValueChange={setFind} label="Find in the history" className="flex-1" />
        <Checkbox checked={savedOnly} onCheckedChange={setSavedOnly} label="Saved only" />
      </div>
      {history.error !== null ? (
        <p className="py-3 text-ink-muted">{describeError(history.error).message}</p>
      ) : searches.length === 0 ? (
        <p className="py-3 text-ink-muted">
          {find !== '' || savedOnly ? 'No query matches.' : 'Queries that are run appear here. Star one to keep it under a name.'}
        </p>
      ) : (
        <>
          <ul aria-label="Queries" className="mt-2 flex max-h-80 flex-col overflow-y-auto">
            {searches.map((search) => (
              <HistoryRow
                key={search.id}
                search={search}
                collection={collection}
                onPick={(picked) => {
                  setIsOpen(false)
                  onPick(picked)
                }}
              />
            ))}
          </ul>
          {!savedOnly && (
            <Button size="small" variant="ghost" className="mt-1" onClick={() => forget.mutate({ ...collection, id: null })}>
              Forget all without a name
            </Button>
          )}
        </>
      )}
    </Popover>
  )
}
