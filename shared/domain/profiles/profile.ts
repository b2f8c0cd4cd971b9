import { z } from 'zod'

/** What a field of a record means to the program that wrote it. */
export const roleSchema = z.enum([
  'query',
  'response',
  'namespace',
  'createdAt',
  'expiresAt',
  'ttl',
  'hitCount',
  'lastHitAt',
  'user',
  'session',
  'speaker',
  'input',
  'output',
  'fact',
  'topic',
  'source',
  'category',
  'importance',
  'model',
])
export type Role = z.infer<typeof roleSchema>

/** Where a role's value is found in a record. `path` goes into a value that is stringified JSON, dot-separated. */
export const fieldSchema = z.discriminatedUnion('from', [
  z.object({ from: z.literal('document') }),
  z.object({ from: z.literal('id') }),
  z.object({ from: z.literal('metadata'), key: z.string(), path: z.string().nullable() }),
  /** One side of a "User: ... / Assistant: ..." document. */
  z.object({ from: z.literal('turn'), speaker: z.enum(['user', 'assistant']) }),
])
export type Field = z.infer<typeof fieldSchema>

export const profileMappingSchema = z.object({
  kind: z.enum(['cache', 'memory', 'facts', 'chunks', 'unknown']),
  fields: z.partialRecord(roleSchema, fieldSchema),
})
export type ProfileMapping = z.infer<typeof profileMappingSchema>

/** The best guess of who wrote a collection. */
export const profileMatchSchema = z.object({
  /** Stable name of the profile, such as 'mem0' or 'semantic-cache'. */
  id: z.string(),
  title: z.string(),
  /** 0 (a guess) to 1 (certain). */
  confidence: z.number().min(0).max(1),
  /** What speaks for it, in short sentences. */
  reasons: z.array(z.string()),
  mapping: profileMappingSchema,
})
export type ProfileMatch = z.infer<typeof profileMatchSchema>
