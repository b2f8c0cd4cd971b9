import { Checkbox as BaseCheckbox } from '@base-ui/react/checkbox'
import { Check, Minus } from 'lucide-react'
import { cx } from './cx.ts'

export interface CheckboxProps {
  checked: boolean
  /** Some, but not all, of what it stands for. */
  indeterminate?: boolean
  onCheckedChange: (checked: boolean) => void
  label: string
  /** Keeps the label for screen readers only. */
  hideLabel?: boolean
  disabled?: boolean
  className?: string
}

/** A checkbox with its label. */
export function Checkbox({
  checked,
  indeterminate = false,
  onCheckedChange,
  label,
  hideLabel = false,
  disabled,
  className,
}: CheckboxProps) {
  return (
    <label className={cx('inline-flex items-center gap-2 text-body', disabled && 'opacity-55', className)}>
      <BaseCheckbox.Root
        checked={checked}
        indeterminate={indeterminate}
        onCheckedChange={(next) => onCheckedChange(next)}
        disabled={disabled}
        aria-label={hideLabel ? label : undefined}
        className="flex size-4 shrink-0 items-center justify-center rounded-sm border border-line-strong bg-canvas text-accent-ink data-checked:border-transparent data-checked:bg-accent-solid data-indeterminate:border-transparent data-indeterminate:bg-accent-solid"
      >
        <BaseCheckbox.Indicator className="flex data-unchecked:hidden">
          {indeterminate ? (
            <Minus aria-hidden="true" className="size-3" strokeWidth={3} />
          ) : (
            <Check aria-hidden="true" className="size-3" strokeWidth={3} />
          )}
        </BaseCheckbox.Indicator>
      </BaseCheckbox.Root>
      {!hideLabel && label}
    </label>
  )
}
