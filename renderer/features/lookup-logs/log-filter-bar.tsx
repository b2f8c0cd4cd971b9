import { X } from 'lucide-react'
import { useEffect, useState } from 'react'
import { wholeLog, type LogFilter } from '../../../shared/contract/lookup-logs.ts'
import { Button } from '../../ui/button.tsx'
import { SearchInput } from '../../ui/search-input.tsx'
import { UntrustedText } from '../../ui/untrusted-text.tsx'
import { filterParts } from './outcome-words.ts'

/** How long writing rests before it is searched for, milliseconds. */
const rest = 250

/** What limits the lookups that are shown, part by part, and a search in their queries. */
export function LogFilterBar({ filter, onFilter }: { filter: LogFilter; onFilter: (filter: LogFilter) => void }) {
  const [find, setFind] = useState(filter.find)
  useEffect(() => setFind(filter.find), [filter.find])
  useEffect(() => {
    if (find === filter.find) return
    const timer = setTimeout(() => onFilter({ ...filter, find }), rest)
    return () => clearTimeout(timer)
  }, [find, filter, onFilter])
  const parts = filterParts(filter).filter(({ id }) => id !== 'find')
  return (
    <div className="flex flex-wrap items-center gap-1.5">
      <SearchInput label="Find in queries" value={find} onValueChange={setFind} className="w-64" />
      {parts.map(({ id, text, without }) => (
        <span key={id} className="flex h-6 max-w-100 items-center gap-1 rounded-sm bg-accent-soft pr-0.5 pl-2 text-small text-accent">
          <span className="truncate">
            <UntrustedText text={text} limit={120} />
          </span>
          <button
            type="button"
            aria-label={`Take away: ${text.slice(0, 120)}`}
            className="rounded-sm p-0.5 hover:bg-hover"
            onClick={() => onFilter(without)}
          >
            <X aria-hidden="true" className="size-3.5" />
          </button>
        </span>
      ))}
      {parts.length > 1 && (
        <Button size="small" variant="ghost" onClick={() => onFilter(wholeLog)}>
          Show all lookups
        </Button>
      )}
    </div>
  )
}
