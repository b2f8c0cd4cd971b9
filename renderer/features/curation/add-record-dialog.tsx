import { useQuery } from '@tanstack/react-query'
import { useState } from 'react'
import type { CollectionRef } from '../../../shared/contract/collections.ts'
import type { StoredRecord } from '../../../shared/domain/record.ts'
import { useClient } from '../../lib/client-context.tsx'
import { useChangeDialogs } from '../../lib/editing/change-dialogs.ts'
import { EmbeddingNote, useCollectionEmbedder } from '../../lib/editing/embedding-note.tsx'
import { rowsOf } from '../../lib/editing/metadata-draft.ts'
import { MetadataEditor } from '../../lib/editing/metadata-editor.tsx'
import { useChange } from '../../lib/editing/use-change.ts'
import { Field } from '../../ui/field.tsx'
import { GrowingTextArea } from '../../ui/growing-text-area.tsx'
import { Problem } from '../../ui/problem.tsx'
import { RadioList } from '../../ui/radio-list.tsx'
import { TextArea } from '../../ui/text-area.tsx'
import { TextInput } from '../../ui/text-input.tsx'
import { ChangeFormDialog } from './change-form-dialog.tsx'
import { readNewRecord, type NewRecordDraft } from './new-record-draft.ts'
import { useCollection } from './use-collection.ts'

interface AddRecordProps {
  readonly collection: CollectionRef
  /** Whose fields are taken over; null for an empty record. */
  readonly from: StoredRecord | null
  readonly onClose: () => void
}

function draftFrom(from: StoredRecord | null, canEmbed: boolean): NewRecordDraft {
  const vector = from !== null ? 'of' : canEmbed ? 'embed' : 'given'
  if (from === null) return { id: crypto.randomUUID(), document: '', uri: null, metadata: [], vector, numbers: '' }
  const { id, document, uri, metadata } = from
  return { id: `${id}-copy`, document, uri, metadata: rowsOf(metadata), vector, numbers: '' }
}

function AddRecord({ collection, from, onClose }: AddRecordProps) {
  const client = useClient()
  const { data: keys } = useQuery(client.query('collections.keys', collection))
  const { collection: summary } = useCollection(collection)
  const { canEmbed } = useCollectionEmbedder(collection)
  const [draft, setDraft] = useState<NewRecordDraft>(() => draftFrom(from, canEmbed))
  const change = useChange('curation.add')
  const dimension = summary?.dimension ?? null
  const { record, problems } = readNewRecord(draft, from?.id ?? null, dimension)
  const idProblem = draft.id === '' ? 'A record needs an ID.' : draft.id === from?.id ? 'The record that is duplicated has this ID.' : null
  return (
    <ChangeFormDialog
      title={from === null ? 'Add a record' : 'Duplicate a record'}
      verb="Add record"
      size="large"
      canApply={record !== null}
      onClose={onClose}
      change={change}
      onApply={() =>
        record &&
        change.run({
          connectionId: collection.connectionId,
          input: { ...collection, records: [record] },
          message: 'One record added.',
          onDone: onClose,
        })
      }
    >
      <Field label="ID" error={idProblem}>
        <TextInput value={draft.id} onValueChange={(id) => setDraft({ ...draft, id })} className="numeric" />
      </Field>
      <div className="flex flex-col gap-1">
        <span aria-hidden="true" className="text-small text-ink-muted">
          Document
        </span>
        <GrowingTextArea
          aria-label="Document"
          value={draft.document ?? ''}
          onValueChange={(document) => setDraft({ ...draft, document: document === '' && from?.document === null ? null : document })}
          lines={[3, 12]}
        />
      </div>
      <section aria-label="Metadata" className="flex flex-col gap-1">
        <h3 className="text-small text-ink-muted">Metadata</h3>
        <MetadataEditor
          rows={draft.metadata}
          onRows={(metadata) => setDraft({ ...draft, metadata })}
          problems={problems.metadata}
          knownKeys={keys?.map(({ key }) => key) ?? []}
        />
      </section>
      <section aria-label="Vector" className="flex flex-col gap-1">
        <h3 className="text-small text-ink-muted">Vector</h3>
        <RadioList
          label="Vector"
          value={draft.vector}
          onValueChange={(vector) => setDraft({ ...draft, vector })}
          options={[
            ...(from === null ? [] : [{ value: 'of' as const, label: 'The vector of the record that is duplicated' }]),
            { value: 'embed', label: 'Embed the document', note: <EmbeddingNote collection={collection} />, disabled: !canEmbed },
            { value: 'given', label: dimension === null ? 'Numbers' : `${dimension} numbers` },
          ]}
        />
        {draft.vector === 'given' && (
          <TextArea
            aria-label="Numbers of the vector"
            value={draft.numbers}
            onValueChange={(numbers) => setDraft({ ...draft, numbers })}
            placeholder="[0.1, 0.2, 0.3]"
          />
        )}
        {problems.vector !== null && (draft.vector !== 'given' || draft.numbers !== '') && <Problem>{problems.vector}</Problem>}
      </section>
    </ChangeFormDialog>
  )
}

function Loaded({ collection, from, onClose }: { collection: CollectionRef; from: string | null; onClose: () => void }) {
  const client = useClient()
  const { data } = useQuery({ ...client.query('records.get', { ...collection, ids: from === null ? [] : [from] }), enabled: from !== null })
  const { isPending } = useCollectionEmbedder(collection)
  if (isPending || (from !== null && data === undefined)) return null
  return <AddRecord collection={collection} from={data?.[0] ?? null} onClose={onClose} />
}

/** A new record, empty or with the fields of another. */
export function AddRecordDialog() {
  const { dialog, close } = useChangeDialogs()
  return dialog?.kind === 'add' ? <Loaded collection={dialog.collection} from={dialog.from} onClose={close} /> : null
}
