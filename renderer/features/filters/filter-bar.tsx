import { Filter as FilterIcon } from 'lucide-react'
import { useEffect, useRef, useState, type ReactNode } from 'react'
import type { CollectionRef, MetadataKey } from '../../../shared/contract/collections.ts'
import { topClauses } from '../../../shared/domain/where-edit.ts'
import type { Filter } from '../../../shared/domain/where.ts'
import { useCommands } from '../../lib/commands.ts'
import { Button } from '../../ui/button.tsx'
import { Kbd } from '../../ui/kbd.tsx'
import { SearchInput } from '../../ui/search-input.tsx'
import { FilterChips } from './filter-chips.tsx'
import { FilterPanel } from './filter-panel.tsx'

interface FilterBarProps {
  readonly collection: CollectionRef
  readonly keys: readonly MetadataKey[]
  readonly filter: Filter
  /** `replace` keeps a change out of the history, for what follows at once on a change before. */
  readonly onFilter: (filter: Filter, options?: { replace?: boolean }) => void
  /** Stands between the search and the buttons at the end. */
  readonly children?: ReactNode
  readonly trailing?: ReactNode
}

/** How long typing rests before the list follows, in milliseconds. */
const rest = 200
/** Changes that follow each other faster than this, in milliseconds, are one step for Back. */
const oneStep = 4000

/** Quick find, the conditions in force, and the panel where they are written. */
export function FilterBar({ collection, keys, filter, onFilter, children, trailing }: FilterBarProps) {
  const input = useRef<HTMLInputElement>(null)
  const [find, setFind] = useState(filter.find)
  const [isOpen, setIsOpen] = useState(false)
  const lastFind = useRef(filter.find)
  const lastChange = useRef(0)
  const conditions =
    topClauses(filter.where).length + (filter.whereDocument === null ? 0 : 1) + filter.periods.length + (filter.set === null ? 0 : 1)

  useEffect(() => {
    if (lastFind.current === filter.find) return
    lastFind.current = filter.find
    setFind(filter.find)
  }, [filter.find])

  const latest = useRef({ filter, onFilter })
  useEffect(() => {
    latest.current = { filter, onFilter }
  })
  useEffect(() => {
    if (find === lastFind.current) return
    const timer = setTimeout(() => {
      const replace = lastFind.current !== '' && find !== ''
      lastFind.current = find
      latest.current.onFilter({ ...latest.current.filter, find }, { replace })
    }, rest)
    return () => clearTimeout(timer)
  }, [find])

  const fromPanel = (next: Filter) => {
    const now = Date.now()
    onFilter(next, { replace: now - lastChange.current < oneStep })
    lastChange.current = now
  }

  useCommands([
    { id: 'filters.find', title: 'Find in documents and ids', group: 'Records', shortcut: '/', run: () => input.current?.select() },
    {
      id: 'filters.panel',
      title: isOpen ? 'Close the filter panel' : 'Edit the filter',
      group: 'Records',
      shortcut: 'f',
      run: () => setIsOpen(!isOpen),
    },
  ])

  return (
    <div className="@container flex shrink-0 flex-col border-b border-line bg-canvas">
      <div className="flex items-center gap-1.5 px-3 py-1.5">
        <SearchInput
          ref={input}
          value={find}
          onValueChange={setFind}
          onKeyDown={(event) => {
            if (event.key === 'Escape' && find !== '') {
              event.stopPropagation()
              setFind('')
            }
          }}
          trailing={find === '' ? <Kbd keys="/" /> : undefined}
          label="Find in documents and ids"
          className="w-72 min-w-32 shrink"
        />
        <Button
          variant={isOpen ? 'default' : 'ghost'}
          icon={<FilterIcon aria-hidden="true" />}
          aria-expanded={isOpen}
          onClick={() => setIsOpen(!isOpen)}
        >
          {conditions === 0 ? 'Filter' : `Filter · ${conditions}`}
        </Button>
        <span className="min-w-0 flex-1" />
        {children}
        {trailing}
      </div>
      {conditions > 0 && <FilterChips collection={collection} filter={filter} onFilter={onFilter} onEdit={() => setIsOpen(true)} />}
      {isOpen && <FilterPanel collection={collection} keys={keys} filter={filter} onFilter={fromPanel} onClose={() => setIsOpen(false)} />}
    </div>
  )
}
