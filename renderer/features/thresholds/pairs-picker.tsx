import { useMutation } from '@tanstack/react-query'
import type { CollectionRef } from '../../../shared/contract/collections.ts'
import type { PairFile } from '../../../shared/contract/thresholds.ts'
import { useClient } from '../../lib/client-context.tsx'
import { FilePicker } from '../../lib/picker/file-picker.tsx'

export interface PairsPickerProps {
  collection: CollectionRef
  onClose: () => void
  onOpened: (file: PairFile) => void
}

/** The app's own dialog for choosing a file of labelled pairs. */
export function PairsPicker({ collection, onClose, onOpened }: PairsPickerProps) {
  const client = useClient()
  const open = useMutation({ ...client.mutation('thresholds.importPairs'), meta: { showsError: true } })
  return (
    <FilePicker
      title="Open labelled pairs"
      description="A file of JSON lines or CSV: a query, the query or id of an entry or the expected response, and whether it is right. It is read and never written."
      listLabel="Folders and files"
      files="thresholds.files"
      none="No file here ends in .jsonl, .ndjson, .json, .csv or .tsv."
      busy={open.isPending}
      error={open.error}
      onOpen={(handle) => open.mutate({ ...collection, handle }, { onSuccess: onOpened })}
      onClose={onClose}
    />
  )
}
