import { useChangeDialogs } from '../../lib/editing/change-dialogs.ts'
import { DeleteCollectionDialog } from './delete-collection-dialog.tsx'
import { DuplicateCollectionDialog } from './duplicate-collection-dialog.tsx'
import { MergeCollectionDialog } from './merge-collection-dialog.tsx'
import { ModifyCollectionDialog } from './modify-collection-dialog.tsx'

/** The dialog about a collection as a whole that was asked for. */
export function CollectionDialogs() {
  const { dialog, close } = useChangeDialogs()
  switch (dialog?.kind) {
    case 'modify-collection':
      return <ModifyCollectionDialog target={dialog.collection} onClose={close} />
    case 'duplicate-collection':
      return <DuplicateCollectionDialog target={dialog.collection} onClose={close} />
    case 'merge-collection':
      return <MergeCollectionDialog target={dialog.collection} onClose={close} />
    case 'delete-collection':
      return <DeleteCollectionDialog target={dialog.collection} onClose={close} />
    default:
      return null
  }
}
