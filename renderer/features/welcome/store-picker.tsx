import { useMutation } from '@tanstack/react-query'
import type { Connection, Place } from '../../../shared/contract/connections.ts'
import { useClient } from '../../lib/client-context.tsx'
import { DirectoryPicker } from '../../lib/picker/directory-picker.tsx'

interface StorePickerProps {
  readonly open: boolean
  readonly onClose: () => void
  readonly onOpened: (connection: Connection) => void
}

function isStore(kind: Place['kind'] | null): boolean {
  return kind === 'chroma' || kind === 'legacy-chroma'
}

function describeEmpty(kind: Place['kind'] | null) {
  return isStore(kind)
    ? { title: 'This folder is a Chroma store', text: 'Open it, or go up to another one.' }
    : {
        title: 'No folders in here',
        text: 'It holds no chroma.sqlite3 either. Go up, and choose the folder that a Chroma client was given as its path.',
      }
}

/** The app's own dialog for opening a persist directory. */
export function StorePicker({ open, onClose, onOpened }: StorePickerProps) {
  const client = useClient()
  const { mutate, reset, isPending, error } = useMutation({ ...client.mutation('connections.openPlace'), meta: { showsError: true } })
  return (
    <DirectoryPicker
      open={open}
      onClose={onClose}
      title="Open a persist directory"
      description="The folder that a Chroma client was given as its path; it holds chroma.sqlite3. It is read and never written."
      chooseHere="Open this folder"
      choose={(name) => `Open ${name}`}
      isGoal={isStore}
      describeEmpty={describeEmpty}
      onChoose={({ handle }) => mutate({ handle }, { onSuccess: onOpened })}
      isPending={isPending}
      error={error}
      onMoved={reset}
    />
  )
}
