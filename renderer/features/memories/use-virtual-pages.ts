import { useVirtualizer } from '@tanstack/react-virtual'
import { useRef, useState } from 'react'
import type { Input } from '../../rpc/client.ts'
import { usePages, type Paged } from './use-pages.ts'

interface VirtualPagesOptions {
  /** Height of an item in pixels, or a guess where items are measured. */
  readonly rowHeight: number
  /** Items drawn beyond what is in view. */
  readonly overscan: number
  /** Place to begin at. */
  readonly at?: number
  /** Items that are laid out at most. */
  readonly most?: number
}

/** A long list of which only what is in view is drawn, and only pages with drawn items are asked for. */
export function useVirtualPages<Name extends Paged>(
  name: Name,
  request: Omit<Input<Name>, 'offset' | 'limit'>,
  { rowHeight, overscan, at, most = Number.POSITIVE_INFINITY }: VirtualPagesOptions,
) {
  const viewport = useRef<HTMLDivElement>(null)
  const [places, setPlaces] = useState<readonly number[]>(at === undefined ? [] : [at])
  const pages = usePages(name, request, places)
  const count = Math.min(pages.total, most)
  const virtualizer = useVirtualizer({
    count,
    getScrollElement: () => viewport.current,
    estimateSize: () => rowHeight,
    overscan,
  })
  const items = virtualizer.getVirtualItems()
  const drawn = items.map(({ index }) => index)
  if (drawn.length > 0 && drawn.join() !== places.join()) setPlaces(drawn)
  return { viewport, pages, count, virtualizer, items, drawn }
}
