import { Select as BaseSelect } from '@base-ui/react/select'
import { Check, ChevronsUpDown } from 'lucide-react'
import type { ReactNode } from 'react'
import { cx } from './cx.ts'
import { itemClass, popupClass } from './popup-style.ts'

export interface SelectOption<Value extends string> {
  value: Value
  label: string
  /** A few words beside the label. */
  hint?: string
  icon?: ReactNode
}

export interface SelectProps<Value extends string> {
  value: Value
  onValueChange: (value: Value) => void
  options: readonly SelectOption<Value>[]
  /** Needed where no Field names it. */
  label?: string
  disabled?: boolean
  size?: 'small' | 'medium'
  className?: string
}

/** One of a few values. */
export function Select<Value extends string>({
  value,
  onValueChange,
  options,
  label,
  disabled,
  size = 'medium',
  className,
}: SelectProps<Value>) {
  return (
    <BaseSelect.Root
      items={options.map((option) => ({ value: option.value, label: option.label }))}
      value={value}
      onValueChange={(next) => next !== null && onValueChange(next)}
      disabled={disabled}
    >
      <BaseSelect.Trigger
        aria-label={label}
        className={cx(
          'inline-flex min-w-0 items-center justify-between gap-1.5 border border-line-strong bg-raised text-ink shadow-control transition-colors hover:bg-sunken data-disabled:opacity-55',
          size === 'small' ? 'h-6 rounded-sm px-1.5 text-small' : 'h-7 rounded-md px-2 text-body',
          className,
        )}
      >
        <BaseSelect.Value className="truncate" />
        <BaseSelect.Icon>
          <ChevronsUpDown aria-hidden="true" className="size-3 text-ink-faint" />
        </BaseSelect.Icon>
      </BaseSelect.Trigger>
      <BaseSelect.Portal>
        <BaseSelect.Positioner sideOffset={4} alignItemWithTrigger={false} className="z-50">
          <BaseSelect.Popup className={cx(popupClass, 'max-h-80 min-w-(--anchor-width) overflow-y-auto p-1')}>
            <BaseSelect.List>
              {options.map((option) => (
                <BaseSelect.Item key={option.value} value={option.value} className={itemClass}>
                  {option.icon}
                  <BaseSelect.ItemText className="min-w-0 flex-1 truncate">{option.label}</BaseSelect.ItemText>
                  {option.hint && <span className="text-small text-ink-faint">{option.hint}</span>}
                  <span className="w-3.5">
                    <BaseSelect.ItemIndicator>
                      <Check aria-hidden="true" className="size-3.5" />
                    </BaseSelect.ItemIndicator>
                  </span>
                </BaseSelect.Item>
              ))}
            </BaseSelect.List>
          </BaseSelect.Popup>
        </BaseSelect.Positioner>
      </BaseSelect.Portal>
    </BaseSelect.Root>
  )
}
