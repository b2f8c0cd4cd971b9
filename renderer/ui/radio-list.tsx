import { Radio } from '@base-ui/react/radio'
import { RadioGroup } from '@base-ui/react/radio-group'
import type { ReactNode } from 'react'
import { cx } from './cx.ts'

export interface RadioListProps<Value extends string> {
  /** Name of the group for screen readers. */
  label: string
  /** Null where nothing was chosen yet. */
  value: Value | null
  onValueChange: (value: Value) => void
  options: readonly { value: Value; label: string; note?: ReactNode; disabled?: boolean }[]
  className?: string
}

/** A few choices one below the other, each with room for a word about what it means. */
export function RadioList<Value extends string>({ label, value, onValueChange, options, className }: RadioListProps<Value>) {
  return (
    <RadioGroup
      aria-label={label}
      value={value}
      onValueChange={(next) => {
        const chosen = options.find((option) => option.value === next)
        if (chosen) onValueChange(chosen.value)
      }}
      className={cx('flex flex-col gap-1.5', className)}
    >
      {options.map((option) => (
        <div key={option.value} className="flex flex-col">
          <label className={cx('flex items-center gap-2 text-body', option.disabled === true && 'opacity-55')}>
            <Radio.Root
              value={option.value}
              disabled={option.disabled}
              aria-label={option.label}
              className="flex size-4 shrink-0 items-center justify-center rounded-full border border-line-strong bg-canvas data-checked:border-transparent data-checked:bg-accent-solid"
            >
              <Radio.Indicator className="size-1.5 rounded-full bg-accent-ink data-unchecked:hidden" />
            </Radio.Root>
            {option.label}
          </label>
          {option.note && <div className="pl-6">{option.note}</div>}
        </div>
      ))}
    </RadioGroup>
  )
}
