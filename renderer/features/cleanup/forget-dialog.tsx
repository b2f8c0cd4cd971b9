import { keepPreviousData, useQuery } from '@tanstack/react-query'
import { useMemo, useState } from 'react'
import type { ForgetTarget } from '../../../shared/contract/cleanup.ts'
import { useClient } from '../../lib/client-context.tsx'
import { ChangeProgress } from '../../lib/editing/change-progress.tsx'
import { useChange } from '../../lib/editing/use-change.ts'
import { useEditing } from '../../lib/editing/use-editing.ts'
import { formatCount, formatQuantity } from '../../lib/format.ts'
import { Button } from '../../ui/button.tsx'
import { Dialog, DialogBody } from '../../ui/dialog.tsx'
import { Segmented } from '../../ui/segmented.tsx'
import { SuggestInput } from '../../ui/suggest-input.tsx'
import { Table, TableCell, TableRow } from '../../ui/table.tsx'
import { TextInput } from '../../ui/text-input.tsx'
import { UntrustedText } from '../../ui/untrusted-text.tsx'
import { ReportDialog } from './report-dialog.tsx'

interface ForgetDialogProps {
  readonly connectionId: string
  /** Whom it proposes to forget. */
  readonly user?: string
  readonly onClose: () => void
}

type Kind = ForgetTarget['kind']
/** Names that the core lists at most. */
const mostListed = 500

function timeOf(text: string): number | null {
  const ms = text === '' ? Number.NaN : Date.parse(`${text}T00:00:00Z`)
  return Number.isNaN(ms) ? null : ms
}

/** Removes everything of a user, a session, a namespace or a time from all collections of a store, after showing how much that is. */
export function ForgetDialog({ connectionId, user = '', onClose }: ForgetDialogProps) {
  const client = useClient()
  const change = useChange('cleanup.forget')
  const { whenEditing } = useEditing(connectionId)
  const [kind, setKind] = useState<Kind>('user')
  const [value, setValue] = useState(user)
  const [{ from, to }, setSpan] = useState({ from: '', to: '' })
  const [isDone, setDone] = useState(false)
  const { data: known } = useQuery({
    ...client.query('cleanup.forgettable', { connectionId, kind: kind === 'time' ? 'user' : kind }),
    enabled: kind !== 'time',
  })
  const suggestions = useMemo(
    () => (known ?? []).map((one) => ({ value: one.value, hint: formatQuantity(one.records, 'record') })),
    [known],
  )
  // What is typed is looked for once it is a whole name, unless there are more names than are listed.
  const isNamed = known !== undefined && (known.length >= mostListed || known.some((one) => one.value === value))
  const target = useMemo<ForgetTarget | null>(() => {
    if (kind === 'time') return from === '' && to === '' ? null : { kind, from: timeOf(from), to: timeOf(to) }
    return value === '' || !isNamed ? null : { kind, value }
  }, [kind, value, isNamed, from, to])
  const { data: preview, isFetching } = useQuery({
    ...client.query('cleanup.forgetPreview', { connectionId, target: target ?? { kind: 'user', value: '' } }),
    enabled: target !== null && !isDone,
    placeholderData: keepPreviousData,
  })
  if (isDone) return <ReportDialog method="cleanup.forget" subject={connectionId} onClose={onClose} />
  const shown = target === null ? undefined : preview
  const apply = (): void => {
    if (target === null || shown === undefined) return
    const { state, records } = shown
    whenEditing(connectionId, () =>
      change.run({
        connectionId,
        input: { connectionId, target, state },
        message: `${formatQuantity(records, 'record')} forgotten.`,
        onDone: () => setDone(true),
      }),
    )
  }
  return (
    <Dialog
      open
      onOpenChange={(open) => !open && onClose()}
      title="Forget"
      description="Removes everything of a user, a session, a namespace or a time from all collections of the store. It can be undone until the change is dropped from History."
      footer={
        <>
          <Button onClick={change.isRunning ? change.cancel : onClose}>Cancel</Button>
          <Button
            variant="danger"
            busy={change.isRunning}
            disabled={shown === undefined || shown.records === 0 || isFetching}
            onClick={apply}
          >
            {shown === undefined ? 'Forget' : `Forget ${formatQuantity(shown.records, 'record')}`}
          </Button>
        </>
      }
    >
      <DialogBody className="flex flex-col gap-4">
        <Segmented
          label="What is forgotten"
          value={kind}
          onValueChange={(next) => {
            setKind(next)
            setValue('')
          }}
          options={[
            { value: 'user', label: 'User' },
            { value: 'session', label: 'Session' },
            { value: 'namespace', label: 'Namespace' },
            { value: 'time', label: 'Time' },
          ]}
        />
        {kind === 'time' ? (
          <div className="flex items-center gap-3 text-body text-ink-muted">
            Made from
            <TextInput
              type="date"
              aria-label="From, inclusive, in UTC"
              value={from}
              onValueChange={(next) => setSpan({ from: next, to })}
            />
            to before
            <TextInput type="date" aria-label="To, exclusive, in UTC" value={to} onValueChange={(next) => setSpan({ from, to: next })} />
            UTC
          </div>
        ) : (
          <SuggestInput
            label={`Which ${kind}`}
            placeholder={known?.length === 0 ? `No collection names a ${kind}` : `Which ${kind}`}
            value={value}
            onValueChange={setValue}
            suggestions={suggestions}
          />
        )}
        {shown !== undefined && (
          <Table
            label="Records by collection"
            columns={[{ name: 'Collection' }, { name: 'By' }, { name: 'Forgotten', align: 'end' }, { name: 'Of', align: 'end' }]}
          >
            {shown.collections.map(({ collectionId, name, records, total, field }) => (
              <TableRow key={collectionId}>
                <TableCell>
                  <UntrustedText text={name} limit={80} />
                </TableCell>
                <TableCell className="text-ink-muted">
                  {field === null ? 'no such field, nothing is removed' : <UntrustedText text={field} limit={60} />}
                </TableCell>
                <TableCell align="end">{formatCount(records)}</TableCell>
                <TableCell align="end">{formatCount(total)}</TableCell>
              </TableRow>
            ))}
          </Table>
        )}
        <ChangeProgress change={change} />
      </DialogBody>
    </Dialog>
  )
}
