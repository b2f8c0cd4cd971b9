import type { MemoryColumns } from './memory-columns.ts'

export interface TimelineSession {
  /** Place in the columns' `sessionNames`; -1 for what belongs to none. */
  readonly session: number
  readonly episodes: number
  /** Milliseconds since 1970; NaN where no record says when it was. */
  readonly first: number
  readonly last: number
  /** Rows of the session in `rows` of the timeline, half-open: those of one session are neighbours, oldest first. */
  readonly from: number
  readonly to: number
}

export interface TimelineUser {
  /** Place in the columns' `userNames`; -1 for what names none. */
  readonly user: number
  readonly episodes: number
  readonly first: number
  readonly last: number
  /** Newest first; those without a time last, in stored order. */
  readonly sessions: readonly TimelineSession[]
  /** Episodes of the sessions before each one. */
  readonly starts: readonly number[]
}

export interface MemoryTimeline {
  /** Rows of the columns, those of one session together. */
  readonly rows: Int32Array
  /** In the order in which they were first met. */
  readonly users: readonly TimelineUser[]
}

/** Compares numbers of which NaN comes last. */
function ascending(a: number, b: number): number {
  if (Number.isNaN(a)) return Number.isNaN(b) ? 0 : 1
  return Number.isNaN(b) ? -1 : a - b
}

function descending(a: number, b: number): number {
  return Number.isNaN(a) || Number.isNaN(b) ? ascending(a, b) : b - a
}

/** Sorts rows by time, those without one last, equal ones as stored. Rows come in stored order, which mostly is that of time. */
function sortByTime(rows: Int32Array, times: Float64Array): void {
  const time = (row: number): number => times[row] ?? Number.NaN
  for (let at = 1; at < rows.length; at += 1) {
    if (ascending(time(rows[at - 1] ?? 0), time(rows[at] ?? 0)) > 0) {
      rows.sort((a, b) => ascending(time(a), time(b)) || a - b)
      return
    }
  }
}

function lastTime(rows: Int32Array, times: Float64Array): number {
  for (let at = rows.length - 1; at >= 0; at -= 1) {
    const time = times[rows[at] ?? 0] ?? Number.NaN
    if (!Number.isNaN(time)) return time
  }
  return Number.NaN
}

function userOf(user: number, unsorted: readonly TimelineSession[]): TimelineUser {
  const sessions = unsorted.toSorted((a, b) => descending(a.last, b.last) || a.from - b.from)
  const starts: number[] = []
  let [episodes, first, last] = [0, Number.NaN, Number.NaN]
  for (const session of sessions) {
    starts.push(episodes)
    episodes += session.episodes
    if (!(first <= session.first)) first = Number.isNaN(session.first) ? first : session.first
    if (!(last >= session.last)) last = Number.isNaN(session.last) ? last : session.last
  }
  return { user, episodes, first, last, sessions, starts }
}

/**
 * Puts rows in order by user and session. Two users may have sessions of the same name: they are two sessions.
 * @param chosen rows in stored order; all of them where null
 */
export function makeTimeline(columns: MemoryColumns, chosen: Int32Array | null): MemoryTimeline {
  const { users, sessions, times, sessionNames } = columns
  const all = chosen ?? Int32Array.from(columns.ids, (_, row) => row)
  const groupOf = new Map<number, number>()
  const groups: { user: number; session: number; count: number }[] = []
  const codes = new Int32Array(all.length)
  for (const [at, row] of all.entries()) {
    const [user, session] = [users[row] ?? -1, sessions[row] ?? -1]
    const key = (user + 1) * (sessionNames.length + 1) + session + 1
    let group = groupOf.get(key)
    if (group === undefined) {
      group = groups.length
      groupOf.set(key, group)
      groups.push({ user, session, count: 0 })
    }
    codes[at] = group
    ;(groups[group] as (typeof groups)[number]).count += 1
  }

  const rows = new Int32Array(all.length)
  const next = new Int32Array(groups.length)
  let from = 0
  for (const [group, { count }] of groups.entries()) {
    next[group] = from
    from += count
  }
  for (const [at, row] of all.entries()) {
    const group = codes[at] ?? 0
    rows[next[group] ?? 0] = row
    next[group] = (next[group] ?? 0) + 1
  }

  const ofUser = new Map<number, TimelineSession[]>()
  for (const [group, { user, session, count }] of groups.entries()) {
    const to = next[group] ?? 0
    const own = rows.subarray(to - count, to)
    sortByTime(own, times)
    const first = times[own[0] ?? 0] ?? Number.NaN
    const found = ofUser.get(user) ?? []
    ofUser.set(user, found)
    found.push({ session, episodes: count, first, last: lastTime(own, times), from: to - count, to })
  }
  return { rows, users: [...ofUser].map(([user, unsorted]) => userOf(user, unsorted)) }
}

export interface TimelinePlace {
  readonly row: number
  readonly session: TimelineSession
  /** Whether it is the first one of its session, and its number within, from 0. */
  readonly number: number
}

/** Episodes of a user from `offset` on: newest session first, each as it was spoken. */
export function placesOf({ rows }: MemoryTimeline, user: TimelineUser, offset: number, limit: number): TimelinePlace[] {
  const found: TimelinePlace[] = []
  let low = 0
  let high = user.starts.length - 1
  while (low < high) {
    const middle = (low + high + 1) >> 1
    if ((user.starts[middle] ?? 0) <= offset) low = middle
    else high = middle - 1
  }
  for (let at = low; at < user.sessions.length && found.length < limit; at += 1) {
    const session = user.sessions[at] as TimelineSession
    const start = user.starts[at] ?? 0
    for (let number = Math.max(0, offset - start); number < session.episodes && found.length < limit; number += 1)
      found.push({ row: rows[session.from + number] ?? 0, session, number })
  }
  return found
}

/** All rows of a user, newest first, whatever their session; those without a time last. */
export function rowsByTime({ times }: MemoryColumns, { rows }: MemoryTimeline, user: TimelineUser): Int32Array {
  const own = new Int32Array(user.episodes)
  for (const [at, { from, to }] of user.sessions.entries()) own.set(rows.subarray(from, to), user.starts[at] ?? 0)
  return own.sort((a, b) => descending(times[a] ?? Number.NaN, times[b] ?? Number.NaN) || b - a)
}

/** How many rows fall into each of `bins` equal spans of time; null where no row says when it was, or all say the same. */
export function activityOf(
  { times }: MemoryColumns,
  { rows }: MemoryTimeline,
  user: TimelineUser,
  bins: number,
): { from: number; to: number; counts: number[] } | null {
  const { first, last, sessions } = user
  if (!(last > first)) return null
  const counts = Array.from({ length: bins }, () => 0)
  for (const { from, to } of sessions) {
    for (let at = from; at < to; at += 1) {
      const time = times[rows[at] ?? 0] ?? Number.NaN
      if (Number.isNaN(time)) continue
      const bin = Math.min(bins - 1, Math.floor(((time - first) / (last - first)) * bins))
      counts[bin] = (counts[bin] ?? 0) + 1
    }
  }
  return { from: first, to: last, counts }
}
