import { cx } from './cx.ts'

interface DateTimeInputProps {
  readonly label: string
  /** Milliseconds since 1970 at first; null where nothing is entered. */
  readonly initial: number | null
  /** Gets null where the field is emptied or unfinished. */
  readonly onTime: (time: number | null) => void
  readonly className?: string
}

function toLocal(time: number): string {
  const date = new Date(time)
  return new Date(time - date.getTimezoneOffset() * 60_000).toISOString().slice(0, 19)
}

/** A field for a date and time in the person's time zone. */
export function DateTimeInput({ label, initial, onTime, className }: DateTimeInputProps) {
  return (
    <input
      type="datetime-local"
      aria-label={label}
      defaultValue={initial === null ? '' : toLocal(initial)}
      onChange={(event) => {
        const picked = event.target.valueAsNumber
        onTime(Number.isNaN(picked) ? null : picked + new Date(picked).getTimezoneOffset() * 60_000)
      }}
      className={cx('h-7 rounded-md border border-line-strong bg-canvas px-2 text-body text-ink', className)}
    />
  )
}
