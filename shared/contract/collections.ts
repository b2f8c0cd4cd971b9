import { z } from 'zod'
import { metadataSchema, metadataTypeSchema } from '../domain/metadata.ts'
import { spaceSchema } from '../domain/space.ts'
import { query } from '../rpc/define.ts'

export const collectionRefSchema = z.object({ connectionId: z.string(), collectionId: z.string() })
export type CollectionRef = z.infer<typeof collectionRefSchema>

export const collectionSummarySchema = z.object({
  id: z.string(),
  name: z.string(),
  tenant: z.string(),
  database: z.string(),
  /** Null where counting failed; `problem` then says why. */
  count: z.number().nullable(),
  /** Null until the first record was added. */
  dimension: z.number().nullable(),
  space: spaceSchema,
  /** Bytes of the collection's own index folder; its texts are in the database, together with those of all others. */
  bytes: z.number().nullable(),
  problem: z.string().nullable(),
})
export type CollectionSummary = z.infer<typeof collectionSummarySchema>

export const catalogSchema = z.object({
  tenants: z.array(
    z.object({
      name: z.string(),
      databases: z.array(z.object({ id: z.string(), name: z.string(), collections: z.array(collectionSummarySchema) })),
    }),
  ),
})
export type Catalog = z.infer<typeof catalogSchema>

export const metadataKeySchema = z.object({
  key: z.string(),
  /** How many records have the key, by type. A key can have more than one. */
  types: z.array(z.object({ type: metadataTypeSchema, count: z.number() })),
  count: z.number(),
  /** Number of distinct values, counted up to 1,000. */
  distinct: z.number(),
  /** Longest text seen, in characters, for column widths; 0 for other types. */
  longest: z.number(),
})
export type MetadataKey = z.infer<typeof metadataKeySchema>

export const collectionDetailSchema = z.object({
  summary: collectionSummarySchema,
  metadata: metadataSchema.nullable(),
  /** Where `summary.space` was found, for example "collection metadata hnsw:space". */
  spaceSource: z.string(),
  /** The configuration as stored, pretty-printed JSON; null where there is none. */
  configuration: z.string().nullable(),
  /** The schema of Chroma 1.1 and later, pretty-printed JSON. */
  schema: z.string().nullable(),
  embeddingFunction: z.object({ name: z.string(), type: z.string(), configuration: z.string().nullable() }).nullable(),
  index: z.object({
    state: z.enum(['persisted', 'queue-only', 'empty', 'damaged', 'remote']),
    /** Segment folder's name; null where there is none or the store is remote. */
    folder: z.string().nullable(),
    elements: z.number().nullable(),
    deletedElements: z.number().nullable(),
    capacity: z.number().nullable(),
    /** HNSW parameters as read from the file or configuration. */
    parameters: z.array(z.object({ name: z.string(), value: z.string() })),
    bytes: z.number().nullable(),
  }),
  queue: z
    .object({
      /** Operations in the write-ahead queue for this collection, and how many the index has not taken in. */
      operations: z.number(),
      notInIndex: z.number(),
      bytes: z.number(),
    })
    .nullable(),
  records: z.object({ withDocument: z.number(), withoutDocument: z.number(), withUri: z.number() }).nullable(),
})
export type CollectionDetail = z.infer<typeof collectionDetailSchema>

export const collections = {
  catalog: query(z.object({ connectionId: z.string() }), catalogSchema),
  detail: query(collectionRefSchema, collectionDetailSchema),
  keys: query(collectionRefSchema, z.array(metadataKeySchema)),
}
