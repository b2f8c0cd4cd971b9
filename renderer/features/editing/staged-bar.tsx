import type { CollectionRef } from '../../../shared/contract/collections.ts'
import { mostEdits } from '../../../shared/contract/curation.ts'
import { useCommands } from '../../lib/commands.ts'
import { readDraft } from '../../lib/editing/record-draft.ts'
import { useStagedEdits } from '../../lib/editing/staged-edits.ts'
import { useReviewEdits } from '../../lib/editing/use-review-edits.ts'
import { formatCount, formatQuantity } from '../../lib/format.ts'
import { Button } from '../../ui/button.tsx'
import { Kbd } from '../../ui/kbd.tsx'
import { toast } from '../../ui/toast.tsx'

function stateWords(count: number, withProblems: number): string {
  if (withProblems === 0) return 'not written yet'
  return withProblems === count && count === 1 ? 'it needs a look' : `${withProblems} of them need a look`
}

/** How many edits of a collection wait to be applied, under its views; nothing where none does. */
export function StagedBar({ collection }: { collection: CollectionRef }) {
  const { edits, discard, stage } = useStagedEdits(collection)
  const review = useReviewEdits(collection)
  const count = edits.size
  const discardAll = (): void => {
    const before = [...edits.values()]
    discard(edits.keys())
    toast({
      key: 'staged',
      message: `${formatQuantity(before.length, 'staged edit')} discarded.`,
      action: { label: 'Stage again', onSelect: () => before.forEach(({ seen, draft }) => stage(seen, draft)) },
    })
  }
  useCommands(
    count === 0
      ? []
      : [
          { id: 'staged.review', title: 'Review and apply the staged edits…', group: 'Changes', shortcut: 'mod+s', run: review },
          { id: 'staged.discard', title: 'Discard all staged edits', group: 'Changes', run: discardAll },
        ],
  )
  if (count === 0) return null
  const withProblems = [...edits.values()].filter((edit) => readDraft(edit).problemCount > 0).length
  return (
    <section
      aria-label="Staged edits"
      className="flex min-h-10 shrink-0 items-center gap-2 border-t border-accent-line bg-accent-soft px-4 py-1.5"
    >
      <span aria-hidden="true" className="size-2 shrink-0 rounded-full bg-accent" />
      <p role="status" className="min-w-0 flex-1 text-ink">
        {formatQuantity(count, 'staged edit')}
        <span className="text-ink-muted">
          {` · ${stateWords(count, withProblems)}`}
          {count >= mostEdits && ` · one change takes ${formatCount(mostEdits)}, so apply these first`}
        </span>
      </p>
      <Button size="small" variant="ghost" onClick={discardAll}>
        Discard all
      </Button>
      <Button size="small" variant="primary" onClick={review}>
        Review and apply…
      </Button>
      <Kbd keys="mod+s" />
    </section>
  )
}
