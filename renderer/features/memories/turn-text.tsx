import { useState } from 'react'
import type { Episode } from '../../../shared/contract/memories.ts'
import { cutText } from '../../../shared/domain/cut-text.ts'
import { formatCount } from '../../lib/format.ts'
import { Button } from '../../ui/button.tsx'
import { UntrustedText } from '../../ui/untrusted-text.tsx'

/** Characters of a turn that are shown before somebody asks for more. */
const shownAtFirst = 700

/** The text of one turn; a long one opens in two steps, and its whole is in the inspector. */
export function TurnText({ turn, onOpen }: { turn: Episode['turns'][number]; onOpen: () => void }) {
  const [showsMore, setShowsMore] = useState(false)
  const shown = showsMore ? turn.text : cutText(turn.text, shownAtFirst)
  if (turn.text === '') return <p className="text-ink-faint">empty text</p>
  return (
    <>
      <div data-selectable="" dir="auto" className="wrap-anywhere">
        <UntrustedText text={shown} lines />
        {shown.length < turn.length && '…'}
      </div>
      {shown.length < turn.text.length && (
        <Button size="small" className="mt-1" onClick={() => setShowsMore(true)}>
          Show more
        </Button>
      )}
      {shown.length === turn.text.length && turn.length > turn.text.length && (
        <Button size="small" className="mt-1" onClick={onOpen}>
          {`Read all ${formatCount(turn.length)} characters`}
        </Button>
      )}
    </>
  )
}
