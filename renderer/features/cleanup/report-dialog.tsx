import { useQuery } from '@tanstack/react-query'
import { Download } from 'lucide-react'
import { useRef } from 'react'
import { useClient } from '../../lib/client-context.tsx'
import { QueryError } from '../../lib/query-error.tsx'
import { saveFile } from '../../lib/save-file.ts'
import { toastError } from '../../lib/toast-error.ts'
import { Button } from '../../ui/button.tsx'
import { CopyButton } from '../../ui/copy-button.tsx'
import { Dialog, DialogBody } from '../../ui/dialog.tsx'
import { SkeletonLines } from '../../ui/skeleton.tsx'
import { UntrustedText } from '../../ui/untrusted-text.tsx'

interface ReportDialogProps {
  /** Purpose of the job that removed something; its newest report is shown. */
  readonly method: string
  readonly subject: string
  readonly onClose: () => void
}

/** Characters of a report that are shown; the file has all. */
const mostText = 20_000

/** What was removed just now, to be copied or kept as a file. */
export function ReportDialog({ method, subject, onClose }: ReportDialogProps) {
  const client = useClient()
  const body = useRef<HTMLDivElement>(null)
  const { data: jobs } = useQuery(client.query('jobs.list', {}))
  const job = jobs?.findLast(({ purpose, state }) => state === 'done' && purpose?.method === method && purpose.subject === subject)
  const changeId = job?.result ?? null
  const { data, error } = useQuery({ ...client.query('cleanup.report', { changeId: changeId ?? '' }), enabled: changeId !== null })
  const json = data && JSON.stringify(data.report, null, 2)
  return (
    <Dialog
      open
      onOpenChange={(open) => !open && onClose()}
      size="large"
      title="Report"
      description="What was removed, without the contents. It can be undone in History."
      footer={
        <>
          {json !== undefined && (
            <Button
              icon={<Download aria-hidden="true" />}
              onClick={() =>
                void saveFile(client, `cleanup-${changeId}.json`, new Blob([json], { type: 'application/json' })).catch(toastError)
              }
            >
              Save as JSON
            </Button>
          )}
          <Button variant="primary" onClick={onClose}>
            Done
          </Button>
        </>
      }
    >
      <DialogBody bodyRef={body}>
        {error !== null ? (
          <QueryError error={error} />
        ) : data === undefined ? (
          <SkeletonLines count={5} />
        ) : (
          <div className="relative rounded-md border border-line bg-sunken p-3">
            <span className="absolute top-2 right-2">
              <CopyButton text={data.text} label="Copy the report" />
            </span>
            <pre className="font-mono text-small text-ink">
              <UntrustedText lines text={data.text} limit={mostText} />
            </pre>
          </div>
        )}
      </DialogBody>
    </Dialog>
  )
}
