import { useQuery } from '@tanstack/react-query'
import { FolderOpen, Plus, Server } from 'lucide-react'
import { useState } from 'react'
import { z } from 'zod'
import { useClient } from '../../../lib/client-context.tsx'
import { useOverlay } from '../../../lib/overlay.ts'
import { useStoredState } from '../../../lib/use-stored-state.ts'
import { IconButton } from '../../../ui/icon-button.tsx'
import { Menu } from '../../../ui/menu.tsx'
import { SearchInput } from '../../../ui/search-input.tsx'
import { SidebarTree } from './sidebar-tree.tsx'
import { treeRows } from './tree.ts'
import { useTreeStores } from './use-tree-stores.ts'

const foldedSchema = z.array(z.string())

/** The connections that are open with their collections, a search among them, and a way to open more. */
export function Sidebar() {
  const client = useClient()
  const show = useOverlay((store) => store.show)
  const { data: preferences } = useQuery(client.query('settings.preferences', {}))
  const [search, setSearch] = useState('')
  const [folded, setFolded] = useStoredState('sidebar-folded', foldedSchema, [])
  const stores = useTreeStores()
  const rows = treeRows(stores, { search: search.trim(), folded: new Set(folded) })
  return (
    <>
      <div className="flex shrink-0 items-center gap-1 p-2">
        <SearchInput label="Find a collection" value={search} onValueChange={setSearch} className="flex-1" />
        <Menu
          align="end"
          trigger={<IconButton label="Open another store" icon={<Plus />} />}
          entries={[
            { label: 'Open a directory…', icon: <FolderOpen />, shortcut: 'mod+o', onSelect: () => show('open-directory') },
            { label: 'Connect to a server…', icon: <Server />, onSelect: () => show('connect-server') },
          ]}
        />
      </div>
      <SidebarTree
        rows={rows}
        density={preferences?.density ?? 'compact'}
        onFold={(key, fold) => setFolded(fold ? [...folded, key] : folded.filter((item) => item !== key))}
      />
    </>
  )
}
