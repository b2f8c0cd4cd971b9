import type { ReactNode } from 'react'
import { cx } from './cx.ts'

/** `hit`, `miss`, `near` and `wrong` are meanings, not decoration: everything else is neutral or accent. */
export type BadgeTone = 'neutral' | 'outline' | 'accent' | 'hit' | 'miss' | 'near' | 'wrong'

const tones: Record<BadgeTone, string> = {
  neutral: 'bg-pressed text-ink-muted',
  outline: 'border border-line-strong text-ink-muted',
  accent: 'bg-accent-soft text-accent',
  hit: 'bg-hit-soft text-hit',
  miss: 'bg-miss-soft text-miss',
  near: 'bg-near-soft text-near',
  wrong: 'bg-wrong-soft text-wrong',
}

export interface BadgeProps {
  tone?: BadgeTone
  icon?: ReactNode
  className?: string
  children: ReactNode
}

/** A word or two about the state of something. */
export function Badge({ tone = 'neutral', icon, className, children }: BadgeProps) {
  return (
    <span
      className={cx(
        'inline-flex h-4.5 shrink-0 items-center gap-1 rounded-sm px-1.5 text-small whitespace-nowrap [&_svg]:size-3',
        tones[tone],
        className,
      )}
    >
      {icon}
      {children}
    </span>
  )
}
