import { z } from 'zod'
import { roleSchema } from '../domain/profiles/profile.ts'
import { filterSchema, whereSchema } from '../domain/where.ts'
import { query } from '../rpc/define.ts'
import { collectionRefSchema } from './collections.ts'

/** Most users, sessions or episodes that are asked for at once. */
export const memoryPageSize = 200
/** Characters of a turn that a timeline shows; the inspector has the whole. */
export const turnPreview = 4000
/** Equal spans of time in which a user's episodes are counted. */
export const activityBins = 48

const time = z.number().nullable()
const page = { offset: z.number().int().min(0), limit: z.number().int().min(1).max(memoryPageSize) }

/** Records of a collection that a filter leaves, read as somebody's memory under the collection's profile. */
export const memoryRefSchema = collectionRefSchema.extend({ filter: filterSchema })
export type MemoryRef = z.infer<typeof memoryRefSchema>

/** `user` is null for what names no user. */
export const memoryUserRefSchema = memoryRefSchema.extend({ user: z.string().nullable() })
export type MemoryUserRef = z.infer<typeof memoryUserRefSchema>

/** Times are milliseconds since 1970, null where no record says when it was. */
export const memoryUserSchema = z.object({
  user: z.string().nullable(),
  /** What the user is called, where the records say so beside the id. */
  label: z.string().nullable(),
  episodes: z.number(),
  sessions: z.number(),
  firstSeen: time,
  lastSeen: time,
})
export type MemoryUser = z.infer<typeof memoryUserSchema>

export const memorySessionSchema = z.object({
  session: z.string().nullable(),
  episodes: z.number(),
  first: time,
  last: time,
  /** Place of its first episode in the user's timeline. */
  at: z.number(),
})
export type MemorySession = z.infer<typeof memorySessionSchema>

export const episodeSchema = z.object({
  id: z.string(),
  time,
  session: z.string().nullable(),
  /** Its number in the session, from 0, and how many the session has. */
  number: z.number(),
  ofSession: z.number(),
  turns: z.array(
    z.object({
      speaker: z.enum(['user', 'assistant', 'system', 'tool', 'other']),
      /** The name as stored; empty where nobody is named. */
      label: z.string(),
      /** At most {@link turnPreview} characters of it. */
      text: z.string(),
      /** Characters of the whole. */
      length: z.number(),
    }),
  ),
  details: z.array(z.object({ role: roleSchema, text: z.string() })),
  standing: z.enum(['current', 'archived', 'superseded']),
})
export type Episode = z.infer<typeof episodeSchema>

export const userSortSchema = z.enum(['last-seen', 'episodes', 'name'])
export type UserSort = z.infer<typeof userSortSchema>

export const memories = {
  /** Who is remembered. `find` is part of an id or a name. */
  users: query(
    memoryRefSchema.extend({ find: z.string().max(1000), sort: userSortSchema, ...page }),
    z.object({
      /** Users that `find` leaves, and all of them. */
      total: z.number(),
      everyone: z.number(),
      episodes: z.number(),
      /** What the profile tells apart, and the metadata key of the time, which periods are filtered by; null where it is no key. */
      hasUsers: z.boolean(),
      hasSessions: z.boolean(),
      timeKey: z.string().nullable(),
      users: z.array(memoryUserSchema),
    }),
  ),
  /** One user: null where the filter leaves no record of them. */
  user: query(
    memoryUserRefSchema,
    memoryUserSchema
      .extend({
        /** Episodes in each of {@link activityBins} equal spans from the first to the last; null where there is no span. */
        activity: z.object({ from: z.number(), to: z.number(), counts: z.array(z.number()) }).nullable(),
        /** Names the user in a filter; null where a filter cannot. */
        where: whereSchema.nullable(),
      })
      .nullable(),
  ),
  /** Newest first. */
  sessions: query(memoryUserRefSchema.extend(page), z.object({ total: z.number(), sessions: z.array(memorySessionSchema) })),
  /**
   * Episodes of a user: by session, the newest session first and each as it was spoken; or all of them newest first, whatever their
   * session, as facts are read.
   */
  timeline: query(
    memoryUserRefSchema.extend({ order: z.enum(['sessions', 'newest']), ...page }),
    z.object({ total: z.number(), episodes: z.array(episodeSchema) }),
  ),
  /** Ids of all episodes of a user, or of one of the user's sessions. */
  ids: query(memoryUserRefSchema.extend({ session: z.string().nullable().optional() }), z.array(z.string())),
  /** Other collections of the same database that can hold facts about users, the most likely one first. */
  factsCollections: query(
    collectionRefSchema,
    z.array(z.object({ collectionId: z.string(), name: z.string(), count: z.number().nullable(), isLikely: z.boolean() })),
  ),
  /**
   * A user's episodes and facts as text, part by part: `next` is what to ask for after this part, null after the last one. Facts come
   * from the collection named, without a filter.
   */
  exportPart: query(
    memoryUserRefSchema.extend({
      factsCollectionId: z.string().nullable(),
      format: z.enum(['json', 'jsonl', 'markdown']),
      part: z.number().int().min(0),
    }),
    z.object({ text: z.string(), next: z.number().nullable(), done: z.number(), total: z.number() }),
  ),
}
