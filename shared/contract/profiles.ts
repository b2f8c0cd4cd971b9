import { z } from 'zod'
import { profileMatchSchema, profileMappingSchema } from '../domain/profiles/profile.ts'
import { mutation, query } from '../rpc/define.ts'
import { collectionRefSchema } from './collections.ts'

export const profiles = {
  /** What the collection's records look like, and the mapping in force (the person's own where there is one). */
  get: query(collectionRefSchema, z.object({ match: profileMatchSchema, mapping: profileMappingSchema, corrected: z.boolean() })),
  /** Keeps the person's own mapping in the app's settings; null goes back to what was recognised. */
  set: mutation(collectionRefSchema.extend({ mapping: profileMappingSchema.nullable() }), z.object({}), ['profiles', 'memories']),
}
