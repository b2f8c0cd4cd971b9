import { Field as BaseField } from '@base-ui/react/field'
import { CircleAlert } from 'lucide-react'
import type { ReactNode } from 'react'
import { cx } from './cx.ts'

export interface FieldProps {
  label: string
  /** Help under the control. */
  description?: ReactNode
  /** What is wrong, in a sentence; null where nothing is. */
  error?: string | null
  optional?: boolean
  className?: string
  children: ReactNode
}

/** A control with its label, its help and its error, tied together for screen readers. */
export function Field({ label, description, error = null, optional = false, className, children }: FieldProps) {
  return (
    <BaseField.Root invalid={error !== null} className={cx('flex min-w-0 flex-col gap-1', className)}>
      <BaseField.Label className="flex items-baseline gap-1.5 text-small text-ink-muted">
        {label}
        {optional && <span className="text-ink-faint">optional</span>}
      </BaseField.Label>
      {children}
      {error !== null && (
        <BaseField.Error match className="flex items-start gap-1 text-small text-wrong">
          <CircleAlert aria-hidden="true" className="mt-px size-3.5 shrink-0" />
          {error}
        </BaseField.Error>
      )}
      {description && <BaseField.Description className="text-small text-ink-faint">{description}</BaseField.Description>}
    </BaseField.Root>
  )
}
