import { useQuery } from '@tanstack/react-query'
import { CalendarClock } from 'lucide-react'
import { useState } from 'react'
import type { CollectionRef } from '../../../shared/contract/collections.ts'
import { periodOf, withPeriod, type Period } from '../../../shared/domain/period.ts'
import type { Filter } from '../../../shared/domain/where.ts'
import { useClient } from '../../lib/client-context.tsx'
import { Button } from '../../ui/button.tsx'
import { DateTimeInput } from '../../ui/date-time-input.tsx'
import { Popover } from '../../ui/popover.tsx'
import { formatDay, formatMoment } from './memory-words.ts'

export interface TimeFilterProps {
  readonly collection: CollectionRef
  /** The metadata key of the time. */
  readonly timeKey: string
  readonly filter: Filter
  readonly onFilter: (filter: Filter) => void
}

const day = 86_400_000
const spans = [1, 7, 30, 90]

function words({ from, to }: Period): string {
  if (from !== null && to !== null) return `${formatDay(from)} – ${formatDay(to)}`
  return from !== null ? `Since ${formatDay(from)}` : `Before ${formatDay(to ?? 0)}`
}

/** Narrows the memory to a time, however the records write it: ISO text, seconds or milliseconds. */
export function TimeFilter({ collection, timeKey, filter, onFilter }: TimeFilterProps) {
  const client = useClient()
  const [isOpen, setIsOpen] = useState(false)
  const period = periodOf(filter.periods, timeKey)
  const anyTime = { ...filter, periods: withPeriod(filter.periods, timeKey, null) }
  const { data } = useQuery({
    ...client.query('memories.users', { ...collection, filter: anyTime, find: '', sort: 'last-seen', offset: 0, limit: 1 }),
    enabled: isOpen,
  })
  const newest = data?.users[0]?.lastSeen ?? null
  const from = period?.from ?? null
  const to = period?.to ?? null
  const set = (bounds: { from: number | null; to: number | null }): void => {
    const next = bounds.from === null && bounds.to === null ? null : { key: timeKey, ...bounds }
    onFilter({ ...filter, periods: withPeriod(filter.periods, timeKey, next) })
  }
  return (
    <Popover
      label="Time of the episodes"
      align="end"
      open={isOpen}
      onOpenChange={setIsOpen}
      className="flex w-76 flex-col gap-3"
      trigger={
        <Button variant={period === null ? 'ghost' : 'default'} icon={<CalendarClock aria-hidden="true" />}>
          {period === null ? 'Any time' : words(period)}
        </Button>
      }
    >
      <div className="flex flex-col gap-1.5">
        <p className="text-small text-ink-muted">
          {newest === null ? 'Back from the newest episode' : `Back from the newest episode, ${formatMoment(newest)}`}
        </p>
        <div className="flex flex-wrap gap-1">
          {spans.map((days) => (
            <Button
              key={days}
              size="small"
              disabled={newest === null}
              onClick={() => newest !== null && set({ from: newest - days * day, to: null })}
            >
              {days === 1 ? '24 hours' : `${days} days`}
            </Button>
          ))}
        </div>
      </div>
      <div className="grid grid-cols-[auto_1fr] items-center gap-x-3 gap-y-1.5 text-small text-ink-muted">
        From
        <DateTimeInput key={`from ${isOpen}`} label="From" initial={from} onTime={(time) => set({ from: time, to })} />
        To before
        <DateTimeInput key={`to ${isOpen}`} label="To before" initial={to} onTime={(time) => set({ from, to: time })} />
      </div>
      {from !== null && to !== null && from >= to && <p className="text-small text-ink-muted">The end is not after the start.</p>}
      {period !== null && (
        <Button
          size="small"
          className="self-start"
          onClick={() => {
            set({ from: null, to: null })
            setIsOpen(false)
          }}
        >
          Any time
        </Button>
      )}
    </Popover>
  )
}
