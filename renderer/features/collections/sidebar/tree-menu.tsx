import { Plus } from 'lucide-react'
import type { ChangeDialog } from '../../../lib/editing/change-dialogs.ts'
import type { MenuEntry } from '../../../ui/menu.tsx'
import { collectionMenu } from '../collection-menu.tsx'
import type { TreeRow } from './tree.ts'

interface TreeMenuActions {
  readonly ask: (dialog: ChangeDialog) => void
  readonly open: (row: TreeRow) => void
}

/** What can be done with a line of the sidebar. */
export function treeMenu(row: TreeRow, { ask, open }: TreeMenuActions): MenuEntry[] {
  const openEntry: MenuEntry = { label: 'Open', shortcut: 'enter', onSelect: () => open(row) }
  switch (row.kind) {
    case 'collection':
      return [openEntry, { kind: 'separator' }, ...collectionMenu({ connectionId: row.connectionId, collectionId: row.collection.id }, ask)]
    case 'connection':
      return [
        openEntry,
        {
          label: 'Create a collection…',
          icon: <Plus aria-hidden="true" />,
          onSelect: () => ask({ kind: 'create-collection', connectionId: row.connection.id }),
        },
      ]
    default:
      return [openEntry]
  }
}
