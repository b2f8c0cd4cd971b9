import type { MemoryUser, UserSort } from '../../../shared/contract/memories.ts'
import type { TimelineUser } from '../../../shared/domain/memory/memory-timeline.ts'
import type { ProfileMapping } from '../../../shared/domain/profiles/profile.ts'
import type { Where } from '../../../shared/domain/where.ts'
import type { MemoryTable } from './memory-tables.ts'

/** A time as it is sent: null in the place of NaN. */
export function knownTime(time: number): number | null {
  return Number.isNaN(time) ? null : time
}

export function describeUser({ columns }: MemoryTable, { user, episodes, sessions, first, last }: TimelineUser): MemoryUser {
  return {
    user: columns.userNames[user] ?? null,
    label: columns.userLabels[user] ?? null,
    episodes,
    sessions: sessions.filter(({ session }) => session !== -1).length,
    firstSeen: knownTime(first),
    lastSeen: knownTime(last),
  }
}

function bySeen(a: MemoryUser, b: MemoryUser): number {
  return (b.lastSeen ?? -Number.MAX_VALUE) - (a.lastSeen ?? -Number.MAX_VALUE)
}

const collator = new Intl.Collator('en')
const compare: Readonly<Record<UserSort, (a: MemoryUser, b: MemoryUser) => number>> = {
  'last-seen': (a, b) => bySeen(a, b) || b.episodes - a.episodes,
  episodes: (a, b) => b.episodes - a.episodes || bySeen(a, b),
  name: (a, b) => collator.compare(a.label ?? a.user ?? '', b.label ?? b.user ?? ''),
}

/** All users of a table in order; those without a time last where they are sorted by time. */
export function sortUsers(table: MemoryTable, sort: UserSort): MemoryUser[] {
  return table.timeline.users.map((user) => describeUser(table, user)).toSorted(compare[sort])
}

/** A filter that leaves exactly the records of a user; null where no metadata key names the user. */
export function whereOf({ columns }: MemoryTable, { user }: TimelineUser, { fields }: ProfileMapping): Where | null {
  const clauses = (columns.userValues[user] ?? []).map((value): Where => ({
    kind: 'compare',
    key: fields.user?.from === 'metadata' ? fields.user.key : '',
    operator: '$eq',
    value,
  }))
  const [only] = clauses
  if (only === undefined) return null
  return clauses.length === 1 ? only : { kind: 'or', clauses }
}
