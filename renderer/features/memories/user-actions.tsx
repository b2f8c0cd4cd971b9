import { useMutation, useQuery } from '@tanstack/react-query'
import { CheckSquare, ChevronDown, FileJson, FileText, Rows3 } from 'lucide-react'
import type { MemoryUserRef } from '../../../shared/contract/memories.ts'
import type { Where } from '../../../shared/domain/where.ts'
import { useClient } from '../../lib/client-context.tsx'
import { formatQuantity } from '../../lib/format.ts'
import { useSelection } from '../../lib/selection/use-selection.ts'
import { toastError } from '../../lib/toast-error.ts'
import { Button } from '../../ui/button.tsx'
import { Menu, type MenuEntry } from '../../ui/menu.tsx'
import { toast } from '../../ui/toast.tsx'
import { useMemoryExport } from './use-memory-export.ts'

export interface UserActionsProps {
  readonly memory: MemoryUserRef
  readonly factsCollectionId: string | null
  /** Shows the records of a user among all others. */
  readonly onShowRecords: (where: Where) => void
}

/** What can be done with all that is remembered of a user. */
export function UserActions({ memory, factsCollectionId, onShowRecords }: UserActionsProps) {
  const client = useClient()
  const { data: user } = useQuery(client.query('memories.user', memory))
  const { selectIds } = useSelection(memory)
  const { save, isBusy, cancel } = useMemoryExport(memory, factsCollectionId)
  const select = useMutation({
    mutationFn: () => client.call('memories.ids', memory),
    onSuccess: (ids) => {
      selectIds(ids)
      toast({ key: 'selected', message: `${formatQuantity(ids.length, 'episode')} selected.` })
    },
    onError: toastError,
  })
  const where = user?.where ?? null
  const entries: MenuEntry[] = [
    { label: 'Select all episodes', icon: <CheckSquare aria-hidden="true" />, onSelect: () => select.mutate() },
    ...(where === null ? [] : [{ label: 'Show in Records', icon: <Rows3 aria-hidden="true" />, onSelect: () => onShowRecords(where) }]),
    { kind: 'separator' },
    { kind: 'heading', label: factsCollectionId === null ? 'Episodes to a file' : 'Episodes and facts to a file' },
    { label: 'Markdown', icon: <FileText aria-hidden="true" />, onSelect: () => save('markdown') },
    { label: 'JSON', icon: <FileJson aria-hidden="true" />, onSelect: () => save('json') },
    { label: 'JSONL', icon: <FileJson aria-hidden="true" />, onSelect: () => save('jsonl') },
  ]
  if (isBusy) {
    return (
      <Button size="small" onClick={cancel}>
        Writing… Cancel
      </Button>
    )
  }
  return (
    <Menu
      align="end"
      trigger={
        <Button size="small" icon={<ChevronDown aria-hidden="true" />} disabled={!user}>
          With all of it
        </Button>
      }
      entries={entries}
    />
  )
}
