import { useQuery } from '@tanstack/react-query'
import { useState } from 'react'
import type { CollectionDetail, CollectionRef } from '../../../shared/contract/collections.ts'
import { useClient } from '../../lib/client-context.tsx'
import { differingKeys, readRows, rowsOf, type MetadataRow } from '../../lib/editing/metadata-draft.ts'
import { MetadataEditor } from '../../lib/editing/metadata-editor.tsx'
import { useChange } from '../../lib/editing/use-change.ts'
import { visibleString } from '../../lib/visible-text.ts'
import { Field } from '../../ui/field.tsx'
import { TextInput } from '../../ui/text-input.tsx'
import { ChangeFormDialog } from './change-form-dialog.tsx'
import { newNameProblem } from './collection-name.ts'
import { useCollection } from './use-collection.ts'

interface ModifyCollectionProps {
  readonly target: CollectionRef
  readonly detail: CollectionDetail
  readonly onClose: () => void
}

function ModifyCollection({ target, detail, onClose }: ModifyCollectionProps) {
  const { others } = useCollection(target)
  const [name, setName] = useState(detail.summary.name)
  const [rows, setRows] = useState<MetadataRow[]>(() => rowsOf(detail.metadata))
  const change = useChange('curation.modifyCollection')
  const isRenamed = name !== detail.summary.name
  const problem = isRenamed ? newNameProblem(name, others) : null
  const { metadata, problems } = readRows(rows, detail.metadata)
  const isOther = differingKeys(detail.metadata, metadata).length > 0
  return (
    <ChangeFormDialog
      title={`Edit “${visibleString(detail.summary.name)}”`}
      verb={isRenamed && !isOther ? 'Rename collection' : 'Save collection'}
      canApply={(isRenamed || isOther) && problem === null && problems.length === 0}
      onClose={onClose}
      change={change}
      onApply={() =>
        change.run({
          connectionId: target.connectionId,
          input: { ...target, ...(isRenamed ? { name } : {}), ...(isOther ? { metadata: metadata ?? new Map() } : {}) },
          message: isRenamed ? `Collection renamed to “${name}”.` : `Metadata of “${visibleString(name)}” changed.`,
          onDone: onClose,
        })
      }
    >
      <Field label="Name" error={problem}>
        <TextInput value={name} onValueChange={setName} className="numeric" />
      </Field>
      <section aria-label="Metadata of the collection" className="flex flex-col gap-1">
        <h3 className="text-small text-ink-muted">Metadata of the collection</h3>
        <MetadataEditor rows={rows} onRows={setRows} problems={problems} knownKeys={[]} />
      </section>
    </ChangeFormDialog>
  )
}

/** The name and the metadata of a collection, to be changed. */
export function ModifyCollectionDialog({ target, onClose }: { target: CollectionRef; onClose: () => void }) {
  const client = useClient()
  const { data: detail } = useQuery(client.query('collections.detail', target))
  return detail ? <ModifyCollection target={target} detail={detail} onClose={onClose} /> : null
}
