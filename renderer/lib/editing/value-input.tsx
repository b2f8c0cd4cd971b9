import { cx } from '../../ui/cx.ts'
import { GrowingTextArea } from '../../ui/growing-text-area.tsx'
import { Segmented } from '../../ui/segmented.tsx'
import { TextInput } from '../../ui/text-input.tsx'
import type { MetadataRow } from './metadata-draft.ts'

interface ValueInputProps {
  readonly row: MetadataRow
  readonly label: string
  readonly isInvalid: boolean
  /** Id of the sentence that says what is wrong. */
  readonly describedBy: string | undefined
  readonly onText: (text: string) => void
}

/** The field in which a metadata value of a type is typed. */
export function ValueInput({ row, label, isInvalid, describedBy, onText }: ValueInputProps) {
  const shared = { 'aria-label': label, 'aria-describedby': describedBy }
  if (row.type === 'string')
    return <GrowingTextArea value={row.text} onValueChange={onText} invalid={isInvalid} lines={[1, 10]} {...shared} />
  if (row.type === 'boolean') {
    return (
      <Segmented
        label={label}
        value={row.text.trim().toLowerCase()}
        onValueChange={onText}
        options={[
          { value: 'true', label: 'true' },
          { value: 'false', label: 'false' },
        ]}
        className="self-start"
      />
    )
  }
  return (
    <TextInput
      value={row.text}
      onValueChange={onText}
      inputMode={row.type.endsWith('[]') ? 'text' : 'decimal'}
      className={cx('numeric w-full', isInvalid && 'border-wrong')}
      aria-invalid={isInvalid || undefined}
      {...shared}
    />
  )
}
