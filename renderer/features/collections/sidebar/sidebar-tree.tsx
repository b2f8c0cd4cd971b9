import { useVirtualizer } from '@tanstack/react-virtual'
import { useLocation, useNavigate } from '@tanstack/react-router'
import { useEffect, useId, useRef, useState, type KeyboardEvent, type MouseEvent } from 'react'
import { useEditing } from '../../../lib/editing/use-editing.ts'
import { useAddress } from '../../../lib/use-address.ts'
import { ContextMenu } from '../../../ui/menu.tsx'
import { treeMenu } from './tree-menu.tsx'
import { TreeRowView } from './tree-row.tsx'
import type { TreeRow } from './tree.ts'

const lineHeights = { compact: 28, comfortable: 36 }

export interface SidebarTreeProps {
  rows: readonly TreeRow[]
  density: 'compact' | 'comfortable'
  onFold: (key: string, folded: boolean) => void
}

function keyOfAddress(connectionId: string | null, collectionId: string | null): string | null {
  if (connectionId === null) return null
  return collectionId === null ? connectionId : `${connectionId}/${collectionId}`
}

function parentOf(rows: readonly TreeRow[], place: number): number {
  const level = rows[place]?.level ?? 1
  for (let at = place - 1; at >= 0; at -= 1) if ((rows[at]?.level ?? 1) < level) return at
  return place
}

/** The lines of the sidebar as a tree that is drawn only where it is seen, moved through with the arrow keys. */
export function SidebarTree({ rows, density, onFold }: SidebarTreeProps) {
  const treeId = useId()
  const viewport = useRef<HTMLDivElement>(null)
  const navigate = useNavigate()
  const { connectionId, collectionId } = useAddress()
  const { pathname } = useLocation()
  const isHistory = connectionId !== null && pathname.endsWith('/history')
  const selectedKey = isHistory ? `${connectionId}/history` : keyOfAddress(connectionId, collectionId)
  const { ask } = useEditing(null)
  const [menuAt, setMenuAt] = useState<number | null>(null)
  const [activeKey, setActiveKey] = useState<string | null>(null)
  const virtualizer = useVirtualizer({
    count: rows.length,
    getScrollElement: () => viewport.current,
    estimateSize: () => lineHeights[density],
    getItemKey: (place) => rows[place]?.key ?? place,
    overscan: 12,
  })
  useEffect(() => virtualizer.measure(), [virtualizer, density])
  useEffect(() => setActiveKey(selectedKey), [selectedKey])

  const found = rows.findIndex((row) => row.key === activeKey)
  const active = found === -1 ? 0 : found

  function goTo(place: number): void {
    const row = rows[Math.max(0, Math.min(rows.length - 1, place))]
    if (!row) return
    setActiveKey(row.key)
    virtualizer.scrollToIndex(rows.indexOf(row))
  }

  function open(row: TreeRow): void {
    setActiveKey(row.key)
    if (row.kind === 'collection') {
      void navigate({
        to: '/s/$connectionId/c/$collectionId/records',
        params: { connectionId: row.connectionId, collectionId: row.collection.id },
      })
    } else if (row.kind === 'connection') {
      void navigate({ to: '/s/$connectionId', params: { connectionId: row.connection.id } })
    } else if (row.kind === 'history') {
      void navigate({ to: '/s/$connectionId/history', params: { connectionId: row.connectionId } })
    } else if (row.expanded !== null) onFold(row.key, row.expanded)
  }

  function onKeyDown(event: KeyboardEvent): void {
    const row = rows[active]
    if (!row || event.ctrlKey || event.metaKey || event.altKey) return
    switch (event.key) {
      case 'ArrowDown':
      case 'j':
        goTo(active + 1)
        break
      case 'ArrowUp':
      case 'k':
        goTo(active - 1)
        break
      case 'Home':
        goTo(0)
        break
      case 'End':
        goTo(rows.length - 1)
        break
      case 'ArrowRight':
        if (row.expanded === false) onFold(row.key, false)
        else if (row.expanded === true) goTo(active + 1)
        break
      case 'ArrowLeft':
        if (row.expanded === true) onFold(row.key, true)
        else goTo(parentOf(rows, active))
        break
      case 'Enter':
      case ' ':
        open(row)
        break
      default:
        return
    }
    event.preventDefault()
  }

  const onContextMenu = (event: MouseEvent): void => {
    const line = event.target instanceof Element ? event.target.closest<HTMLElement>('[data-place]') : null
    // The menu key is pressed on the tree as a whole: it means the line that the keyboard is on.
    const place = line === null ? active : Number(line.dataset['place'])
    setMenuAt(place)
    goTo(place)
  }
  const menuRow = menuAt === null ? undefined : rows[menuAt]

  return (
    <div ref={viewport} className="min-h-0 flex-1 overflow-y-auto pb-2">
      <ContextMenu entries={menuRow ? treeMenu(menuRow, { ask, open }) : []}>
        <div
          role="tree"
          aria-label="Connections and collections"
          aria-activedescendant={rows[active] ? `${treeId}${active}` : undefined}
          tabIndex={0}
          onKeyDown={onKeyDown}
          onContextMenu={onContextMenu}
          className="group/tree relative outline-none focus-visible:outline-none"
          style={{ height: virtualizer.getTotalSize() }}
        >
          {virtualizer.getVirtualItems().map((item) => {
            const row = rows[item.index]
            if (!row) return null
            return (
              <div key={item.key} role="presentation" className="absolute inset-x-0" style={{ top: item.start }}>
                <TreeRowView
                  row={row}
                  place={item.index}
                  id={`${treeId}${item.index}`}
                  selected={row.key === selectedKey}
                  active={item.index === active}
                  onToggle={() => row.expanded !== null && onFold(row.key, row.expanded)}
                  onOpen={() => open(row)}
                />
              </div>
            )
          })}
        </div>
      </ContextMenu>
    </div>
  )
}
