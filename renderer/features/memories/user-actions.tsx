import { useMutation, useQuery } from '@tanstack/react-query'
import { Archive, CheckSquare, ChevronDown, FileJson, FileText, PencilLine, Rows3, Trash2, UserRoundX } from 'lucide-react'
import type { MemoryUserRef } from '../../../shared/contract/memories.ts'
import { archivedKey } from '../../../shared/domain/memory/episode.ts'
import type { Where } from '../../../shared/domain/where.ts'
import { useClient } from '../../lib/client-context.tsx'
import { describeFilter } from '../../lib/describe-filter.ts'
import type { NamedScope } from '../../lib/editing/change-dialogs.ts'
import { idsScope } from '../../lib/editing/named-scopes.ts'
import { useEditing } from '../../lib/editing/use-editing.ts'
import { formatQuantity } from '../../lib/format.ts'
import { useSelectedIds, useSelection } from '../../lib/selection/use-selection.ts'
import { toastError } from '../../lib/toast-error.ts'
import { Button } from '../../ui/button.tsx'
import { Menu, type MenuEntry } from '../../ui/menu.tsx'
import { toast } from '../../ui/toast.tsx'
import { userTitle } from './memory-words.ts'
import { useMemoryExport } from './use-memory-export.ts'

export interface UserActionsProps {
  readonly memory: MemoryUserRef
  readonly factsCollectionId: string | null
  /** Shows the records of a user among all others. */
  readonly onShowRecords: (where: Where) => void
  /** Shows what forgetting a user in all collections would remove. */
  readonly onForget: (user: string) => void
}

type Work = 'select' | 'bulk' | 'archive' | 'delete'

/** What can be done with all that is remembered of a user, and with what is selected of it. */
export function UserActions({ memory, factsCollectionId, onShowRecords, onForget }: UserActionsProps) {
  const client = useClient()
  const { filter, user: id, ...collection } = memory
  const { data: user } = useQuery(client.query('memories.user', memory))
  const { selectIds } = useSelection(collection)
  const { ids: selected } = useSelectedIds(collection)
  const { ask } = useEditing(collection.connectionId)
  const { save, isBusy, cancel } = useMemoryExport(memory, factsCollectionId)

  const begin = (work: Work, records: NamedScope): void => {
    if (work === 'archive')
      ask({ kind: 'bulk', collection, records, proposal: { kind: 'set', key: archivedKey, type: 'boolean', text: 'true' } })
    else if (work !== 'select') ask({ kind: work, collection, records })
  }
  const { mutate: withAll } = useMutation({
    mutationFn: async (work: Work) => ({ work, ids: await client.call('memories.ids', memory) }),
    onSuccess: ({ work, ids }) => {
      const episodes = formatQuantity(ids.length, 'episode')
      if (work === 'select') {
        selectIds(ids)
        toast({ key: 'selected', message: `${episodes} selected.` })
        return
      }
      const whose = userTitle({ user: id, label: user?.label ?? null })
      const rules = [id === null ? null : `user is ${id}`, describeFilter(filter)].filter((rule) => rule !== null)
      begin(work, { ...idsScope(ids, id === null ? episodes : `${episodes} of ${whose}`), rule: rules.join(' and ') || null })
    },
    onError: toastError,
  })
  const withSelected = (work: Work): void => begin(work, idsScope([...(selected ?? [])]))
  const count = selected?.size ?? 0
  const where = user?.where ?? null
  const entries: MenuEntry[] = [
    ...(count === 0
      ? []
      : [
          { kind: 'heading' as const, label: formatQuantity(count, 'selected record') },
          { label: 'Change…', icon: <PencilLine aria-hidden="true" />, onSelect: () => withSelected('bulk') },
          { label: 'Archive…', icon: <Archive aria-hidden="true" />, onSelect: () => withSelected('archive') },
          { label: 'Delete…', icon: <Trash2 aria-hidden="true" />, destructive: true, onSelect: () => withSelected('delete') },
          { kind: 'separator' as const },
        ]),
    { kind: 'heading', label: formatQuantity(user?.episodes ?? 0, 'episode') },
    { label: 'Select all', icon: <CheckSquare aria-hidden="true" />, onSelect: () => withAll('select') },
    ...(where === null ? [] : [{ label: 'Show in Records', icon: <Rows3 aria-hidden="true" />, onSelect: () => onShowRecords(where) }]),
    { label: 'Archive all…', icon: <Archive aria-hidden="true" />, onSelect: () => withAll('archive') },
    { label: 'Delete all…', icon: <Trash2 aria-hidden="true" />, destructive: true, onSelect: () => withAll('delete') },
    ...(id === null
      ? []
      : [{ label: 'Forget the user…', icon: <UserRoundX aria-hidden="true" />, destructive: true, onSelect: () => onForget(id) }]),
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
          Actions
        </Button>
      }
      entries={entries}
    />
  )
}
