import { useQuery } from '@tanstack/react-query'
import { useEffect, useMemo, useState } from 'react'
import type { CollectionRef } from '../../../shared/contract/collections.ts'
import { mostEdits, type RecordEdit } from '../../../shared/contract/curation.ts'
import { useClient } from '../../lib/client-context.tsx'
import { useChangeDialogs } from '../../lib/editing/change-dialogs.ts'
import { ChangeProgress } from '../../lib/editing/change-progress.tsx'
import { RecordDiff } from '../../lib/editing/record-diff.tsx'
import { readDraft, type StagedEdit } from '../../lib/editing/record-draft.ts'
import { useStagedEdits } from '../../lib/editing/staged-edits.ts'
import { useChange } from '../../lib/editing/use-change.ts'
import { useEditing } from '../../lib/editing/use-editing.ts'
import { formatCount, formatQuantity } from '../../lib/format.ts'
import { Button } from '../../ui/button.tsx'
import { Callout } from '../../ui/callout.tsx'
import { Dialog, DialogBody } from '../../ui/dialog.tsx'
import { Problem } from '../../ui/problem.tsx'
import { UntrustedText } from '../../ui/untrusted-text.tsx'

interface EditProps {
  readonly staged: StagedEdit
  /** Why the store would not take it. */
  readonly reason: string | null
  readonly isBusy: boolean
  readonly onDiscard: () => void
}

/** Edits that are shown before more are asked for. */
const shownAtFirst = 50

function vectorWords({ draft, seen }: StagedEdit): string | null {
  if (draft.vector === 'embed') return 'made anew from the document'
  return draft.document === seen.document ? null : 'kept, although the document differs'
}

function Edit({ staged, reason, isBusy, onDiscard }: EditProps) {
  const { after, problemCount } = readDraft(staged)
  return (
    <li className="flex flex-col gap-1 border-t border-line py-3 first:border-t-0 first:pt-0">
      <header className="flex items-center gap-2">
        <h3 className="numeric min-w-0 flex-1 truncate text-ink">
          <UntrustedText text={staged.seen.id} limit={200} />
        </h3>
        <Button size="small" variant="ghost" disabled={isBusy} onClick={onDiscard}>
          Discard
        </Button>
      </header>
      <RecordDiff before={staged.seen} after={after} vector={vectorWords(staged)} />
      {problemCount > 0 && (
        <Problem>{formatQuantity(problemCount, 'field needs', 'fields need')} a look before this can be applied.</Problem>
      )}
      {reason !== null && <Problem>{reason}</Problem>}
    </li>
  )
}

function Review({ collection, onClose }: { collection: CollectionRef; onClose: () => void }) {
  const client = useClient()
  const { edits: staged, discard } = useStagedEdits(collection)
  const { whenEditing, isEditing } = useEditing(collection.connectionId)
  const change = useChange('curation.edit')
  const [shown, setShown] = useState(shownAtFirst)
  const all = useMemo(() => [...staged.values()], [staged])
  const list = useMemo(() => all.slice(0, mostEdits), [all])
  const edits = useMemo(() => list.map((each) => readDraft(each).edit).filter((edit): edit is RecordEdit => edit !== null), [list])
  const check = useQuery({
    ...client.query('curation.check', { ...collection, edits }),
    enabled: edits.length > 0 && isEditing && !change.isRunning,
    staleTime: 0,
  })
  const reasons = new Map(check.data?.map(({ id, reason }) => [id, reason]))
  const isReady = edits.length > 0 && edits.length === list.length && reasons.size === 0
  const isEmpty = all.length === 0
  useEffect(() => {
    if (isEmpty) onClose()
  }, [isEmpty, onClose])

  const apply = (): void =>
    whenEditing(collection.connectionId, () =>
      change.run({
        connectionId: collection.connectionId,
        input: { ...collection, edits },
        message: `${formatQuantity(edits.length, 'record')} edited.`,
        onDone: () => discard(edits.map(({ id }) => id)),
      }),
    )

  return (
    <Dialog
      open
      onOpenChange={(open) => !open && onClose()}
      title="Review the staged edits"
      description={`${formatQuantity(all.length, 'record')}. Nothing is written before Apply; afterwards the whole change can be taken back.`}
      size="large"
      footer={
        <>
          {change.isRunning ? (
            <Button onClick={change.cancel}>Cancel</Button>
          ) : (
            <>
              <Button variant="ghost" onClick={() => discard(staged.keys())} className="mr-auto">
                Discard all
              </Button>
              <Button onClick={onClose}>Close</Button>
            </>
          )}
          <Button variant="primary" busy={change.isRunning} disabled={!isReady} onClick={apply}>
            Apply {formatQuantity(edits.length, 'edit')}
          </Button>
        </>
      }
    >
      <DialogBody>
        {all.length > mostEdits && (
          <Callout severity="warning" title={`One change takes ${formatCount(mostEdits)} edits.`} className="mb-3">
            The first {formatCount(mostEdits)} are applied now; {formatCount(all.length - mostEdits)} stay staged for the next one. Staged
            edits last as long as this window.
          </Callout>
        )}
        <ul aria-label="Staged edits">
          {list.slice(0, shown).map((each) => (
            <Edit
              key={each.seen.id}
              staged={each}
              reason={reasons.get(each.seen.id) ?? null}
              isBusy={change.isRunning}
              onDiscard={() => discard([each.seen.id])}
            />
          ))}
        </ul>
        {list.length > shown && (
          <Button size="small" variant="ghost" onClick={() => setShown(shown + 10 * shownAtFirst)}>
            Show more of the {formatCount(list.length)} edits
          </Button>
        )}
        <ChangeProgress change={change} />
      </DialogBody>
    </Dialog>
  )
}

/** All staged edits of a collection, each as what it changes; applied from here. */
export function ReviewDialog() {
  const { dialog, close } = useChangeDialogs()
  return dialog?.kind === 'review' ? <Review collection={dialog.collection} onClose={close} /> : null
}
