import { useState } from 'react'
import type { CollectionRef } from '../../../shared/contract/collections.ts'
import type { BulkOperation } from '../../../shared/contract/curation.ts'
import { useChangeDialogs, type NamedScope } from '../../lib/editing/change-dialogs.ts'
import { ChangeProgress } from '../../lib/editing/change-progress.tsx'
import { useChange } from '../../lib/editing/use-change.ts'
import { useSelection } from '../../lib/selection/use-selection.ts'
import { Button } from '../../ui/button.tsx'
import { Dialog, DialogBody } from '../../ui/dialog.tsx'
import { Field } from '../../ui/field.tsx'
import { Select } from '../../ui/select.tsx'
import { emptyBulkDraft, readBulkDraft, type BulkDraft } from './bulk-draft.ts'
import { BulkForm } from './bulk-form.tsx'
import { BulkPreviewPanel } from './bulk-preview-panel.tsx'
import { bulkWords } from './bulk-words.ts'
import { useBulkPreview } from './use-bulk-preview.ts'

const kinds: readonly { value: BulkOperation['kind']; label: string }[] = [
  { value: 'set', label: 'Set a metadata key' },
  { value: 'remove', label: 'Remove a metadata key' },
  { value: 'rename', label: 'Rename a metadata key' },
  { value: 'convert', label: 'Convert the type of a key' },
  { value: 'replace', label: 'Find and replace' },
  { value: 'embed', label: 'Embed the documents again' },
  { value: 'normalise', label: 'Bring vectors to norm 1' },
  { value: 'copy', label: 'Copy or move to a collection' },
  { value: 'delete', label: 'Delete' },
]

interface BulkProps {
  readonly collection: CollectionRef
  readonly records: NamedScope
  readonly onClose: () => void
  /** Deleting is all that is offered. */
  readonly onlyDelete: boolean
  /** What is filled in at first. */
  readonly first: BulkDraft
}

function takesAway(operation: BulkOperation): boolean {
  return operation.kind === 'delete' || (operation.kind === 'copy' && operation.move)
}

function Bulk({ collection, records, onClose, onlyDelete, first }: BulkProps) {
  const [draft, setDraft] = useState(first)
  const read = readBulkDraft(draft)
  const operation = read.ok ? read.operation : null
  const state = useBulkPreview(collection, records.scope, operation)
  const change = useChange('curation.apply')
  const { clear } = useSelection(collection)
  const { preview } = state
  const count = preview?.changed ?? 0
  const words = operation === null || preview === undefined ? null : bulkWords(operation, count)

  const apply = (): void => {
    if (operation === null || preview === undefined || words === null) return
    change.run({
      connectionId: collection.connectionId,
      input: { ...collection, scope: records.scope, operation, state: preview.state, rule: records.rule },
      message: words.done,
      onDone: () => {
        if (takesAway(operation)) clear()
        onClose()
      },
    })
  }

  return (
    <Dialog
      open
      onOpenChange={(open) => !open && onClose()}
      title={onlyDelete ? `Delete ${records.words}` : `Change ${records.words}`}
      description={records.rule === null ? undefined : `Records where ${records.rule}`}
      size={onlyDelete ? 'medium' : 'large'}
      footer={
        <>
          <p className="mr-auto text-small text-ink-muted">It can be undone, now or later in History.</p>
          <Button onClick={change.isRunning ? change.cancel : onClose}>Cancel</Button>
          <Button
            variant={operation?.kind === 'delete' ? 'danger' : 'primary'}
            busy={change.isRunning}
            disabled={words === null || !state.isCurrent || count === 0}
            onClick={apply}
          >
            {words?.button ?? (onlyDelete ? 'Delete' : 'Change')}
          </Button>
        </>
      }
    >
      <DialogBody className="flex flex-col gap-4">
        {!onlyDelete && (
          <>
            <Field label="What to do">
              <Select
                label="What to do"
                value={draft.kind}
                onValueChange={(kind) => {
                  change.reset()
                  setDraft({ ...draft, kind })
                }}
                options={kinds}
                className="w-64 self-start"
              />
            </Field>
            <BulkForm collection={collection} draft={draft} onDraft={setDraft} problem={read.ok ? null : read.problem} />
          </>
        )}
        <div className={onlyDelete ? undefined : 'border-t border-line pt-3'}>
          <BulkPreviewPanel state={state} operation={operation} />
        </div>
        <ChangeProgress change={change} />
      </DialogBody>
    </Dialog>
  )
}

/** One operation on many records: what to do, what it would change, and the button that does it. */
export function BulkDialog() {
  const { dialog, close } = useChangeDialogs()
  if (dialog?.kind !== 'bulk' && dialog?.kind !== 'delete') return null
  const { kind, collection, records, proposal } = dialog
  const first: BulkDraft = { ...emptyBulkDraft, ...proposal, kind: kind === 'delete' ? kind : (proposal?.kind ?? 'set') }
  return <Bulk collection={collection} records={records} onClose={close} onlyDelete={kind === 'delete'} first={first} />
}
