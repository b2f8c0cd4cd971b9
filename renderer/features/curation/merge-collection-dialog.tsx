import { useState } from 'react'
import type { CollectionRef } from '../../../shared/contract/collections.ts'
import { useChange } from '../../lib/editing/use-change.ts'
import { visibleString } from '../../lib/visible-text.ts'
import { Field } from '../../ui/field.tsx'
import { RadioList } from '../../ui/radio-list.tsx'
import { ChangeFormDialog } from './change-form-dialog.tsx'
import { CollectionSelect } from './collection-select.tsx'
import { useCollection } from './use-collection.ts'

/** Adds the records of another collection to one. */
export function MergeCollectionDialog({ target, onClose }: { target: CollectionRef; onClose: () => void }) {
  const { collection } = useCollection(target)
  const [from, setFrom] = useState<CollectionRef | null>(null)
  const [existing, setExisting] = useState<'leave' | 'overwrite'>('leave')
  const { collection: source } = useCollection(from ?? target)
  const change = useChange('curation.mergeCollection')
  if (collection === null) return null
  const name = visibleString(collection.name)
  const isOtherDimension =
    from !== null &&
    source !== null &&
    source.dimension !== null &&
    collection.dimension !== null &&
    source.dimension !== collection.dimension
  return (
    <ChangeFormDialog
      title={`Merge into “${name}”`}
      description="Every record of the other collection is added to this one. The other collection stays as it is."
      verb="Merge collections"
      canApply={from !== null && !isOtherDimension}
      onClose={onClose}
      change={change}
      onApply={() =>
        from &&
        change.run({
          connectionId: target.connectionId,
          input: { ...target, from, existing },
          message: `“${source === null ? 'The collection' : visibleString(source.name)}” merged into “${name}”.`,
          onDone: onClose,
        })
      }
    >
      <Field
        label="Records of"
        error={isOtherDimension ? `Its vectors have ${source.dimension} numbers; those here have ${collection.dimension}.` : null}
      >
        <CollectionSelect label="Records of" except={target} value={from} onValueChange={setFrom} />
      </Field>
      <RadioList
        label="Records whose ID exists here"
        value={existing}
        onValueChange={setExisting}
        options={[
          { value: 'leave', label: 'Leave records whose ID exists here as they are' },
          { value: 'overwrite', label: 'Overwrite them' },
        ]}
      />
    </ChangeFormDialog>
  )
}
