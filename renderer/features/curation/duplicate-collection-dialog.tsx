import { useState } from 'react'
import type { CollectionRef } from '../../../shared/contract/collections.ts'
import { EmbeddingNote, useCollectionEmbedder } from '../../lib/editing/embedding-note.tsx'
import { useChange } from '../../lib/editing/use-change.ts'
import { formatQuantity } from '../../lib/format.ts'
import { visibleString } from '../../lib/visible-text.ts'
import { Field } from '../../ui/field.tsx'
import { RadioList } from '../../ui/radio-list.tsx'
import { TextInput } from '../../ui/text-input.tsx'
import { ChangeFormDialog } from './change-form-dialog.tsx'
import { collectionNameProblem } from './collection-name.ts'
import { useCollection } from './use-collection.ts'

/** A copy of a collection under another name, with its vectors or with new ones. */
export function DuplicateCollectionDialog({ target, onClose }: { target: CollectionRef; onClose: () => void }) {
  const { collection, others } = useCollection(target)
  const { canEmbed } = useCollectionEmbedder(target)
  const [name, setName] = useState<string | null>(null)
  const [vectors, setVectors] = useState<'copy' | 'embed'>('copy')
  const change = useChange('curation.duplicateCollection')
  if (collection === null) return null
  const typed = name ?? `${collection.name}-copy`
  const problem = collectionNameProblem(typed, [...others, collection])
  return (
    <ChangeFormDialog
      title={`Duplicate “${visibleString(collection.name)}”`}
      description={
        collection.count === null
          ? undefined
          : `All ${formatQuantity(collection.count, 'record')} are copied; the collection stays as it is.`
      }
      verb="Duplicate collection"
      canApply={problem === null}
      onClose={onClose}
      change={change}
      onApply={() =>
        change.run({
          connectionId: target.connectionId,
          input: { ...target, name: typed, embed: vectors === 'embed' },
          message: `Collection “${typed}” made.`,
          onDone: onClose,
        })
      }
    >
      <Field label="Name of the copy" error={problem}>
        <TextInput value={typed} onValueChange={setName} className="numeric" />
      </Field>
      <RadioList
        label="Vectors"
        value={vectors}
        onValueChange={setVectors}
        options={[
          { value: 'copy', label: 'Copy the vectors' },
          {
            value: 'embed',
            label: 'Embed all documents again',
            disabled: !canEmbed,
            note: <EmbeddingNote collection={target} />,
          },
        ]}
      />
    </ChangeFormDialog>
  )
}
