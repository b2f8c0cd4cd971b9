import { useMutation } from '@tanstack/react-query'
import { useState } from 'react'
import type { CollectionRef } from '../../../shared/contract/collections.ts'
import { logFields, type LogField, type LogMapping } from '../../../shared/contract/lookup-logs.ts'
import { useClient } from '../../lib/client-context.tsx'
import { Button } from '../../ui/button.tsx'
import { Dialog, DialogBody } from '../../ui/dialog.tsx'
import { Select } from '../../ui/select.tsx'
import type { ReadLog } from './read-log.ts'

const names: Readonly<Record<LogField, string>> = {
  time: 'Time',
  query: 'Query',
  namespace: 'Namespace',
  outcome: 'Outcome',
  entryId: 'Entry that answered',
  nearestId: 'Nearest entry of a miss',
  matchedQuery: 'Query of the entry',
  similarity: 'Similarity',
  distance: 'Distance',
  latency: 'Latency',
  threshold: 'Threshold',
  cost: 'Cost of the call to the model',
}
const units: { value: LogMapping['latencyUnit']; label: string }[] = [
  { value: 'microseconds', label: 'microseconds' },
  { value: 'milliseconds', label: 'milliseconds' },
  { value: 'seconds', label: 'seconds' },
]
const spaces: { value: LogMapping['distanceSpace']; label: string }[] = [
  { value: 'cosine', label: 'cosine' },
  { value: 'l2', label: 'l2 (squared)' },
  { value: 'ip', label: 'ip' },
]
/** No column is named like this: names are trimmed or keys of JSON. */
const noColumn = ' '

export interface MappingEditorProps {
  collection: CollectionRef
  log: ReadLog
  onClose: () => void
  onStarted: (started: { jobId: string }) => void
}

/** Lets the person say which column of a log holds what. */
export function MappingEditor({ collection, log, onClose, onStarted }: MappingEditorProps) {
  const client = useClient()
  const [draft, setDraft] = useState(log.facts.mapping)
  const map = useMutation(client.mutation('lookupLogs.map'))
  const options = [
    { value: noColumn, label: 'not in the log' },
    ...log.facts.columns.map(({ name, sample }) => ({ value: name, label: name, hint: sample.slice(0, 30) })),
  ]
  const choose = (field: LogField, column: string): void => {
    const { [field]: _former, ...others } = draft.columns
    setDraft({ ...draft, columns: column === noColumn ? others : { ...others, [field]: column } })
  }
  return (
    <Dialog
      open
      onOpenChange={(next) => !next && onClose()}
      title="What the columns mean"
      description="The log is read anew with this mapping. Columns inside nested JSON are named by their path."
      footer={
        <>
          <Button onClick={onClose}>Cancel</Button>
          <Button
            variant="primary"
            busy={map.isPending}
            onClick={() =>
              map.mutate(
                { ...collection, logId: log.id, mapping: draft },
                {
                  onSuccess: (started) => {
                    onStarted(started)
                    onClose()
                  },
                },
              )
            }
          >
            Read with this mapping
          </Button>
        </>
      }
    >
      <DialogBody className="grid grid-cols-[11rem_minmax(0,1fr)_9rem] items-center gap-x-3 gap-y-1.5">
        {logFields.map((field) => (
          <div key={field} className="contents">
            <span className="text-ink-muted">{names[field]}</span>
            <Select
              label={`Column of: ${names[field]}`}
              value={draft.columns[field] ?? noColumn}
              onValueChange={(column) => choose(field, column)}
              options={options}
            />
            {field === 'latency' ? (
              <Select
                label="Unit of the latency"
                value={draft.latencyUnit}
                onValueChange={(latencyUnit) => setDraft({ ...draft, latencyUnit })}
                options={units}
              />
            ) : field === 'distance' ? (
              <Select
                label="Space of the distance"
                value={draft.distanceSpace}
                onValueChange={(distanceSpace) => setDraft({ ...draft, distanceSpace })}
                options={spaces}
              />
            ) : (
              <span />
            )}
          </div>
        ))}
      </DialogBody>
    </Dialog>
  )
}
