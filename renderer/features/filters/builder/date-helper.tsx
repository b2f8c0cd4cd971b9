import { CalendarClock } from 'lucide-react'
import { useState } from 'react'
import type { TimeEncoding } from '../../../../shared/domain/time.ts'
import { formatTime } from '../../../lib/format.ts'
import { Button } from '../../../ui/button.tsx'
import { IconButton } from '../../../ui/icon-button.tsx'
import { Popover } from '../../../ui/popover.tsx'
import { DateTimeInput } from '../../../ui/date-time-input.tsx'
import type { ScalarType } from './values.ts'

interface DateHelperProps {
  readonly encoding: TimeEncoding
  readonly type: ScalarType
  /** The time the value stands for now, milliseconds since 1970; null where there is none. */
  readonly time: number | null
  readonly onText: (text: string) => void
}

const day = 86_400_000
const shortcuts = [
  { label: 'Now', ago: 0 },
  { label: '1 day ago', ago: day },
  { label: '7 days ago', ago: 7 * day },
  { label: '30 days ago', ago: 30 * day },
]

/** A point in time as the key's values are written. */
function write(time: number, encoding: TimeEncoding, type: ScalarType): string {
  if (encoding === 'iso-text') return new Date(time).toISOString()
  const number = encoding === 'epoch-seconds' ? time / 1000 : time
  return type === 'integer' ? String(Math.floor(number)) : String(number)
}

/** Turns a date into the number or text that a key's values have. */
export function DateHelper({ encoding, type, time, onText }: DateHelperProps) {
  const [open, setOpen] = useState(false)
  const words = { 'iso-text': 'ISO text', 'epoch-seconds': 'seconds since 1970', 'epoch-milliseconds': 'milliseconds since 1970' }[encoding]
  return (
    <Popover
      label="Pick a date"
      open={open}
      onOpenChange={setOpen}
      align="end"
      className="flex w-64 flex-col gap-2"
      trigger={
        <IconButton
          label={time === null ? 'Pick a date' : `Pick a date: now ${formatTime(time)}`}
          icon={<CalendarClock aria-hidden="true" />}
        />
      }
    >
      <label className="flex flex-col gap-1 text-small text-ink-muted">
        Date and time, kept as {words}
        <DateTimeInput
          label={`Date and time, kept as ${words}`}
          initial={time}
          onTime={(picked) => picked !== null && onText(write(picked, encoding, type))}
        />
      </label>
      <div className="flex flex-wrap gap-1">
        {shortcuts.map(({ label, ago }) => (
          <Button
            key={label}
            size="small"
            onClick={() => {
              onText(write(Math.floor((Date.now() - ago) / 1000) * 1000, encoding, type))
              setOpen(false)
            }}
          >
            {label}
          </Button>
        ))}
      </div>
    </Popover>
  )
}
