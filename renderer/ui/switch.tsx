import { Switch as BaseSwitch } from '@base-ui/react/switch'
import { cx } from './cx.ts'

export interface SwitchProps {
  checked: boolean
  onCheckedChange: (checked: boolean) => void
  label: string
  disabled?: boolean
  className?: string
}

/** Something that is on or off, and takes effect at once. */
export function Switch({ checked, onCheckedChange, label, disabled, className }: SwitchProps) {
  return (
    <label className={cx('inline-flex items-center gap-2 text-body', disabled && 'opacity-55', className)}>
      <BaseSwitch.Root
        checked={checked}
        onCheckedChange={(next) => onCheckedChange(next)}
        disabled={disabled}
        className="flex h-4 w-7 shrink-0 items-center rounded-lg bg-line-strong p-0.5 transition-colors data-checked:bg-accent-solid"
      >
        <BaseSwitch.Thumb className="size-3 rounded-lg bg-accent-ink shadow-control transition-transform duration-100 data-checked:translate-x-3" />
      </BaseSwitch.Root>
      {label}
    </label>
  )
}
