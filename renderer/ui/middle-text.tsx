import { visibleString } from '../lib/visible-text.ts'
import { cx } from './cx.ts'

/** How many characters at the end stay readable when the space is short. */
const kept = 8

/** A name on one line whose end tells it apart from its neighbours: the middle gives way first. */
export function MiddleText({ text: stored, className }: { text: string; className?: string }) {
  const text = visibleString(stored)
  if (text.length <= 2 * kept) return <bdi className={cx('min-w-0 truncate', className)}>{text}</bdi>
  // Split between code points, so that no character is cut in two.
  const letters = [...text]
  return (
    <bdi className={cx('flex min-w-0', className)}>
      <span className="min-w-0 truncate whitespace-pre">{letters.slice(0, -kept).join('')}</span>
      <span className="shrink-0 whitespace-pre">{letters.slice(-kept).join('')}</span>
    </bdi>
  )
}
