import { useMutation } from '@tanstack/react-query'
import type { ChangeSummary } from '../../../shared/contract/changes.ts'
import { useClient } from '../../lib/client-context.tsx'
import { formatBytes, formatQuantity } from '../../lib/format.ts'
import { Button } from '../../ui/button.tsx'
import { Dialog, DialogBody } from '../../ui/dialog.tsx'
import { UntrustedText } from '../../ui/untrusted-text.tsx'

interface ForgetDialogProps {
  readonly changes: readonly ChangeSummary[]
  readonly onClose: () => void
  readonly onForgotten: () => void
}

const listed = 8

/** Asks before what is kept to undo changes is dropped: the one thing here that cannot be taken back. */
export function ForgetDialog({ changes, onClose, onForgotten }: ForgetDialogProps) {
  const client = useClient()
  const forget = useMutation(client.mutation('changes.forget'))
  const bytes = changes.reduce((sum, change) => sum + change.bytes, 0)
  const words = formatQuantity(changes.length, 'change')
  return (
    <Dialog
      open
      onOpenChange={(open) => !open && onClose()}
      title={`Forget ${words}`}
      description={`What they did stays in the store. What they replaced, ${formatBytes(bytes)}, is dropped, and they can no longer be undone.`}
      size="small"
      footer={
        <>
          <Button onClick={onClose}>Cancel</Button>
          <Button
            variant="danger"
            busy={forget.isPending}
            onClick={() => forget.mutate({ changeIds: changes.map(({ id }) => id) }, { onSuccess: onForgotten })}
          >
            Forget {words}
          </Button>
        </>
      }
    >
      <DialogBody>
        <ul className="flex flex-col gap-1 text-body text-ink-muted">
          {changes.slice(0, listed).map(({ id, title }) => (
            <li key={id} className="truncate">
              <UntrustedText text={title} limit={200} />
            </li>
          ))}
          {changes.length > listed && <li>and {formatQuantity(changes.length - listed, 'more', 'more')}</li>}
        </ul>
      </DialogBody>
    </Dialog>
  )
}
