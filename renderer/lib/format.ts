const counts = new Intl.NumberFormat('en-US')
const dates = new Intl.DateTimeFormat('en-GB', { dateStyle: 'medium', timeStyle: 'medium' })
const relative = new Intl.RelativeTimeFormat('en-US', { numeric: 'auto' })

/** A whole number with separators: 1,712. */
export function formatCount(count: number): string {
  return counts.format(count)
}

/** A count with its noun, such as "1 record" or "1,712 records". */
export function formatQuantity(count: number, singular: string, plural = `${singular}s`): string {
  return `${formatCount(count)} ${count === 1 ? singular : plural}`
}

/** Bytes in the largest unit that keeps at least one digit before the point (1 KB = 1,024 bytes). */
export function formatBytes(bytes: number): string {
  const units = ['bytes', 'KB', 'MB', 'GB', 'TB']
  let value = bytes
  let unit = 0
  while (value >= 1024 && unit < units.length - 1) {
    value /= 1024
    unit += 1
  }
  if (unit === 0) return formatQuantity(bytes, 'byte')
  return `${value < 10 ? value.toFixed(1) : formatCount(Math.round(value))} ${units[unit]}`
}

/** Date and time in full, in the person's time zone. `time` in milliseconds since 1970. */
export function formatTime(time: number): string {
  return dates.format(time)
}

const steps: [Intl.RelativeTimeFormatUnit, number][] = [
  ['year', 31_557_600_000],
  ['month', 2_629_800_000],
  ['week', 604_800_000],
  ['day', 86_400_000],
  ['hour', 3_600_000],
  ['minute', 60_000],
]

/** How long before or after `now`, such as "3 minutes ago" or "in 2 days"; "just now" within a minute. Milliseconds since 1970. */
export function formatRelativeTime(time: number, now: number): string {
  const difference = time - now
  for (const [unit, length] of steps) {
    if (Math.abs(difference) >= length) return relative.format(Math.trunc(difference / length), unit)
  }
  return 'just now'
}

const durationUnits: readonly [string, number][] = [
  ['d', 86_400_000],
  ['h', 3_600_000],
  ['min', 60_000],
  ['s', 1000],
  ['ms', 1],
]

/** How long something lasts, in its two largest units: "30 d", "1 h 30 min", "250 ms". `duration` in milliseconds, not negative. */
export function formatDuration(duration: number): string {
  const parts: string[] = []
  let left = Math.round(duration)
  for (const [unit, length] of durationUnits) {
    const count = Math.floor(left / length)
    if (count > 0) parts.push(`${formatCount(count)} ${unit}`)
    else if (parts.length > 0) break
    left -= count * length
    if (parts.length === 2) break
  }
  return parts.length === 0 ? '0 s' : parts.join(' ')
}
