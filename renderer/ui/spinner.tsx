import { LoaderCircle } from 'lucide-react'
import { cx } from './cx.ts'

/** A turning mark beside a word that says what is going on; silent to screen readers. */
export function Spinner({ className }: { className?: string }) {
  return <LoaderCircle aria-hidden="true" className={cx('size-3.5 shrink-0 animate-spin', className)} />
}
