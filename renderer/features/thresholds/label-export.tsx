import { useClient } from '../../lib/client-context.tsx'
import { toastError } from '../../lib/toast-error.ts'
import { SaveText } from './save-text.tsx'
import type { LabState } from './lab.tsx'

/** The labels that were given for this evidence, as a file that can be opened as labelled pairs elsewhere. */
export function LabelExport({ lab }: { lab: LabState }) {
  const client = useClient()
  const load = (): Promise<{ name: string; text: string } | null> =>
    client.call('thresholds.labels', { ...lab.collection, source: lab.source }).catch((error: unknown) => {
      toastError(error)
      return null
    })
  return <SaveText what="labels" load={load} type="application/jsonl" />
}
