import { collectionSubject } from '../../../shared/contract/jobs.ts'
import type { CollectionRef } from '../../../shared/contract/collections.ts'
import {
  activityBins,
  turnPreview,
  type Episode,
  type MemoryRef,
  type MemorySession,
  type MemoryUser,
  type MemoryUserRef,
  type UserSort,
} from '../../../shared/contract/memories.ts'
import { detailsOf, standingOf, turnsOf } from '../../../shared/domain/memory/episode.ts'
import { activityOf, placesOf, rowsByTime, type MemoryTimeline, type TimelineUser } from '../../../shared/domain/memory/memory-timeline.ts'
import type { ProfileMapping } from '../../../shared/domain/profiles/profile.ts'
import type { StoredRecord } from '../../../shared/domain/record.ts'
import type { Where } from '../../../shared/domain/where.ts'
import type { Jobs } from '../../jobs/jobs.ts'
import type { OpenStores } from '../../store/open-stores.ts'
import type { Store } from '../../store/store.ts'
import { MemoryTables, type MemoryTable } from './memory-tables.ts'
import { describeUser, knownTime, sortUsers, whereOf } from './memory-users.ts'

export interface MemoriesOptions {
  readonly stores: OpenStores
  readonly jobs: Jobs
  readonly mappingOf: (ref: CollectionRef, signal: AbortSignal) => Promise<ProfileMapping>
}

interface Opened extends MemoryTable {
  readonly store: Store
  readonly mapping: ProfileMapping
}

/** An episode's record with its place in the timeline. */
export interface TimelineRecord {
  readonly record: StoredRecord
  readonly time: number
  readonly session: string | null
  readonly number: number
  readonly ofSession: number
}

interface Page {
  readonly offset: number
  readonly limit: number
}

/** Reads a collection as memory: its users, their sessions, and the episodes of each as a timeline. */
export class Memories {
  readonly #options: MemoriesOptions
  readonly #tables = new MemoryTables()
  /** Rows of a user by time. */
  readonly #byTime = new WeakMap<TimelineUser, Int32Array>()
  readonly #users = new WeakMap<MemoryTimeline, Map<UserSort, MemoryUser[]>>()

  constructor(options: MemoriesOptions) {
    this.#options = options
  }

  async #open({ filter, ...ref }: MemoryRef, signal: AbortSignal): Promise<Opened> {
    const collection = { connectionId: ref.connectionId, collectionId: ref.collectionId }
    const store = await this.#options.stores.get(ref.connectionId, signal)
    const mapping = await this.#options.mappingOf(collection, signal)
    const purpose = { method: 'memories.users', subject: collectionSubject(collection) }
    const table = await this.#options.jobs.follow({ title: 'Read the memory', purpose, signal }, (context) =>
      this.#tables.get(store, collection, mapping, filter, { signal: context.signal, onProgress: context.progress }),
    )
    return { ...table, store, mapping }
  }

  #find({ columns, users }: MemoryTable, user: string | null): TimelineUser | null {
    if (user === null) return users.get(-1) ?? null
    const place = columns.userNames.indexOf(user)
    return place === -1 ? null : (users.get(place) ?? null)
  }

  /** Users that hold `find` in id or name, in order. */
  async users(
    { find, sort, offset, limit, ...ref }: MemoryRef & Page & { find: string; sort: UserSort },
    signal: AbortSignal,
  ): Promise<{
    total: number
    everyone: number
    episodes: number
    hasUsers: boolean
    hasSessions: boolean
    timeKey: string | null
    users: MemoryUser[]
  }> {
    const opened = await this.#open(ref, signal)
    const { timeline, mapping } = opened
    const lists = this.#users.get(timeline) ?? new Map<UserSort, MemoryUser[]>()
    this.#users.set(timeline, lists)
    const sorted = lists.get(sort) ?? sortUsers(opened, sort)
    lists.set(sort, sorted)
    const wanted = find.trim().toLowerCase()
    const found =
      wanted === ''
        ? sorted
        : sorted.filter(({ user, label }) => user?.toLowerCase().includes(wanted) || label?.toLowerCase().includes(wanted))
    const { user: userField, session, createdAt } = mapping.fields
    return {
      total: found.length,
      everyone: sorted.length,
      episodes: timeline.rows.length,
      hasUsers: userField !== undefined,
      hasSessions: session !== undefined,
      timeKey: createdAt?.from === 'metadata' && createdAt.path === null ? createdAt.key : null,
      users: found.slice(offset, offset + limit),
    }
  }

  async user(
    { user, ...ref }: MemoryUserRef,
    signal: AbortSignal,
  ): Promise<(MemoryUser & { activity: { from: number; to: number; counts: number[] } | null; where: Where | null }) | null> {
    const opened = await this.#open(ref, signal)
    const found = this.#find(opened, user)
    if (found === null) return null
    const { columns, timeline, mapping } = opened
    const activity = activityOf(columns, timeline, found, activityBins)
    return { ...describeUser(opened, found), activity, where: whereOf(opened, found, mapping) }
  }

  async sessions(
    { user, offset, limit, ...ref }: MemoryUserRef & Page,
    signal: AbortSignal,
  ): Promise<{ total: number; sessions: MemorySession[] }> {
    const opened = await this.#open(ref, signal)
    const found = this.#find(opened, user)
    if (found === null) return { total: 0, sessions: [] }
    const sessions = found.sessions.slice(offset, offset + limit).map(({ session, episodes, first, last }, at) => ({
      session: opened.columns.sessionNames[session] ?? null,
      episodes,
      first: knownTime(first),
      last: knownTime(last),
      at: found.starts[offset + at] ?? 0,
    }))
    return { total: found.sessions.length, sessions }
  }

  /** Ids of a user's episodes in the order of the timeline; of one session where it is named, `session` null being what belongs to none. */
  async ids({ user, session, ...ref }: MemoryUserRef & { session?: string | null | undefined }, signal: AbortSignal): Promise<string[]> {
    const opened = await this.#open(ref, signal)
    const { columns, timeline } = opened
    const sessions = this.#find(opened, user)?.sessions ?? []
    const wanted = session === undefined ? sessions : sessions.filter((each) => (columns.sessionNames[each.session] ?? null) === session)
    return wanted.flatMap(({ from, to }) => Array.from(timeline.rows.subarray(from, to), (row) => columns.ids[row] ?? ''))
  }

  /** Records of a user's timeline with their places, and how many there are. */
  async records(
    { user, order, offset, limit, ...ref }: MemoryUserRef & Page & { order: 'sessions' | 'newest' },
    signal: AbortSignal,
  ): Promise<{ total: number; mapping: ProfileMapping; found: TimelineRecord[] }> {
    const opened = await this.#open(ref, signal)
    const { columns, timeline, store, mapping } = opened
    const found = this.#find(opened, user)
    if (found === null) return { total: 0, mapping, found: [] }
    const places =
      order === 'sessions'
        ? placesOf(timeline, found, offset, limit).map(({ row, session, number }) => ({ row, number, ofSession: session.episodes }))
        : Array.from(this.#sorted(opened, found).subarray(offset, offset + limit), (row) => ({ row, number: 0, ofSession: 1 }))
    const ids = places.map(({ row }) => columns.ids[row] ?? '')
    const records = new Map((await store.records(ref.collectionId, ids, { signal })).map((record) => [record.id, record]))
    return {
      total: found.episodes,
      mapping,
      found: places.flatMap(({ row, ...place }) => {
        const record = records.get(columns.ids[row] ?? '')
        if (record === undefined) return []
        const session = columns.sessionNames[columns.sessions[row] ?? -1] ?? null
        return [{ record, time: columns.times[row] ?? Number.NaN, session, ...place }]
      }),
    }
  }

  async timeline(
    request: MemoryUserRef & Page & { order: 'sessions' | 'newest' },
    signal: AbortSignal,
  ): Promise<{ total: number; episodes: Episode[] }> {
    const { total, mapping, found } = await this.records(request, signal)
    const episodes = found.map(({ record, time, session, number, ofSession }) => ({
      id: record.id,
      time: knownTime(time),
      session,
      number,
      ofSession,
      turns: turnsOf(mapping, record).map(({ speaker, label, text }) => ({
        speaker,
        label: label.slice(0, 200),
        text: text.slice(0, turnPreview),
        length: text.length,
      })),
      details: detailsOf(mapping, record).map(({ role, text }) => ({ role, text: text.slice(0, 200) })),
      standing: standingOf(record),
    }))
    return { total, episodes }
  }

  #sorted({ columns, timeline }: MemoryTable, user: TimelineUser): Int32Array {
    const rows = this.#byTime.get(user) ?? rowsByTime(columns, timeline, user)
    this.#byTime.set(user, rows)
    return rows
  }
}
