import type { ReactNode } from 'react'
import type { CollectionRef } from '../../../shared/contract/collections.ts'
import { EmbeddingNote } from '../../lib/editing/embedding-note.tsx'
import { draftTypes, withType } from '../../lib/editing/metadata-draft.ts'
import { ValueInput } from '../../lib/editing/value-input.tsx'
import { VectorChoice } from '../../lib/editing/vector-choice.tsx'
import { Checkbox } from '../../ui/checkbox.tsx'
import { Field } from '../../ui/field.tsx'
import { Problem } from '../../ui/problem.tsx'
import { Segmented } from '../../ui/segmented.tsx'
import { Select } from '../../ui/select.tsx'
import { TextInput } from '../../ui/text-input.tsx'
import { valueRow, type BulkDraft } from './bulk-draft.ts'
import { CollectionSelect } from './collection-select.tsx'
import { KeyField } from './key-field.tsx'

interface FieldsProps {
  readonly collection: CollectionRef
  readonly draft: BulkDraft
  readonly onDraft: (draft: BulkDraft) => void
}

function Key({ collection, draft, onDraft }: FieldsProps) {
  return <KeyField collection={collection} value={draft.key} onValueChange={(key) => onDraft({ ...draft, key })} />
}

function SetFields(props: FieldsProps) {
  const { draft, onDraft } = props
  return (
    <>
      <div className="flex gap-3">
        <Key {...props} />
        <Field label="Type">
          <Select
            label="Type"
            value={draft.type}
            onValueChange={(type) => {
              const { text } = withType(valueRow(draft), type)
              onDraft({ ...draft, type, text: type === 'boolean' && draft.text === '' ? 'true' : text })
            }}
            options={draftTypes.map((value) => ({ value, label: value }))}
            className="w-32"
          />
        </Field>
      </div>
      <div className="flex flex-col gap-1">
        <span aria-hidden="true" className="text-small text-ink-muted">
          Value
        </span>
        <ValueInput
          row={valueRow(draft)}
          label="Value"
          isInvalid={false}
          describedBy={undefined}
          onText={(text) => onDraft({ ...draft, text })}
        />
      </div>
    </>
  )
}

function RenameFields(props: FieldsProps) {
  const { draft, onDraft } = props
  return (
    <>
      <div className="flex gap-3">
        <Key {...props} />
        <Field label="New name" className="flex-1">
          <TextInput value={draft.to} onValueChange={(to) => onDraft({ ...draft, to })} className="numeric" />
        </Field>
      </div>
      <Checkbox
        checked={draft.overwrite}
        onCheckedChange={(overwrite) => onDraft({ ...draft, overwrite })}
        label="Overwrite where the new name is taken"
      />
    </>
  )
}

function ConvertFields(props: FieldsProps) {
  const { draft, onDraft } = props
  return (
    <div className="flex gap-3">
      <Key {...props} />
      <Field label="To">
        <Select
          label="To"
          value={draft.convertTo}
          onValueChange={(convertTo) => onDraft({ ...draft, convertTo })}
          options={(['string', 'integer', 'float', 'boolean'] as const).map((value) => ({ value, label: value }))}
          className="w-32"
        />
      </Field>
    </div>
  )
}

function ReplaceFields(props: FieldsProps) {
  const { collection, draft, onDraft } = props
  return (
    <>
      <div className="flex items-end gap-3">
        <Segmented
          label="Where"
          value={draft.searchesDocument ? 'document' : 'key'}
          onValueChange={(where) => onDraft({ ...draft, searchesDocument: where === 'document' })}
          options={[
            { value: 'document', label: 'In documents' },
            { value: 'key', label: 'In a metadata key' },
          ]}
        />
        {!draft.searchesDocument && <Key {...props} />}
      </div>
      <div className="grid grid-cols-2 gap-3">
        <Field label="Find">
          <TextInput value={draft.find} onValueChange={(find) => onDraft({ ...draft, find })} />
        </Field>
        <Field label="Replace with" description={draft.isPattern ? '$1, $2 and so on stand for the groups of the pattern' : undefined}>
          <TextInput value={draft.replacement} onValueChange={(replacement) => onDraft({ ...draft, replacement })} />
        </Field>
      </div>
      <div className="flex gap-5">
        <Checkbox checked={draft.matchCase} onCheckedChange={(matchCase) => onDraft({ ...draft, matchCase })} label="Match case" />
        <Checkbox checked={draft.isPattern} onCheckedChange={(isPattern) => onDraft({ ...draft, isPattern })} label="Regular expression" />
      </div>
      {draft.searchesDocument && (
        <VectorChoice
          collection={collection}
          value={draft.vector}
          documentChanged
          hasDocument
          problem={null}
          onValue={(vector) => onDraft({ ...draft, vector })}
        />
      )}
    </>
  )
}

function CopyFields({ collection, draft, onDraft }: FieldsProps) {
  return (
    <>
      <div className="flex items-end gap-3">
        <Segmented
          label="Copy or move"
          value={draft.move ? 'move' : 'copy'}
          onValueChange={(word) => onDraft({ ...draft, move: word === 'move' })}
          options={[
            { value: 'copy', label: 'Copy' },
            { value: 'move', label: 'Move' },
          ]}
        />
        <Field label="To the collection" className="flex-1">
          <CollectionSelect
            label="To the collection"
            except={collection}
            value={draft.target}
            onValueChange={(target) => onDraft({ ...draft, target })}
          />
        </Field>
      </div>
      <Checkbox
        checked={draft.existing === 'overwrite'}
        onCheckedChange={(overwrite) => onDraft({ ...draft, existing: overwrite ? 'overwrite' : 'leave' })}
        label="Overwrite records that have the same ID there"
      />
    </>
  )
}

const fields: Readonly<Record<BulkDraft['kind'], ((props: FieldsProps) => ReactNode) | null>> = {
  set: SetFields,
  remove: Key,
  rename: RenameFields,
  convert: ConvertFields,
  replace: ReplaceFields,
  embed: EmbeddingNote,
  normalise: null,
  copy: CopyFields,
  delete: null,
}

/** The fields of the operation that is chosen. */
export function BulkForm({ problem, ...props }: FieldsProps & { readonly problem: string | null }) {
  const Fields = fields[props.draft.kind]
  if (Fields === null) return null
  return (
    <div className="flex flex-col gap-3">
      <Fields {...props} />
      {problem !== null && <Problem>{problem}</Problem>}
    </div>
  )
}
