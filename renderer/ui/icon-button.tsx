import { Button as BaseButton } from '@base-ui/react/button'
import type { ComponentProps, ReactNode } from 'react'
import { cx } from './cx.ts'
import { Tooltip } from './tooltip.tsx'

export interface IconButtonProps extends Omit<ComponentProps<'button'>, 'children' | 'aria-label' | 'title'> {
  /** The button's name, for screen readers and the tooltip. */
  label: string
  icon: ReactNode
  shortcut?: string
  size?: 'small' | 'medium'
  side?: 'top' | 'bottom' | 'left' | 'right'
  /** For buttons that stay pressed; leave out for the others. */
  pressed?: boolean
}

/** A button that shows only an icon and says its name in a tooltip. */
export function IconButton({ label, icon, shortcut, size = 'medium', side, pressed, className, ...rest }: IconButtonProps) {
  return (
    <Tooltip content={label} shortcut={shortcut} side={side}>
      <BaseButton
        type="button"
        aria-label={label}
        aria-pressed={pressed}
        className={cx(
          'inline-flex shrink-0 items-center justify-center rounded-md text-ink-muted transition-colors duration-100 hover:bg-hover hover:text-ink active:bg-pressed',
          'data-disabled:cursor-not-allowed data-disabled:opacity-45 data-popup-open:bg-hover data-popup-open:text-ink [&_svg]:size-4',
          pressed && 'bg-pressed text-ink',
          size === 'small' ? 'size-6 [&_svg]:size-3.5' : 'size-7',
          className,
        )}
        {...rest}
      >
        {icon}
      </BaseButton>
    </Tooltip>
  )
}
