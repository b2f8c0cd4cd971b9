import { useMutation, useQuery } from '@tanstack/react-query'
import { Bookmark } from 'lucide-react'
import { useState } from 'react'
import type { CollectionRef } from '../../../shared/contract/collections.ts'
import { maxSetRecords, type SavedSet } from '../../../shared/contract/sets.ts'
import { useClient } from '../../lib/client-context.tsx'
import { describeError } from '../../lib/describe-error.ts'
import { formatQuantity } from '../../lib/format.ts'
import { useSelectedIds, useSelection } from '../../lib/selection/use-selection.ts'
import { toastError } from '../../lib/toast-error.ts'
import { Button } from '../../ui/button.tsx'
import { Popover } from '../../ui/popover.tsx'
import { TextInput } from '../../ui/text-input.tsx'
import { toast } from '../../ui/toast.tsx'
import { SetRow } from './set-row.tsx'

function SaveSelection({ collection }: { collection: CollectionRef }) {
  const client = useClient()
  const { ids } = useSelectedIds(collection)
  const [name, setName] = useState('')
  const save = useMutation({
    ...client.mutation('sets.save'),
    onSuccess: async ({ name: saved, count }: SavedSet) => {
      setName('')
      toast({ key: 'set', message: `${formatQuantity(count, 'record')} saved as “${saved}”.` })
      await client.invalidate(['sets.list'])
    },
    onError: toastError,
  })
  const count = ids?.size ?? 0
  if (count === 0) return <p className="text-small text-ink-muted">Select records, then give them a name here to come back to them.</p>
  if (count > maxSetRecords)
    return <p className="text-small text-ink-muted">A set holds {formatQuantity(maxSetRecords, 'record')} at most.</p>
  return (
    <form
      className="flex gap-1.5"
      onSubmit={(event) => {
        event.preventDefault()
        if (name.trim() !== '') save.mutate({ ...collection, name, ids: [...(ids ?? [])] })
      }}
    >
      <TextInput
        size="small"
        value={name}
        onValueChange={setName}
        maxLength={200}
        aria-label={`Name for ${formatQuantity(count, 'selected record')}`}
        placeholder={`Name for ${formatQuantity(count, 'record')}`}
        className="flex-1"
      />
      <Button size="small" type="submit" busy={save.isPending} disabled={name.trim() === ''}>
        Save
      </Button>
    </form>
  )
}

interface SetsPopoverProps {
  readonly collection: CollectionRef
  /** The set that the filter leaves; null where it is about none. */
  readonly shown: string | null
  readonly onShow: (id: string | null) => void
}

/** Sets of records that were given a name: to save what is selected, to select it again, and to look at nothing else. */
export function SetsPopover({ collection, shown, onShow }: SetsPopoverProps) {
  const client = useClient()
  const { selectIds } = useSelection(collection)
  const [isOpen, setIsOpen] = useState(false)
  const list = useQuery({ ...client.query('sets.list', collection), enabled: isOpen })
  const select = useMutation({
    mutationFn: ({ id }: SavedSet) => client.call('sets.ids', { ...collection, id }),
    onSuccess: (ids) => {
      selectIds(ids)
      setIsOpen(false)
    },
    onError: toastError,
  })
  return (
    <Popover
      label="Saved sets"
      align="end"
      open={isOpen}
      onOpenChange={setIsOpen}
      className="flex w-80 flex-col gap-2"
      trigger={
        <Button variant="ghost" icon={<Bookmark aria-hidden="true" />}>
          <span className="sr-only @[50rem]:not-sr-only">Sets</span>
        </Button>
      }
    >
      <SaveSelection collection={collection} />
      {list.error !== null && (
        <p role="alert" className="text-small text-ink-muted">
          {describeError(list.error).message}
        </p>
      )}
      {list.data !== undefined && list.data.length > 0 && (
        <ul aria-label="Saved sets" className="-mx-1 flex max-h-72 flex-col overflow-y-auto border-t border-line pt-1.5">
          {list.data.map((set) => (
            <SetRow
              key={set.id}
              collection={collection}
              set={set}
              isShown={set.id === shown}
              onSelect={() => select.mutate(set)}
              onShow={(isShown) => onShow(isShown ? set.id : null)}
            />
          ))}
        </ul>
      )}
    </Popover>
  )
}
