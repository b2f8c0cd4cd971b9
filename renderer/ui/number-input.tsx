import { useEffect, useState, type ReactNode } from 'react'
import { TextInput } from './text-input.tsx'

export interface NumberInputProps {
  /** Needed where no Field names it. */
  label?: string
  value: number
  /** Hears of a valid number when it is entered: by Enter, or by leaving the input. */
  onValueCommit: (value: number) => void
  isValid: (value: number) => boolean
  /** The unit, after the number. */
  unit?: ReactNode
  className?: string
}

/** A number that counts once it is entered; what is not valid goes back to what it was. */
export function NumberInput({ label, value, onValueCommit, isValid, unit, className }: NumberInputProps) {
  const [text, setText] = useState(String(value))
  useEffect(() => setText(String(value)), [value])
  const commit = (): void => {
    const next = Number(text.replace(',', '.'))
    if (text.trim() === '' || !Number.isFinite(next) || !isValid(next)) setText(String(value))
    else if (next !== value) onValueCommit(next)
  }
  return (
    <TextInput
      size="small"
      aria-label={label}
      inputMode="decimal"
      value={text}
      onValueChange={setText}
      onBlur={commit}
      onKeyDown={(event) => {
        if (event.key === 'Enter') commit()
        if (event.key === 'Escape') setText(String(value))
      }}
      trailing={unit === undefined ? undefined : <span className="text-small text-ink-faint">{unit}</span>}
      className={className}
    />
  )
}
