import { Field as BaseField } from '@base-ui/react/field'
import type { ComponentProps } from 'react'
import { cx } from './cx.ts'

export interface TextAreaProps extends Omit<ComponentProps<'textarea'>, 'onChange' | 'value' | 'defaultValue'> {
  value: string
  onValueChange: (value: string) => void
}

/** Several lines of text. */
export function TextArea({ value, onValueChange, rows = 3, className, ...rest }: TextAreaProps) {
  return (
    <BaseField.Control
      value={value}
      onValueChange={(next) => onValueChange(next)}
      render={
        <textarea
          rows={rows}
          spellCheck={false}
          className={cx(
            'min-w-0 resize-y rounded-md border border-line-strong bg-canvas px-2 py-1 font-mono text-small transition-colors focus-visible:border-accent focus-visible:-outline-offset-1 data-invalid:border-wrong',
            className,
          )}
          {...rest}
        />
      }
    />
  )
}
