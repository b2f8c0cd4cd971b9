import { z } from 'zod'
import { metadataSchema } from './metadata.ts'

/** A record without its vector. `document` null means that it has none, which is not the same as an empty one. */
export const recordSchema = z.object({
  id: z.string(),
  document: z.string().nullable(),
  metadata: metadataSchema.nullable(),
  uri: z.string().nullable(),
})
export type StoredRecord = z.infer<typeof recordSchema>
