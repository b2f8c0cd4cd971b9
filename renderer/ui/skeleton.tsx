import { cx } from './cx.ts'

/** A place where something will be in a moment. Put `aria-busy` on the region that holds it. */
export function Skeleton({ className }: { className?: string }) {
  return <span aria-hidden="true" className={cx('block h-3 animate-shimmer rounded-sm bg-pressed', className)} />
}

/** Lines of text that are on their way, each a little different in length. */
export function SkeletonLines({ count, className }: { count: number; className?: string }) {
  const widths = ['w-full', 'w-11/12', 'w-4/5', 'w-2/3', 'w-9/12']
  return (
    <span aria-hidden="true" className={cx('flex flex-col gap-2', className)}>
      {Array.from({ length: count }, (_, place) => (
        <Skeleton key={place} className={widths[place % widths.length]} />
      ))}
    </span>
  )
}
