import { z } from 'zod'
import type { MetadataValue } from './metadata.ts'
import { earliestTime, parseTime, latestTime } from './time.ts'

/**
 * Records whose value under `key` is a point in time from `from` on and before `to`, in milliseconds since 1970; null leaves a side open.
 * Chroma has no such filter for dates kept as text, so this one is evaluated by the app. A list passes where one of its values does.
 */
export const periodSchema = z.object({ key: z.string(), from: z.number().nullable(), to: z.number().nullable() })
export type Period = z.infer<typeof periodSchema>

/** Whether a value stands for a point in time within a period, however it is written: see {@link parseTime}. */
export function isInPeriod({ from, to }: Period, value: MetadataValue | undefined): boolean {
  if (value === undefined) return false
  const values = Array.isArray(value) ? value : [value]
  return values.some((each) => {
    const ms = parseTime(each)?.ms
    return ms !== undefined && (from === null || ms >= from) && (to === null || ms < to)
  })
}

const writtenSchema = z.array(z.object({ key: z.string(), from: z.iso.datetime().nullable(), to: z.iso.datetime().nullable() }))

/** Periods as text for an address, with times in ISO 8601; empty where there are none. */
export function printPeriods(periods: readonly Period[]): string {
  if (periods.length === 0) return ''
  const written = (time: number | null): string | null =>
    time === null ? null : new Date(Math.min(latestTime, Math.max(earliestTime, Math.round(time)))).toISOString()
  return JSON.stringify(periods.map(({ key, from, to }) => ({ key, from: written(from), to: written(to) })))
}

/** The reverse of {@link printPeriods}; null where the text cannot be read. */
export function parsePeriods(text: string): Period[] | null {
  if (text === '') return []
  let json: unknown
  try {
    json = JSON.parse(text)
  } catch {
    return null
  }
  const read = (time: string | null): number | null => (time === null ? null : Date.parse(time))
  const parsed = writtenSchema.safeParse(json)
  return parsed.success ? parsed.data.map(({ key, from, to }) => ({ key, from: read(from), to: read(to) })) : null
}

/** The period of `key`, null where there is none. The app keeps one for each key. */
export function periodOf(periods: readonly Period[], key: string): Period | null {
  return periods.find((period) => period.key === key) ?? null
}

/** The periods with that of `key` replaced, or taken out where `next` is null. */
export function withPeriod(periods: readonly Period[], key: string, next: Period | null): Period[] {
  const at = periods.findIndex((period) => period.key === key)
  if (at === -1) return next === null ? [...periods] : [...periods, next]
  return periods.flatMap((period, index) => (index === at ? (next === null ? [] : [next]) : period.key === key ? [] : [period]))
}

/** Why Chroma itself cannot be asked for periods, and what can be done instead; one wording for every place that has to say so. */
export const periodsBeyondChroma = {
  message: 'Chroma cannot compare dates kept as text, so it cannot be asked for a period of them.',
  remedy: 'Keep the dates as numbers (seconds since 1970) to filter by them in a program, or select the records here and use their ids.',
} as const
