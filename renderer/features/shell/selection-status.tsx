import { X } from 'lucide-react'
import type { CollectionRef } from '../../../shared/contract/collections.ts'
import { useCommands } from '../../lib/commands.ts'
import { formatCount } from '../../lib/format.ts'
import { useSelection } from '../../lib/selection/use-selection.ts'
import { IconButton } from '../../ui/icon-button.tsx'

/** How many records of the collection are selected, in whichever of its views that was done. */
export function SelectionStatus({ collection }: { collection: CollectionRef }) {
  const { count, clear } = useSelection(collection)
  useCommands(count === 0 ? [] : [{ id: 'records.select-nothing', title: 'Clear the selection', group: 'Records', run: clear }])
  if (count === 0) return null
  return (
    <span className="flex shrink-0 items-center gap-1">
      {formatCount(count)} selected
      <IconButton size="small" label="Clear the selection" icon={<X aria-hidden="true" />} onClick={clear} />
    </span>
  )
}
