import { useMutation, useQuery } from '@tanstack/react-query'
import { useState } from 'react'
import type { CollectionRef } from '../../../shared/contract/collections.ts'
import type { PairFile } from '../../../shared/contract/thresholds.ts'
import { pairFields, type PairColumns, type PairField } from '../../../shared/domain/thresholds/labelled-pairs.ts'
import { useClient } from '../../lib/client-context.tsx'
import { formatCount, formatQuantity } from '../../lib/format.ts'
import { QueryError } from '../../lib/query-error.tsx'
import { Button } from '../../ui/button.tsx'
import { Dialog, DialogBody } from '../../ui/dialog.tsx'
import { Select } from '../../ui/select.tsx'
import { SkeletonLines } from '../../ui/skeleton.tsx'
import { UntrustedText } from '../../ui/untrusted-text.tsx'

const names: Readonly<Record<PairField, string>> = {
  query: 'Query',
  matchedQuery: 'Query it should match',
  entryId: 'Id of the entry',
  expectedResponse: 'Expected response',
  label: 'Label',
  similarity: 'Similarity',
  namespace: 'Namespace',
}
/** No column is named like this: names are trimmed or keys of JSON. */
const noColumn = ' '

export interface PairColumnsDialogProps {
  collection: CollectionRef
  pairsId: string
  onClose: () => void
}

/** Lets the person say which column of a file of pairs holds what, and tells the rows that could not be read. */
export function PairColumnsDialog({ collection, pairsId, onClose }: PairColumnsDialogProps) {
  const client = useClient()
  const { data, error, refetch, isFetching } = useQuery(client.query('thresholds.pairs', { ...collection, pairsId }))
  return (
    <Dialog
      open
      onOpenChange={(next) => !next && onClose()}
      title="What the columns mean"
      description={
        data &&
        `${formatQuantity(data.pairs, 'pair')}, ${formatCount(data.labelled)} with a label, ${formatQuantity(data.malformed.total, 'row')} that could not be read.`
      }
    >
      <DialogBody>
        {error !== null ? (
          <QueryError error={error} onRetry={() => void refetch()} retrying={isFetching} />
        ) : data === undefined ? (
          <SkeletonLines count={7} />
        ) : (
          <PairColumnsForm collection={collection} file={data} onClose={onClose} />
        )}
      </DialogBody>
    </Dialog>
  )
}

function PairColumnsForm({ collection, file, onClose }: { collection: CollectionRef; file: PairFile; onClose: () => void }) {
  const client = useClient()
  const [draft, setDraft] = useState<PairColumns>(file.mapping)
  const map = useMutation(client.mutation('thresholds.mapPairs'))
  const options = [
    { value: noColumn, label: 'not in the file' },
    ...file.columns.map(({ name, sample }) => ({ value: name, label: name, hint: sample.slice(0, 30) })),
  ]
  const choose = (field: PairField, column: string): void => {
    const { [field]: _former, ...others } = draft
    setDraft(column === noColumn ? others : { ...others, [field]: column })
  }
  const read = (mapping: PairColumns | null): void => map.mutate({ ...collection, pairsId: file.id, mapping }, { onSuccess: onClose })
  return (
    <div className="flex flex-col gap-4">
      <div className="grid grid-cols-[11rem_minmax(0,1fr)] items-center gap-x-3 gap-y-1.5">
        {pairFields.map((field) => (
          <div key={field} className="contents">
            <span className="text-ink-muted">{names[field]}</span>
            <Select
              label={`Column of: ${names[field]}`}
              value={draft[field] ?? noColumn}
              onValueChange={(column) => choose(field, column)}
              options={options}
            />
          </div>
        ))}
      </div>
      {file.malformed.lines.length > 0 && (
        <ul aria-label="Rows that could not be read" className="max-h-40 overflow-y-auto rounded-md border border-line p-2 text-small">
          {file.malformed.lines.map(({ line, text, reason }) => (
            <li key={`${line}:${text}`} className="flex gap-2">
              <span className="numeric shrink-0 text-ink-faint">{formatCount(line)}</span>
              <span className="shrink-0 text-ink">{reason}</span>
              <span className="min-w-0 truncate text-ink-muted">
                <UntrustedText text={text} limit={200} />
              </span>
            </li>
          ))}
        </ul>
      )}
      <div className="flex justify-end gap-2">
        <Button disabled={file.mappingGuessed} onClick={() => read(null)}>
          Guess again
        </Button>
        <Button variant="primary" busy={map.isPending} onClick={() => read(draft)}>
          Read with these columns
        </Button>
      </div>
    </div>
  )
}
