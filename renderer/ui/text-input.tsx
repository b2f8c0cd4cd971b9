import { Input as BaseInput } from '@base-ui/react/input'
import { X } from 'lucide-react'
import type { ComponentProps, ReactNode, Ref } from 'react'
import { cx } from './cx.ts'

export interface TextInputProps extends Omit<ComponentProps<'input'>, 'size' | 'onChange' | 'value'> {
  value: string
  onValueChange: (value: string) => void
  icon?: ReactNode
  /** Shown at the end, such as a key hint. */
  trailing?: ReactNode
  /** Offers a button that empties the input. */
  clearable?: boolean
  size?: 'small' | 'medium' | 'large'
  ref?: Ref<HTMLInputElement>
}

const sizes = { small: 'h-6 rounded-sm', medium: 'h-7 rounded-md', large: 'h-8 rounded-md' }

/** One line of text. Give it a label by Field or by `aria-label`. */
export function TextInput({
  value,
  onValueChange,
  icon,
  trailing,
  clearable = false,
  size = 'medium',
  className,
  ref,
  ...rest
}: TextInputProps) {
  return (
    <div
      className={cx(
        'flex min-w-0 items-center gap-1.5 border border-line-strong bg-canvas px-2 text-body transition-colors focus-within:border-accent',
        'focus-within:outline-2 focus-within:-outline-offset-1 focus-within:outline-accent has-data-invalid:border-wrong has-disabled:opacity-60',
        '[&_svg]:size-3.5 [&_svg]:shrink-0 [&_svg]:text-ink-faint',
        sizes[size],
        className,
      )}
    >
      {icon}
      <BaseInput
        ref={ref}
        value={value}
        onValueChange={(next) => onValueChange(next)}
        autoComplete="off"
        spellCheck={false}
        className="h-full min-w-0 flex-1 bg-transparent outline-none focus-visible:outline-none"
        {...rest}
      />
      {clearable && value !== '' && (
        <button type="button" aria-label="Clear" onClick={() => onValueChange('')} className="-mr-1 rounded-sm p-0.5 hover:bg-hover">
          <X aria-hidden="true" />
        </button>
      )}
      {trailing}
    </div>
  )
}
