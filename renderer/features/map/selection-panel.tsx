import { useQuery } from '@tanstack/react-query'
import { useVirtualizer } from '@tanstack/react-virtual'
import { Download, X } from 'lucide-react'
import { useMemo, useRef, type ReactNode } from 'react'
import type { CollectionRef } from '../../../shared/contract/collections.ts'
import { maxPageSize } from '../../../shared/contract/records.ts'
import { formatMetadataValue } from '../../../shared/domain/metadata.ts'
import type { ProfileMapping } from '../../../shared/domain/profiles/profile.ts'
import { readRole } from '../../../shared/domain/profiles/read-role.ts'
import { useClient } from '../../lib/client-context.tsx'
import { formatQuantity } from '../../lib/format.ts'
import { useSelectedIds, useSelection } from '../../lib/selection/use-selection.ts'
import { textColumns } from '../../lib/text-columns.ts'
import { useCommands } from '../../lib/commands.ts'
import { IconButton } from '../../ui/icon-button.tsx'
import { Menu, type MenuEntry } from '../../ui/menu.tsx'
import { UntrustedText } from '../../ui/untrusted-text.tsx'

interface SelectionPanelProps {
  readonly collection: CollectionRef
  readonly mapping: ProfileMapping
  readonly openId: string | null
  readonly onOpen: (id: string) => void
  /** What can be done with what is selected. */
  readonly actions: ReactNode
  /** Ways to take it out of the app. */
  readonly exports: MenuEntry[]
}

const rowHeight = 28

/** What is selected on the map, as a list. */
export function SelectionPanel({ collection, mapping, openId, onOpen, actions, exports }: SelectionPanelProps) {
  const client = useClient()
  const { clear } = useSelection(collection)
  const { ids } = useSelectedIds(collection)
  const list = useMemo(() => [...(ids ?? [])], [ids])
  const scroller = useRef<HTMLDivElement>(null)
  const rows = useVirtualizer({ count: list.length, getScrollElement: () => scroller.current, estimateSize: () => rowHeight, overscan: 12 })
  const items = rows.getVirtualItems()
  const from = Math.floor((items[0]?.index ?? 0) / 100) * 100
  const shown = list.slice(from, Math.min(from + maxPageSize, (items.at(-1)?.index ?? 0) + 100))
  const { data } = useQuery({ ...client.query('records.get', { ...collection, ids: shown }), enabled: shown.length > 0 })
  const records = useMemo(() => new Map(data?.map((record) => [record.id, record])), [data])
  const [column] = textColumns(mapping)

  const step = (by: 1 | -1) => {
    const at = openId === null ? -1 : list.indexOf(openId)
    const place = at === -1 ? (by === 1 ? 0 : list.length - 1) : Math.min(list.length - 1, Math.max(0, at + by))
    const id = list[place]
    if (id === undefined) return
    rows.scrollToIndex(place)
    onOpen(id)
  }
  useCommands(
    list.length === 0
      ? []
      : [
          { id: 'map.next', title: 'Next selected record', group: 'Map', shortcut: 'j', keyboardOnly: true, run: () => step(1) },
          { id: 'map.previous', title: 'Previous selected record', group: 'Map', shortcut: 'k', keyboardOnly: true, run: () => step(-1) },
        ],
  )
  if (list.length === 0) return null

  return (
    <section aria-label="Selection" className="flex max-h-80 min-h-24 shrink flex-col rounded-lg bg-raised shadow-(--shadow-popup)">
      <header className="flex items-center gap-0.5 pt-1.5 pr-1.5 pb-1 pl-3">
        <h2 className="min-w-0 flex-1 text-small font-strong" role="status">
          {formatQuantity(list.length, 'record')} selected
        </h2>
        {actions}
        <Menu
          align="end"
          trigger={<IconButton size="small" label="Export the selection" icon={<Download aria-hidden="true" />} />}
          entries={exports}
        />
        <IconButton size="small" label="Clear the selection" shortcut="escape" icon={<X aria-hidden="true" />} onClick={clear} />
      </header>
      <div ref={scroller} role="list" aria-label="Selected records" className="min-h-0 overflow-y-auto px-1 pb-1">
        <div style={{ height: rows.getTotalSize(), position: 'relative' }}>
          {items.map(({ index, start }) => {
            const id = list[index] ?? ''
            const record = records.get(id)
            const value = record && (column.role === null ? record.document : readRole(mapping, column.role, record))
            return (
              <div key={id} role="listitem" className="absolute inset-x-0" style={{ top: start, height: rowHeight }}>
                <button
                  type="button"
                  aria-current={id === openId}
                  onClick={() => onOpen(id)}
                  className="flex h-7 w-full items-center rounded-sm px-2 text-left hover:bg-hover aria-current:bg-pressed"
                >
                  <span className="truncate">
                    <UntrustedText text={value === null || value === undefined ? id : formatMetadataValue(value)} limit={160} />
                  </span>
                </button>
              </div>
            )
          })}
        </div>
      </div>
    </section>
  )
}
