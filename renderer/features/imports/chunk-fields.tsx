import type { ImportRequest } from '../../../shared/contract/imports.ts'
import { formatCount } from '../../lib/format.ts'
import { Field } from '../../ui/field.tsx'
import { NumberInput } from '../../ui/number-input.tsx'
import { Segmented } from '../../ui/segmented.tsx'

type Chunks = ImportRequest['chunks']

interface ChunkFieldsProps {
  readonly value: Chunks
  readonly onValueChange: (value: Chunks) => void
}

const ways = [
  { value: 'heading', label: 'Heading' },
  { value: 'paragraph', label: 'Paragraph' },
  { value: 'sentence', label: 'Sentence' },
  { value: 'size', label: 'Size' },
] as const

const meanings: Readonly<Record<Chunks['by'], string>> = {
  heading: 'One record for each section of a Markdown file; longer sections are cut at paragraphs.',
  paragraph: 'As many whole paragraphs as fit into a record.',
  sentence: 'As many whole sentences as fit into a record.',
  size: 'As many whole words as fit into a record.',
}

/** How texts are cut into records. */
export function ChunkFields({ value, onValueChange }: ChunkFieldsProps) {
  const { by, size, overlap } = value
  return (
    <section aria-label="How texts are cut" className="flex flex-col gap-2">
      <div className="flex flex-wrap items-end gap-x-4 gap-y-2">
        <div className="flex flex-col gap-1">
          <span aria-hidden="true" className="text-small text-ink-muted">
            Cut texts by
          </span>
          <Segmented label="Cut texts by" value={by} onValueChange={(next) => onValueChange({ ...value, by: next })} options={ways} />
        </div>
        <Field label="Most characters" className="w-32">
          <NumberInput
            value={size}
            isValid={(next) => Number.isInteger(next) && next >= 50 && next <= 100_000}
            onValueCommit={(next) => onValueChange({ ...value, size: next, overlap: Math.min(overlap, Math.floor(next / 2)) })}
          />
        </Field>
        <Field label="Overlap" className="w-32">
          <NumberInput
            value={overlap}
            isValid={(next) => Number.isInteger(next) && next >= 0 && next <= size / 2}
            onValueCommit={(next) => onValueChange({ ...value, overlap: next })}
          />
        </Field>
      </div>
      <p className="text-small text-ink-faint">
        {meanings[by]} {overlap > 0 && `Each begins with up to ${formatCount(overlap)} characters of the one before.`}
      </p>
    </section>
  )
}
