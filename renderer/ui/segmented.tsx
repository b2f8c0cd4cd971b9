import { Toggle } from '@base-ui/react/toggle'
import { ToggleGroup } from '@base-ui/react/toggle-group'
import type { ReactNode } from 'react'
import { cx } from './cx.ts'

export interface SegmentedProps<Value extends string> {
  /** Name of the group for screen readers. */
  label: string
  value: Value
  onValueChange: (value: Value) => void
  options: readonly { value: Value; label: string; icon?: ReactNode; hideLabel?: boolean }[]
  size?: 'small' | 'medium'
  className?: string
}

/** Two to four choices side by side, exactly one of which is on. */
export function Segmented<Value extends string>({
  label,
  value,
  onValueChange,
  options,
  size = 'medium',
  className,
}: SegmentedProps<Value>) {
  return (
    <ToggleGroup<Value>
      aria-label={label}
      value={[value]}
      onValueChange={(next) => next[0] !== undefined && onValueChange(next[0])}
      className={cx('inline-flex rounded-md bg-pressed p-0.5', className)}
    >
      {options.map((option) => (
        <Toggle
          key={option.value}
          value={option.value}
          aria-label={option.hideLabel ? option.label : undefined}
          className={cx(
            'inline-flex items-center gap-1.5 rounded-sm text-ink-muted transition-colors hover:text-ink data-pressed:bg-raised data-pressed:text-ink data-pressed:shadow-control [&_svg]:size-3.5',
            size === 'small' ? 'h-5 px-1.5 text-small' : 'h-6 px-2 text-small',
          )}
        >
          {option.icon}
          {!option.hideLabel && option.label}
        </Toggle>
      ))}
    </ToggleGroup>
  )
}
