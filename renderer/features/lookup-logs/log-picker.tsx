import { useMutation } from '@tanstack/react-query'
import type { CollectionRef } from '../../../shared/contract/collections.ts'
import { useClient } from '../../lib/client-context.tsx'
import { FilePicker } from '../../lib/picker/file-picker.tsx'

export interface LogPickerProps {
  collection: CollectionRef
  onClose: () => void
  onStarted: (started: { jobId: string }) => void
}

/** The app's own dialog for choosing a log. */
export function LogPicker({ collection, onClose, onStarted }: LogPickerProps) {
  const client = useClient()
  const open = useMutation({ ...client.mutation('lookupLogs.open'), meta: { showsError: true } })
  return (
    <FilePicker
      title="Open a log of lookups"
      description="A file of JSON lines or of CSV, one lookup in each row. It is read and never written."
      listLabel="Folders and logs"
      files="lookupLogs.files"
      none="No file here ends in .jsonl, .ndjson, .json, .csv, .tsv, .log or .txt."
      busy={open.isPending}
      error={open.error}
      onOpen={(handle) => open.mutate({ ...collection, handle }, { onSuccess: onStarted })}
      onClose={onClose}
    />
  )
}
