import { useMutation } from '@tanstack/react-query'
import { useNavigate } from '@tanstack/react-router'
import { History, Lock, LockKeyhole, LockOpen, Pencil, TriangleAlert } from 'lucide-react'
import { useClient } from '../../lib/client-context.tsx'
import { useCommands } from '../../lib/commands.ts'
import { useChangeDialogs } from '../../lib/editing/change-dialogs.ts'
import { useEditing } from '../../lib/editing/use-editing.ts'
import { formatQuantity } from '../../lib/format.ts'
import { useAddress } from '../../lib/use-address.ts'
import { Menu, type MenuEntry } from '../../ui/menu.tsx'
import { Spinner } from '../../ui/spinner.tsx'
import { Tooltip } from '../../ui/tooltip.tsx'
import { Chip } from './chip.tsx'
import { engineWords } from './engine-words.ts'

function StoreChip({ connectionId }: { connectionId: string }) {
  const client = useClient()
  const navigate = useNavigate()
  const { status } = useEditing(connectionId)
  const wait = useChangeDialogs((store) => store.wait)
  const { mutate: stop } = useMutation(client.mutation('editing.stop'))
  const { mutate: lock } = useMutation(client.mutation('editing.lock'))
  const state = status?.state ?? 'read-only'
  const start = (): void => wait(connectionId, () => undefined)
  const forbid = (): void => {
    const locked = { connectionId, locked: true }
    if (state === 'editing') stop({ connectionId }, { onSuccess: () => lock(locked) })
    else lock(locked)
  }
  useCommands(
    status === undefined
      ? []
      : [
          state === 'editing'
            ? { id: 'editing.stop', title: 'Stop editing', group: 'Changes', run: () => stop({ connectionId }) }
            : { id: 'editing.start', title: 'Start editing…', group: 'Changes', keywords: 'write change engine', run: start },
          {
            id: 'editing.lock',
            title: status.locked ? 'Allow changes of this store again' : 'Never change this store',
            group: 'Changes',
            keywords: 'lock read-only',
            run: () => (status.locked ? lock({ connectionId, locked: false }) : forbid()),
          },
        ],
  )
  if (!status) return null

  const openHistory = (): void => void navigate({ to: '/s/$connectionId/history', params: { connectionId } })
  const history: MenuEntry = { label: 'History', icon: <History aria-hidden="true" />, shortcut: 'g h', onSelect: openHistory }
  const chip = () => {
    if (state === 'editing') {
      return (
        <Menu
          trigger={
            <Chip isOn icon={<Pencil aria-hidden="true" />}>
              editing{status.engine && ` · ${engineWords(status.engine)}`}
            </Chip>
          }
          entries={[
            history,
            { kind: 'separator' },
            { label: 'Stop editing', icon: <Lock aria-hidden="true" />, onSelect: () => stop({ connectionId }) },
            {
              label: 'Never change this store',
              icon: <LockKeyhole aria-hidden="true" />,
              onSelect: forbid,
            },
          ]}
        />
      )
    }
    if (state !== 'read-only') {
      return (
        <Chip icon={<Spinner />} disabled>
          {state === 'starting' ? 'starting to edit' : 'stopping'}
        </Chip>
      )
    }
    if (status.locked) {
      return (
        <Menu
          trigger={<Chip icon={<LockKeyhole aria-hidden="true" />}>locked</Chip>}
          entries={[
            { kind: 'heading', label: 'This store is never changed' },
            {
              label: 'Allow changes again',
              icon: <LockOpen aria-hidden="true" />,
              onSelect: () => lock({ connectionId, locked: false }),
            },
            history,
          ]}
        />
      )
    }
    return (
      <Tooltip content="Nothing is written to this store. Click to start editing.">
        <Chip icon={<Lock aria-hidden="true" />} onClick={start}>
          read-only
        </Chip>
      </Tooltip>
    )
  }
  return (
    <>
      {chip()}
      {status.unsettled > 0 && (
        <Chip icon={<TriangleAlert aria-hidden="true" />} onClick={openHistory}>
          {formatQuantity(status.unsettled, 'change')} cut off
        </Chip>
      )}
    </>
  )
}

/** Whether the store that is shown may be changed, and the way to start and stop. */
export function EditingChip() {
  const { connectionId } = useAddress()
  return connectionId === null ? null : <StoreChip connectionId={connectionId} />
}
