import { Combine, Copy, Pencil, Plus, Trash2 } from 'lucide-react'
import type { CollectionRef } from '../../../shared/contract/collections.ts'
import type { ChangeDialog } from '../../lib/editing/change-dialogs.ts'
import type { MenuEntry } from '../../ui/menu.tsx'

/** What can be done with a collection as a whole. */
export function collectionMenu(collection: CollectionRef, ask: (dialog: ChangeDialog) => void): MenuEntry[] {
  return [
    {
      label: 'Rename, edit metadata…',
      icon: <Pencil aria-hidden="true" />,
      onSelect: () => ask({ kind: 'modify-collection', collection }),
    },
    { label: 'Add a record…', icon: <Plus aria-hidden="true" />, onSelect: () => ask({ kind: 'add', collection, from: null }) },
    { label: 'Duplicate…', icon: <Copy aria-hidden="true" />, onSelect: () => ask({ kind: 'duplicate-collection', collection }) },
    {
      label: 'Merge another into it…',
      icon: <Combine aria-hidden="true" />,
      onSelect: () => ask({ kind: 'merge-collection', collection }),
    },
    { kind: 'separator' },
    {
      label: 'Delete…',
      icon: <Trash2 aria-hidden="true" />,
      destructive: true,
      onSelect: () => ask({ kind: 'delete-collection', collection }),
    },
  ]
}
