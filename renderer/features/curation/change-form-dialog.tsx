import type { ReactNode } from 'react'
import type { Job } from '../../../shared/contract/jobs.ts'
import type { WireError } from '../../../shared/rpc/errors.ts'
import { ChangeProgress } from '../../lib/editing/change-progress.tsx'
import { Button } from '../../ui/button.tsx'
import { Dialog, DialogBody } from '../../ui/dialog.tsx'

interface ChangeFormDialogProps {
  readonly title: string
  readonly description?: ReactNode
  /** The words on the button that does it. */
  readonly verb: string
  readonly isDestructive?: boolean
  readonly size?: 'small' | 'medium' | 'large'
  readonly canApply: boolean
  readonly onApply: () => void
  readonly onClose: () => void
  readonly change: {
    readonly isRunning: boolean
    readonly job: Job | null
    readonly failure: Pick<WireError, 'message' | 'remedy'> | null
    readonly cancel: () => void
  }
  readonly children: ReactNode
}

const formId = 'change-form'

/** A dialog in which one change is filled in and done: Enter does it, progress and failure are shown in it. */
export function ChangeFormDialog({
  title,
  description,
  verb,
  isDestructive = false,
  size = 'medium',
  canApply,
  onApply,
  onClose,
  change,
  children,
}: ChangeFormDialogProps) {
  return (
    <Dialog
      open
      onOpenChange={(open) => !open && onClose()}
      title={title}
      description={description}
      size={size}
      footer={
        <>
          <Button onClick={change.isRunning ? change.cancel : onClose}>Cancel</Button>
          <Button type="submit" form={formId} variant={isDestructive ? 'danger' : 'primary'} busy={change.isRunning} disabled={!canApply}>
            {verb}
          </Button>
        </>
      }
    >
      <DialogBody>
        <form
          id={formId}
          noValidate
          onSubmit={(event) => {
            event.preventDefault()
            if (canApply && !change.isRunning) onApply()
          }}
          className="flex flex-col gap-4"
        >
          {children}
        </form>
        <ChangeProgress change={change} />
      </DialogBody>
    </Dialog>
  )
}
