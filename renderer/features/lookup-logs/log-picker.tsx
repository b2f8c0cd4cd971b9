import { useMutation, useQuery } from '@tanstack/react-query'
import { ArrowUp, FileText, Folder } from 'lucide-react'
import { useState } from 'react'
import type { CollectionRef } from '../../../shared/contract/collections.ts'
import type { Place } from '../../../shared/contract/connections.ts'
import { useClient } from '../../lib/client-context.tsx'
import { describeError } from '../../lib/describe-error.ts'
import { formatBytes, formatRelativeTime } from '../../lib/format.ts'
import { QueryError } from '../../lib/query-error.tsx'
import { useNow } from '../../lib/use-now.ts'
import { Button } from '../../ui/button.tsx'
import { Callout } from '../../ui/callout.tsx'
import { Dialog, DialogBody } from '../../ui/dialog.tsx'
import { IconButton } from '../../ui/icon-button.tsx'
import { SkeletonLines } from '../../ui/skeleton.tsx'
import { UntrustedText } from '../../ui/untrusted-text.tsx'

export interface LogPickerProps {
  collection: CollectionRef
  onClose: () => void
  onStarted: (started: { jobId: string }) => void
}

const rowClass = 'flex h-7 w-full items-center gap-2 rounded-md px-2 text-left hover:bg-hover'

/** The app's own dialog for choosing a log: folders to go into, files to open. */
export function LogPicker({ collection, onClose, onStarted }: LogPickerProps) {
  const client = useClient()
  const now = useNow()
  const [trail, setTrail] = useState<readonly Place[]>([])
  const here = trail.at(-1) ?? null
  const roots = useQuery({ ...client.query('connections.places', {}), staleTime: 0 })
  const folders = useQuery({ ...client.query('connections.browse', { handle: here?.handle ?? '' }), enabled: here !== null, staleTime: 0 })
  const files = useQuery({ ...client.query('lookupLogs.files', { handle: here?.handle ?? '' }), enabled: here !== null, staleTime: 0 })
  const open = useMutation({ ...client.mutation('lookupLogs.open'), meta: { showsError: true } })
  const places = here === null ? roots.data : folders.data?.children
  const shownFiles = here === null ? [] : files.data
  const error = here === null ? roots.error : (folders.error ?? files.error)
  const failure = open.isError ? describeError(open.error) : null

  return (
    <Dialog
      open
      onOpenChange={(next) => !next && onClose()}
      title="Open a log of lookups"
      description="A file of JSON lines or of CSV, one lookup in each row. It is read and never written."
      footer={<Button onClick={onClose}>Cancel</Button>}
    >
      <DialogBody className="flex flex-col gap-2">
        <div className="flex min-w-0 items-center gap-2">
          <IconButton label="Up one folder" icon={<ArrowUp />} disabled={here === null} onClick={() => setTrail(trail.slice(0, -1))} />
          <span className="min-w-0 flex-1 truncate text-small text-ink-muted" title={here?.path}>
            {here?.path ?? 'Places'}
          </span>
        </div>
        {error !== null ? (
          <QueryError error={error} className="h-72 rounded-md border border-line" />
        ) : places === undefined || shownFiles === undefined ? (
          <div className="h-72 rounded-md border border-line p-3" aria-busy="true">
            <SkeletonLines count={6} />
          </div>
        ) : (
          <ul aria-label="Folders and logs" className="h-72 overflow-y-auto rounded-md border border-line bg-canvas p-1">
            {shownFiles.map((file) => (
              <li key={file.handle}>
                <button
                  type="button"
                  className={rowClass}
                  disabled={open.isPending}
                  onClick={() => open.mutate({ ...collection, handle: file.handle }, { onSuccess: onStarted })}
                >
                  <FileText aria-hidden="true" className="size-4 shrink-0 text-accent" strokeWidth={1.75} />
                  <span className="min-w-0 flex-1 truncate">
                    <UntrustedText text={file.name} limit={300} />
                  </span>
                  <span className="shrink-0 text-small text-ink-faint">
                    {formatBytes(file.bytes)}, {formatRelativeTime(file.modifiedAt, now)}
                  </span>
                </button>
              </li>
            ))}
            {places.map((place) => (
              <li key={place.handle}>
                <button
                  type="button"
                  className={rowClass}
                  disabled={place.kind === 'unreadable'}
                  onClick={() => setTrail([...trail, place])}
                >
                  <Folder aria-hidden="true" className="size-4 shrink-0 text-ink-faint" strokeWidth={1.75} />
                  <span className="min-w-0 flex-1 truncate">
                    <UntrustedText text={here === null ? place.path : place.name} limit={300} />
                  </span>
                </button>
              </li>
            ))}
            {shownFiles.length === 0 && here !== null && (
              <li className="px-2 py-1 text-ink-faint">No file here ends in .jsonl, .ndjson, .json, .csv, .tsv, .log or .txt.</li>
            )}
          </ul>
        )}
        {failure && (
          <Callout severity="error" title={failure.message}>
            {failure.remedy}
          </Callout>
        )}
      </DialogBody>
    </Dialog>
  )
}
