import { useQuery } from '@tanstack/react-query'
import { useMemo, useState, type ReactNode } from 'react'
import type { CollectionRef } from '../../../../shared/contract/collections.ts'
import type { StoredRecord } from '../../../../shared/domain/record.ts'
import { encode } from '../../../../shared/rpc/codec.ts'
import { useClient } from '../../../lib/client-context.tsx'
import { MetadataEditor } from '../../../lib/editing/metadata-editor.tsx'
import { readValue, sameValue } from '../../../lib/editing/metadata-draft.ts'
import { draftOf, readDraft, type RecordDraft } from '../../../lib/editing/record-draft.ts'
import { useStagedEdits } from '../../../lib/editing/staged-edits.ts'
import { useReviewEdits } from '../../../lib/editing/use-review-edits.ts'
import { VectorChoice } from '../../../lib/editing/vector-choice.tsx'
import { Button } from '../../../ui/button.tsx'
import { Field } from '../../../ui/field.tsx'
import { GrowingTextArea } from '../../../ui/growing-text-area.tsx'
import { Problem } from '../../../ui/problem.tsx'
import { TextInput } from '../../../ui/text-input.tsx'

interface RecordEditorProps {
  readonly collection: CollectionRef
  /** As it is stored now. */
  readonly record: StoredRecord
  readonly onDone: () => void
}

function EditorSection({ title, actions, children }: { title: string; actions?: ReactNode; children: ReactNode }) {
  return (
    <section aria-label={title} className="flex flex-col gap-1.5 border-t border-line px-4 py-3 first:border-t-0">
      <header className="flex h-6 items-center gap-1">
        <h3 className="flex-1 text-small font-strong text-ink-muted">{title}</h3>
        {actions}
      </header>
      {children}
    </section>
  )
}

function DocumentField({ draft, stored, onDraft }: { draft: RecordDraft; stored: string | null; onDraft: (draft: RecordDraft) => void }) {
  const { document } = draft
  if (document !== null) {
    return (
      <GrowingTextArea
        aria-label="Document"
        value={document}
        onValueChange={(next) => onDraft({ ...draft, document: next })}
        lines={[3, 22]}
      />
    )
  }
  return (
    <p className="flex items-center gap-2 text-body text-ink-muted">
      {stored === null ? 'This record has no document.' : 'The document goes.'}
      <Button size="small" onClick={() => onDraft({ ...draft, document: stored ?? '' })}>
        {stored === null ? 'Add one' : 'Keep it'}
      </Button>
    </p>
  )
}

/** Rows that differ from what is stored under their key. */
function changedRows(draft: RecordDraft, seen: StoredRecord): Set<number> {
  const changed = draft.metadata.filter((row) => {
    const read = readValue(row)
    return !read.ok || !sameValue(read.value, seen.metadata?.get(row.key))
  })
  return new Set(changed.map(({ row }) => row))
}

function summary(parts: readonly string[], problemCount: number): string {
  if (problemCount > 0) return problemCount === 1 ? 'One field needs a look' : `${problemCount} fields need a look`
  if (parts.length === 0) return 'Nothing differs yet'
  return `Staged: ${parts.length > 4 ? `${parts.slice(0, 4).join(', ')} and ${parts.length - 4} more` : parts.join(', ')}`
}

/** One record with its fields to type into. What is typed is staged at once and written only when it is applied. */
export function RecordEditor({ collection, record, onDone }: RecordEditorProps) {
  const client = useClient()
  const { edits, stage, discard } = useStagedEdits(collection)
  const { data: keys } = useQuery(client.query('collections.keys', collection))
  const review = useReviewEdits(collection)
  // Where nothing differs nothing is staged, yet what was chosen on the way there stays.
  const [unstaged, setUnstaged] = useState<RecordDraft>(() => draftOf(record))
  const staged = edits.get(record.id)
  const seen = staged?.seen ?? record
  const draft = staged?.draft ?? unstaged
  const { parts, problems, problemCount } = useMemo(() => readDraft({ seen, draft }), [seen, draft])
  const changed = useMemo(() => changedRows(draft, seen), [draft, seen])
  const isOutdated = useMemo(() => encode(seen) !== encode(record), [seen, record])
  const isIdle = parts.length === 0 && problemCount === 0
  const onDraft = (next: RecordDraft): void => {
    setUnstaged(next)
    stage(seen, next)
  }

  return (
    <form aria-label="Edit the record" onSubmit={(event) => event.preventDefault()} className="flex min-h-full flex-col">
      {isOutdated && (
        <div role="alert" className="flex items-center gap-2 border-b border-line bg-wrong-soft px-4 py-1.5 text-small text-ink">
          <span className="flex-1">The record was changed by something else since this edit began.</span>
          <Button size="small" onClick={() => discard([record.id])}>
            Discard the edit
          </Button>
        </div>
      )}
      <EditorSection
        title="Document"
        actions={
          draft.document !== null && (
            <Button size="small" variant="ghost" onClick={() => onDraft({ ...draft, document: null, vector: null })}>
              Remove
            </Button>
          )
        }
      >
        <DocumentField draft={draft} stored={seen.document} onDraft={onDraft} />
        <VectorChoice
          collection={collection}
          value={draft.vector}
          documentChanged={draft.document !== seen.document}
          hasDocument={draft.document !== null}
          problem={problems.vector}
          onValue={(vector) => onDraft({ ...draft, vector })}
        />
      </EditorSection>
      <EditorSection title="Metadata">
        <MetadataEditor
          rows={draft.metadata}
          onRows={(metadata) => onDraft({ ...draft, metadata })}
          problems={problems.metadata}
          knownKeys={keys?.map(({ key }) => key) ?? []}
          changed={changed}
        />
      </EditorSection>
      <EditorSection title="ID and URI">
        <Field
          label="ID"
          description={
            draft.id !== seen.id && problems.id === null ? 'It is written anew under this ID, and the one before is deleted.' : undefined
          }
        >
          <TextInput value={draft.id} onValueChange={(id) => onDraft({ ...draft, id })} className="numeric" />
        </Field>
        {problems.id !== null && <Problem>{problems.id}</Problem>}
        <Field label="URI" optional>
          <TextInput
            value={draft.uri ?? ''}
            onValueChange={(uri) => onDraft({ ...draft, uri: uri === '' && seen.uri !== '' ? null : uri })}
            placeholder="none"
            className="numeric"
          />
        </Field>
      </EditorSection>
      <footer className="sticky bottom-0 mt-auto flex min-h-11 items-center gap-2 border-t border-line bg-raised px-4 py-2">
        <p role="status" className="min-w-0 flex-1 text-small wrap-anywhere text-ink-muted">
          {summary(parts, problemCount)}
        </p>
        <Button
          size="small"
          onClick={() => {
            discard([record.id])
            onDone()
          }}
        >
          {isIdle ? 'Done' : 'Discard'}
        </Button>
        {!isIdle && (
          <Button size="small" variant="primary" disabled={problemCount > 0} onClick={review}>
            Review…
          </Button>
        )}
      </footer>
    </form>
  )
}
