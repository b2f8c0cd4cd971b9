import type { Virtualizer, VirtualItem } from '@tanstack/react-virtual'
import type { KeyboardEvent, ReactNode, RefObject } from 'react'
import { cx } from '../../ui/cx.ts'
import { Skeleton } from '../../ui/skeleton.tsx'

interface PagedListboxProps<Item> {
  readonly label: string
  /** Begins the ids of the options. */
  readonly idPrefix: string
  readonly rowHeight: number
  readonly list: {
    readonly viewport: RefObject<HTMLDivElement | null>
    readonly count: number
    readonly virtualizer: Virtualizer<HTMLDivElement, Element>
    readonly items: readonly VirtualItem[]
  }
  /** The item at a place; undefined while it is on its way. */
  readonly itemAt: (place: number) => Item | undefined
  readonly isChosen: (item: Item) => boolean
  readonly onChoose: (item: Item) => void
  readonly children: (item: Item) => ReactNode
}

/** A long list of which one item is chosen, by click or with the arrows. */
export function PagedListbox<Item>({ label, idPrefix, rowHeight, list, itemAt, isChosen, onChoose, children }: PagedListboxProps<Item>) {
  const { viewport, count, virtualizer, items } = list
  const isChosenAt = (place: number): boolean => {
    const item = itemAt(place)
    return item !== undefined && isChosen(item)
  }
  const current = items.find(({ index }) => isChosenAt(index))?.index
  const onKeyDown = (event: KeyboardEvent): void => {
    const by = { ArrowDown: 1, ArrowUp: -1 }[event.key]
    if (by === undefined || count === 0) return
    event.preventDefault()
    const place = Math.min(count - 1, Math.max(0, (current ?? -1) + by))
    virtualizer.scrollToIndex(place)
    const next = itemAt(place)
    if (next !== undefined) onChoose(next)
  }
  return (
    <div
      ref={viewport}
      role="listbox"
      tabIndex={0}
      aria-label={label}
      aria-activedescendant={current === undefined ? undefined : `${idPrefix}-${current}`}
      onKeyDown={onKeyDown}
      className="min-h-0 flex-1 overflow-y-auto px-1 pb-1 -outline-offset-2"
    >
      <div role="presentation" className="relative" style={{ height: virtualizer.getTotalSize() }}>
        {items.map(({ index, start }) => {
          const item = itemAt(index)
          return (
            <div
              key={index}
              id={`${idPrefix}-${index}`}
              role="option"
              aria-selected={index === current}
              aria-setsize={count}
              aria-posinset={index + 1}
              tabIndex={-1}
              onClick={() => item !== undefined && onChoose(item)}
              style={{ top: start, height: rowHeight }}
              className={cx(
                'absolute inset-x-0 flex flex-col justify-center rounded-sm px-2 leading-4',
                index === current ? 'bg-pressed' : 'hover:bg-hover',
              )}
            >
              {item === undefined ? <Skeleton className="w-2/3" /> : children(item)}
            </div>
          )
        })}
      </div>
    </div>
  )
}
