import type { CollectionRef } from '../../../shared/contract/collections.ts'
import { Problem } from '../../ui/problem.tsx'
import { RadioList } from '../../ui/radio-list.tsx'
import { EmbeddingNote, useCollectionEmbedder } from './embedding-note.tsx'

interface VectorChoiceProps {
  readonly collection: CollectionRef
  readonly value: 'keep' | 'embed' | null
  readonly documentChanged: boolean
  readonly hasDocument: boolean
  readonly problem: string | null
  readonly onValue: (value: 'keep' | 'embed') => void
}

/** What happens to the vector of a document that was edited: asked, because a vector that stays no longer fits the text. */
export function VectorChoice({ collection, value, documentChanged, hasDocument, problem, onValue }: VectorChoiceProps) {
  const { canEmbed } = useCollectionEmbedder(collection)
  if (!hasDocument) return documentChanged ? <p className="text-small text-ink-muted">The vector stays as it is.</p> : null
  if (!documentChanged && value !== 'embed') {
    if (!canEmbed) return null
    return (
      <button
        type="button"
        onClick={() => onValue('embed')}
        className="self-start rounded-sm text-small text-ink-muted underline decoration-line-strong underline-offset-2 hover:text-ink"
      >
        Embed the document again
      </button>
    )
  }
  return (
    <div className="flex flex-col gap-1">
      <RadioList
        label="Vector"
        value={value}
        onValueChange={onValue}
        options={[
          {
            value: 'keep',
            label: 'Keep the vector',
            note: documentChanged ? <p className="text-small text-ink-muted">Searches still find it by its former text.</p> : null,
          },
          {
            value: 'embed',
            label: 'Embed the document again',
            note: <EmbeddingNote collection={collection} />,
            disabled: !canEmbed,
          },
        ]}
      />
      {problem !== null && <Problem>{problem}</Problem>}
    </div>
  )
}
