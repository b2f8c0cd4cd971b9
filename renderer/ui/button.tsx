import { Button as BaseButton } from '@base-ui/react/button'
import type { ComponentProps, ReactNode } from 'react'
import { cx } from './cx.ts'
import { Spinner } from './spinner.tsx'

export type ButtonVariant = 'primary' | 'default' | 'ghost' | 'danger'
export type ButtonSize = 'small' | 'medium' | 'large'

export interface ButtonProps extends Omit<ComponentProps<'button'>, 'children'> {
  variant?: ButtonVariant
  size?: ButtonSize
  icon?: ReactNode
  /** Shows a spinner and refuses clicks, keeping the focus where it is. */
  busy?: boolean
  children: ReactNode
}

const variants: Record<ButtonVariant, string> = {
  primary: 'border-transparent bg-accent-solid text-accent-ink shadow-control hover:bg-accent-solid-hover',
  default: 'border-line-strong bg-raised text-ink shadow-control hover:bg-sunken data-popup-open:bg-sunken dark:hover:border-ink-faint',
  ghost:
    'border-transparent text-ink-muted hover:bg-hover hover:text-ink active:bg-pressed data-popup-open:bg-hover data-popup-open:text-ink',
  danger: 'border-transparent bg-wrong-solid text-accent-ink shadow-control hover:brightness-110',
}

const sizes: Record<ButtonSize, string> = {
  small: 'h-6 gap-1 rounded-sm px-2 text-small',
  medium: 'h-7 gap-1.5 rounded-md px-2.5 text-body',
  large: 'h-8 gap-2 rounded-md px-3 text-body',
}

/** A button with words. Use IconButton where there are none. */
export function Button({ variant = 'default', size = 'medium', icon, busy = false, disabled, className, children, ...rest }: ButtonProps) {
  return (
    <BaseButton
      type="button"
      disabled={disabled || busy}
      focusableWhenDisabled={busy}
      aria-busy={busy || undefined}
      className={cx(
        'inline-flex shrink-0 items-center justify-center border font-normal whitespace-nowrap transition-colors duration-100 select-none',
        'data-disabled:cursor-not-allowed data-disabled:opacity-55 [&_svg]:size-3.5 [&_svg]:shrink-0',
        sizes[size],
        variants[variant],
        className,
      )}
      {...rest}
    >
      {busy ? <Spinner /> : icon}
      <span className="truncate">{children}</span>
    </BaseButton>
  )
}
