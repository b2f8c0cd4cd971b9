import { useState } from 'react'
import type { CollectionRef } from '../../../shared/contract/collections.ts'
import type { EmbedderInfo } from '../../../shared/contract/embedders.ts'
import { useChange } from '../../lib/editing/use-change.ts'
import { formatQuantity } from '../../lib/format.ts'
import { visibleString } from '../../lib/visible-text.ts'
import { Field } from '../../ui/field.tsx'
import { RadioList } from '../../ui/radio-list.tsx'
import { TextInput } from '../../ui/text-input.tsx'
import { ChangeFormDialog } from './change-form-dialog.tsx'
import { newNameProblem } from './collection-name.ts'
import { EmbedderField, useEmbedders } from './embedder-field.tsx'
import { useCollection } from './use-collection.ts'

/** A copy of a collection under another name, with its vectors or with new ones. */
export function DuplicateCollectionDialog({ target, onClose }: { target: CollectionRef; onClose: () => void }) {
  const { collection, others } = useCollection(target)
  const embedders = useEmbedders(target)
  const [name, setName] = useState<string | null>(null)
  const [vectors, setVectors] = useState<'copy' | 'embed'>('copy')
  const [chosen, setChosen] = useState<EmbedderInfo | null>(null)
  const embedder = chosen ?? embedders[0] ?? null
  const change = useChange('curation.duplicateCollection')
  if (collection === null) return null
  const typed = name ?? `${collection.name}-copy`
  const problem = newNameProblem(typed, [...others, collection])
  return (
    <ChangeFormDialog
      title={`Duplicate “${visibleString(collection.name)}”`}
      description={
        collection.count === null
          ? undefined
          : `All ${formatQuantity(collection.count, 'record')} are copied; the collection stays as it is.`
      }
      verb="Duplicate collection"
      canApply={problem === null && (vectors === 'copy' || embedder?.needs === null)}
      onClose={onClose}
      change={change}
      onApply={() =>
        change.run({
          connectionId: target.connectionId,
          input: { ...target, name: typed, embed: vectors === 'embed', embedderId: vectors === 'embed' ? (embedder?.id ?? null) : null },
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
            note: vectors === 'embed' && (
              <div className="flex flex-col gap-1 pt-1">
                <EmbedderField
                  label="Embedder of the copy"
                  embedders={embedders}
                  value={embedder}
                  onValueChange={setChosen}
                  dimension={collection.dimension}
                />
                <p className="text-small text-ink-muted">
                  Records without a text are left out. What was embedded is kept over an interruption: the same copy then goes on.
                </p>
              </div>
            ),
          },
        ]}
      />
    </ChangeFormDialog>
  )
}
