import { useQuery } from '@tanstack/react-query'
import { ArrowUp, FileText, Folder } from 'lucide-react'
import { useState } from 'react'
import type { Place } from '../../../shared/contract/connections.ts'
import { Button } from '../../ui/button.tsx'
import { Callout } from '../../ui/callout.tsx'
import { Dialog, DialogBody } from '../../ui/dialog.tsx'
import { IconButton } from '../../ui/icon-button.tsx'
import { SkeletonLines } from '../../ui/skeleton.tsx'
import { UntrustedText } from '../../ui/untrusted-text.tsx'
import { useClient } from '../client-context.tsx'
import { describeError } from '../describe-error.ts'
import { formatBytes, formatRelativeTime } from '../format.ts'
import { QueryError } from '../query-error.tsx'
import { useNow } from '../use-now.ts'

export interface FilePickerProps {
  title: string
  description: string
  /** Names the list for screen readers. */
  listLabel: string
  /** The method that lists the files of a folder. */
  files: 'lookupLogs.files' | 'thresholds.files' | 'imports.files'
  /** What is said of a folder without such files. */
  none: string
  busy: boolean
  /** Why the chosen file could not be opened; null where nothing failed. */
  error: unknown
  onOpen: (handle: string) => void
  onClose: () => void
}

const rowClass = 'flex h-7 w-full items-center gap-2 rounded-md px-2 text-left hover:bg-hover'

/** The app's own dialog for choosing a file: folders to go into, files to open. */
export function FilePicker({ title, description, listLabel, files, none, busy, error, onOpen, onClose }: FilePickerProps) {
  const client = useClient()
  const now = useNow()
  const [trail, setTrail] = useState<readonly Place[]>([])
  const here = trail.at(-1) ?? null
  const inFolder = { enabled: here !== null, staleTime: 0 }
  const roots = useQuery({ ...client.query('connections.places', {}), staleTime: 0 })
  const folders = useQuery({ ...client.query('connections.browse', { handle: here?.handle ?? '' }), ...inFolder })
  const found = useQuery({ ...client.query(files, { handle: here?.handle ?? '' }), ...inFolder })
  const places = here === null ? roots.data : folders.data?.children
  const shownFiles = here === null ? [] : found.data
  const listError = here === null ? roots.error : (folders.error ?? found.error)
  const failure = error === null ? null : describeError(error)

  return (
    <Dialog
      open
      onOpenChange={(next) => !next && onClose()}
      title={title}
      description={description}
      footer={<Button onClick={onClose}>Cancel</Button>}
    >
      <DialogBody className="flex flex-col gap-2">
        <div className="flex min-w-0 items-center gap-2">
          <IconButton label="Up one folder" icon={<ArrowUp />} disabled={here === null} onClick={() => setTrail(trail.slice(0, -1))} />
          <span className="min-w-0 flex-1 truncate text-small text-ink-muted" title={here?.path}>
            {here?.path ?? 'Places'}
          </span>
        </div>
        {listError !== null ? (
          <QueryError error={listError} className="h-72 rounded-md border border-line" />
        ) : places === undefined || shownFiles === undefined ? (
          <div className="h-72 rounded-md border border-line p-3" aria-busy="true">
            <SkeletonLines count={6} />
          </div>
        ) : (
          <ul aria-label={listLabel} className="h-72 overflow-y-auto rounded-md border border-line bg-canvas p-1">
            {shownFiles.map((file) => (
              <li key={file.handle}>
                <button type="button" className={rowClass} disabled={busy} onClick={() => onOpen(file.handle)}>
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
            {shownFiles.length === 0 && here !== null && <li className="px-2 py-1 text-ink-faint">{none}</li>}
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
