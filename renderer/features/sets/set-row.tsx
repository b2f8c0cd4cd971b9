import { useMutation } from '@tanstack/react-query'
import { ListFilter, Pencil, X } from 'lucide-react'
import { useRef, useState } from 'react'
import type { CollectionRef } from '../../../shared/contract/collections.ts'
import type { SavedSet } from '../../../shared/contract/sets.ts'
import { useClient } from '../../lib/client-context.tsx'
import { formatCount } from '../../lib/format.ts'
import { toastError } from '../../lib/toast-error.ts'
import { IconButton } from '../../ui/icon-button.tsx'
import { TextInput } from '../../ui/text-input.tsx'
import { toast } from '../../ui/toast.tsx'
import { UntrustedText } from '../../ui/untrusted-text.tsx'

interface SetRowProps {
  readonly collection: CollectionRef
  readonly set: SavedSet
  /** Whether only its records are shown now. */
  readonly isShown: boolean
  readonly onSelect: () => void
  readonly onShow: (isShown: boolean) => void
}

/** One saved set: to select its records, to show only them, to name it anew or to forget it. */
export function SetRow({ collection, set, isShown, onSelect, onShow }: SetRowProps) {
  const client = useClient()
  const [draft, setDraft] = useState<string | null>(null)
  const isGivenUp = useRef(false)
  const rename = useMutation({ ...client.mutation('sets.rename'), onError: toastError })
  const again = useMutation({ ...client.mutation('sets.save'), onError: toastError })
  const remove = useMutation({
    mutationFn: async () => {
      const ids = await client.call('sets.ids', { ...collection, id: set.id })
      await client.call('sets.remove', { ...collection, id: set.id })
      return ids
    },
    onSuccess: async (ids) => {
      if (isShown) onShow(false)
      await client.invalidate(['sets.list'])
      toast({
        key: 'set',
        message: `The set “${set.name}” was removed. Its records stay where they are.`,
        action: { label: 'Undo', onSelect: () => again.mutate({ ...collection, name: set.name, ids }) },
      })
    },
    onError: toastError,
  })
  const keep = () => {
    const name = draft?.trim() ?? ''
    if (!isGivenUp.current && name !== '' && name !== set.name) rename.mutate({ ...collection, id: set.id, name })
    setDraft(null)
  }

  if (draft !== null) {
    return (
      <li className="flex h-7 items-center px-1">
        <TextInput
          size="small"
          aria-label={`New name of the set ${set.name}`}
          maxLength={200}
          value={draft}
          onValueChange={setDraft}
          onBlur={keep}
          onKeyDown={(event) => {
            if (event.key !== 'Enter' && event.key !== 'Escape') return
            event.stopPropagation()
            isGivenUp.current = event.key === 'Escape'
            keep()
          }}
          ref={(input) => input?.focus()}
          className="flex-1"
        />
      </li>
    )
  }
  return (
    <li className="flex items-center gap-0.5">
      <button
        type="button"
        onClick={onSelect}
        title="Select its records"
        className="flex h-7 min-w-0 flex-1 items-center gap-3 rounded-sm px-2 text-left hover:bg-hover"
      >
        <span className="min-w-0 flex-1 truncate">
          <UntrustedText text={set.name} limit={200} />
        </span>
        <span className="numeric text-small text-ink-faint">{formatCount(set.count)}</span>
      </button>
      <IconButton
        size="small"
        label={`Show only the set ${set.name}`}
        pressed={isShown}
        icon={<ListFilter aria-hidden="true" />}
        onClick={() => onShow(!isShown)}
      />
      <IconButton
        size="small"
        label={`Rename the set ${set.name}`}
        icon={<Pencil aria-hidden="true" />}
        onClick={() => {
          isGivenUp.current = false
          setDraft(set.name)
        }}
      />
      <IconButton
        size="small"
        label={`Remove the set ${set.name}`}
        icon={<X aria-hidden="true" />}
        disabled={remove.isPending}
        onClick={() => remove.mutate()}
      />
    </li>
  )
}
