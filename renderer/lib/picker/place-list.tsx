import { useVirtualizer } from '@tanstack/react-virtual'
import { Database, Folder, FolderArchive, FolderLock } from 'lucide-react'
import { useEffect, useId, useRef, type KeyboardEvent } from 'react'
import type { Place } from '../../../shared/contract/connections.ts'
import { Badge } from '../../ui/badge.tsx'
import { cx } from '../../ui/cx.ts'

const icons = { folder: Folder, chroma: Database, 'legacy-chroma': FolderArchive, unreadable: FolderLock }
const words = { folder: null, chroma: 'Chroma store', 'legacy-chroma': 'Chroma 0.3', unreadable: 'no permission' }

export interface PlaceListProps {
  places: readonly Place[]
  selected: number
  onSelect: (place: number) => void
  /** Enter or a double click on a folder. */
  onEnter: (place: Place) => void
  onUp: () => void
  /** Shows where each folder is, for folders that have no common parent. */
  showPaths?: boolean
}

/** Folders to choose from with the arrow keys, Enter and Backspace, or by typing the first letters. */
export function PlaceList({ places, selected, onSelect, onEnter, onUp, showPaths = false }: PlaceListProps) {
  const id = useId()
  const viewport = useRef<HTMLDivElement>(null)
  const typed = useRef({ text: '', at: 0 })
  const virtualizer = useVirtualizer({
    count: places.length,
    getScrollElement: () => viewport.current,
    estimateSize: () => 28,
    overscan: 10,
  })
  const list = useRef<HTMLDivElement>(null)
  useEffect(() => list.current?.focus(), [])
  useEffect(() => {
    if (places.length > 0) virtualizer.scrollToIndex(Math.max(0, selected))
  }, [virtualizer, places, selected])

  function selectTyped(letter: string, now: number): void {
    const text = now - typed.current.at < 800 ? typed.current.text + letter : letter
    typed.current = { text, at: now }
    const found = places.findIndex((place) => place.name.toLowerCase().startsWith(text.toLowerCase()))
    if (found !== -1) onSelect(found)
  }

  function onKeyDown(event: KeyboardEvent): void {
    if (event.ctrlKey || event.metaKey || event.altKey) return
    const place = places[selected]
    if (event.key === 'ArrowDown') onSelect(Math.min(places.length - 1, selected + 1))
    else if (event.key === 'ArrowUp') onSelect(Math.max(0, selected - 1))
    else if (event.key === 'Home') onSelect(0)
    else if (event.key === 'End') onSelect(places.length - 1)
    else if (event.key === 'Enter' || event.key === 'ArrowRight') {
      if (place) onEnter(place)
    } else if (event.key === 'Backspace' || event.key === 'ArrowLeft') onUp()
    else if (event.key.length === 1) selectTyped(event.key, event.timeStamp)
    else return
    event.preventDefault()
  }

  return (
    <div ref={viewport} className="h-72 overflow-y-auto rounded-md border border-line bg-canvas p-1">
      <div
        ref={list}
        role="listbox"
        aria-label="Folders"
        aria-activedescendant={places[selected] ? `${id}${selected}` : undefined}
        tabIndex={0}
        onKeyDown={onKeyDown}
        className="group/list relative min-h-full outline-none focus-visible:outline-none"
        style={{ height: virtualizer.getTotalSize() }}
      >
        {virtualizer.getVirtualItems().map((item) => {
          const place = places[item.index]
          if (!place) return null
          const Icon = icons[place.kind]
          const isSelected = item.index === selected
          const word = words[place.kind]
          return (
            <div
              key={item.key}
              id={`${id}${item.index}`}
              role="option"
              aria-selected={isSelected}
              aria-posinset={item.index + 1}
              aria-setsize={places.length}
              onClick={() => onSelect(item.index)}
              onDoubleClick={() => onEnter(place)}
              className={cx(
                'absolute inset-x-0 flex h-7 items-center gap-2 rounded-md px-2',
                isSelected ? 'bg-accent-soft' : 'hover:bg-hover',
                isSelected &&
                  'group-focus-visible/list:outline-2 group-focus-visible/list:-outline-offset-2 group-focus-visible/list:outline-accent',
                place.kind === 'unreadable' && 'text-ink-faint',
              )}
              style={{ top: item.start }}
            >
              <Icon
                aria-hidden="true"
                className={cx('size-4 shrink-0', place.kind === 'chroma' ? 'text-accent' : 'text-ink-faint')}
                strokeWidth={1.75}
              />
              <span className="min-w-0 flex-1 truncate" title={place.path}>
                {place.name}
                {showPaths && <span className="ml-2 text-small text-ink-faint">{place.path}</span>}
              </span>
              {word !== null && <Badge tone={place.kind === 'chroma' ? 'accent' : 'outline'}>{word}</Badge>}
            </div>
          )
        })}
      </div>
    </div>
  )
}
