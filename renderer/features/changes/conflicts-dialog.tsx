import { useQuery } from '@tanstack/react-query'
import { useState, type ReactNode } from 'react'
import type { Conflict } from '../../../shared/contract/changes.ts'
import { useClient } from '../../lib/client-context.tsx'
import { describeError } from '../../lib/describe-error.ts'
import { useChangeDialogs, type ChangeDialog } from '../../lib/editing/change-dialogs.ts'
import { ChangeProgress } from '../../lib/editing/change-progress.tsx'
import { RecordDiff } from '../../lib/editing/record-diff.tsx'
import { useChange } from '../../lib/editing/use-change.ts'
import { undoWords } from '../../lib/editing/use-undo.ts'
import { formatCount, formatQuantity } from '../../lib/format.ts'
import { Button } from '../../ui/button.tsx'
import { Callout } from '../../ui/callout.tsx'
import { Checkbox } from '../../ui/checkbox.tsx'
import { Dialog, DialogBody } from '../../ui/dialog.tsx'
import { SkeletonLines } from '../../ui/skeleton.tsx'
import { UntrustedText } from '../../ui/untrusted-text.tsx'

function Part({ title, children }: { title: string; children: ReactNode }) {
  return (
    <section className="min-w-0">
      <h4 className="text-small text-ink-faint">{title}</h4>
      {children}
    </section>
  )
}

interface RecordConflictProps {
  readonly conflict: Conflict
  readonly isOverwritten: boolean
  readonly onOverwritten: (overwritten: boolean) => void
}

function sinceWords({ expected, current }: Conflict): string {
  if (current === null) return 'Deleted since; it was'
  return expected === null ? 'Added since' : 'Changed since'
}

function RecordConflict({ conflict, isOverwritten, onOverwritten }: RecordConflictProps) {
  const { id, collectionName, expected, current, restored } = conflict
  return (
    <li className="border-t border-line py-3 first:border-t-0">
      <header className="mb-1.5 flex items-center gap-3">
        <h3 className="numeric min-w-0 flex-1 truncate" title={collectionName}>
          <UntrustedText text={id} limit={200} />
        </h3>
        <Checkbox checked={isOverwritten} onCheckedChange={onOverwritten} label="Overwrite" />
      </header>
      <div className="grid grid-cols-2 gap-4">
        <Part title={sinceWords(conflict)}>
          <RecordDiff before={expected} after={current} />
        </Part>
        <Part title={restored === null ? 'Overwriting deletes it' : 'Overwriting makes of it'}>
          {restored === null ? <p className="text-ink-muted">The record goes.</p> : <RecordDiff before={current} after={restored} />}
        </Part>
      </div>
    </li>
  )
}

function Conflicts({ dialog, onClose }: { dialog: Extract<ChangeDialog, { kind: 'conflicts' }>; onClose: () => void }) {
  const client = useClient()
  const { connectionId, changeId, title, isRedo } = dialog
  const [overwritten, setOverwritten] = useState<ReadonlySet<string>>(new Set())
  const { data, error } = useQuery({ ...client.query('changes.conflicts', { changeId }), staleTime: 0, gcTime: 0 })
  const change = useChange('changes.undo')
  const verb = isRedo ? 'Redo' : 'Undo'
  const total = data?.total ?? 0
  const listed = data?.conflicts ?? []
  const { message, back } = undoWords({ title, isRedo })
  const overwrite = (id: string, isOverwritten: boolean): void => {
    const ids = new Set(overwritten)
    if (isOverwritten) ids.add(id)
    else ids.delete(id)
    setOverwritten(ids)
  }

  return (
    <Dialog
      open
      onOpenChange={(open) => !open && onClose()}
      title={data === undefined ? 'Looking for changes since' : `${formatQuantity(total, 'record was', 'records were')} changed since`}
      description={`Records that are no longer as “${title}” left them stay as they are, unless they are ticked.`}
      size="large"
      footer={
        <>
          {listed.length > 1 && !change.isRunning && (
            <Checkbox
              checked={overwritten.size === listed.length}
              indeterminate={overwritten.size > 0 && overwritten.size < listed.length}
              onCheckedChange={(all) => setOverwritten(new Set(all ? listed.map(({ id }) => id) : []))}
              label={`Overwrite all ${formatCount(listed.length)}`}
              className="mr-auto"
            />
          )}
          <Button onClick={change.isRunning ? change.cancel : onClose}>Cancel</Button>
          <Button
            variant={overwritten.size > 0 ? 'danger' : 'primary'}
            busy={change.isRunning}
            disabled={data === undefined}
            onClick={() =>
              change.run({
                connectionId,
                input: { changeId, overwrite: [...overwritten] },
                message,
                undoing: { title, back },
                onDone: onClose,
              })
            }
          >
            {overwritten.size === 0 ? `${verb} the others` : `${verb}, overwriting ${formatQuantity(overwritten.size, 'record')}`}
          </Button>
        </>
      }
    >
      <DialogBody>
        {error !== null && <Callout severity="error" title={describeError(error).message} />}
        {data === undefined && error === null && <SkeletonLines count={6} />}
        {listed.length > 0 && (
          <ul aria-label="Records changed since">
            {listed.map((conflict) => (
              <RecordConflict
                key={`${conflict.collectionName} ${conflict.id}`}
                conflict={conflict}
                isOverwritten={overwritten.has(conflict.id)}
                onOverwritten={(isOverwritten) => overwrite(conflict.id, isOverwritten)}
              />
            ))}
          </ul>
        )}
        {total > listed.length && (
          <p className="text-ink-muted">
            {formatQuantity(total - listed.length, 'more record is', 'more records are')} not listed and left as they are.
          </p>
        )}
        <ChangeProgress change={change} />
      </DialogBody>
    </Dialog>
  )
}

/** Records that were changed after what is to be taken back, and for each whether it is overwritten. */
export function ConflictsDialog() {
  const { dialog, close } = useChangeDialogs()
  return dialog?.kind === 'conflicts' ? <Conflicts key={dialog.changeId} dialog={dialog} onClose={close} /> : null
}
