import { visibleString } from '../../lib/visible-text.ts'

const dates = new Intl.DateTimeFormat('en-GB', { dateStyle: 'medium' })
const clock = new Intl.DateTimeFormat('en-GB', { timeStyle: 'short' })
const full = new Intl.DateTimeFormat('en-GB', { dateStyle: 'medium', timeStyle: 'short' })

/** What a user is called on screen: by name where there is one. */
export function userTitle({ user, label }: { user: string | null; label: string | null }): string {
  return visibleString(label ?? user ?? 'No user named').slice(0, 200)
}

/** A day such as "12 Mar 2026", in the person's time zone. `time` in milliseconds since 1970. */
export function formatDay(time: number): string {
  return dates.format(time)
}

/** A time of day such as "14:02". */
export function formatClock(time: number): string {
  return clock.format(time)
}

/** Day and time of day. */
export function formatMoment(time: number): string {
  return full.format(time)
}
