import { z } from 'zod'
import { mutation, query } from '../rpc/define.ts'
import { collectionRefSchema } from './collections.ts'

/** Most records of a set, and most sets of a collection. */
export const maxSetRecords = 100_000
export const maxSets = 200

const setNameSchema = z.string().trim().min(1).max(200)

/** Records of a collection that somebody gave a name. It holds ids: a record that is deleted is simply no longer found. */
export const savedSetSchema = z.object({
  id: z.string(),
  name: z.string(),
  /** Milliseconds since 1970. */
  at: z.number(),
  /** Records when it was saved. */
  count: z.number(),
})
export type SavedSet = z.infer<typeof savedSetSchema>

const setRef = collectionRefSchema.extend({ id: z.string() })

export const sets = {
  /** Newest first. */
  list: query(collectionRefSchema, z.array(savedSetSchema)),
  /** Ids of the records, in the order in which they were saved. */
  ids: query(setRef, z.array(z.string())),
  save: mutation(collectionRefSchema.extend({ name: setNameSchema, ids: z.array(z.string()).min(1).max(maxSetRecords) }), savedSetSchema, [
    'sets.list',
  ]),
  rename: mutation(setRef.extend({ name: setNameSchema }), z.object({}), ['sets.list']),
  /** Forgets the set; its records stay where they are. */
  remove: mutation(setRef, z.object({}), ['sets.list']),
}
