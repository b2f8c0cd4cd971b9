import { cx } from './cx.ts'

/** A path or address on one line: the middle gives way first, so that the last two parts stay readable. */
export function PathText({ path, className }: { path: string; className?: string }) {
  const parts = path.split(/(?<=[/\\])/)
  const tail = parts.slice(-2).join('')
  const head = path.slice(0, path.length - tail.length)
  return (
    <span className={cx('flex min-w-0', className)} title={path} data-selectable="">
      <span className="min-w-0 truncate">{head}</span>
      <span className="max-w-full shrink-0 truncate">{tail}</span>
    </span>
  )
}
