import { z } from 'zod'
import { metadataSchema, metadataScalarSchema, type MetadataValue } from '../domain/metadata.ts'
import { recordSchema } from '../domain/record.ts'
import { spaceSchema } from '../domain/space.ts'
import { filterSchema } from '../domain/where.ts'
import { mutation, query } from '../rpc/define.ts'
import { afterChange } from './changes.ts'
import { collectionRefSchema } from './collections.ts'
import { selectionSchema } from './records.ts'

const metadataValueSchema = z.union([metadataScalarSchema, z.array(metadataScalarSchema)])

/** Which records an operation is for. */
export const scopeSchema = z.discriminatedUnion('kind', [
  z.object({ kind: z.literal('ids'), ids: z.array(z.string()).max(1_000_000) }),
  z.object({ kind: z.literal('selection'), selection: selectionSchema }),
  z.object({ kind: z.literal('filter'), filter: filterSchema }),
])
export type Scope = z.infer<typeof scopeSchema>

/** Where a new vector comes from: `keep` leaves the old one, although it may no longer fit the document. */
export const vectorChoiceSchema = z.discriminatedUnion('kind', [
  z.object({ kind: z.literal('keep') }),
  /** By the embedder that the collection is asked with, see `embedders.choice`. */
  z.object({ kind: z.literal('embed') }),
  z.object({ kind: z.literal('given'), vector: z.instanceof(Float32Array) }),
])

/** An edit of one record, as it was staged. Absent parts stay as they are. */
export const recordEditSchema = z.object({
  id: z.string(),
  /** As the person saw it when the edit began: the edit is refused where the record is different by now. */
  seen: recordSchema,
  newId: z.string().min(1).optional(),
  document: z.string().nullable().optional(),
  uri: z.string().nullable().optional(),
  /** The whole metadata after the edit; a key that is left out is removed. */
  metadata: metadataSchema.nullable().optional(),
  vector: vectorChoiceSchema,
})
export type RecordEdit = z.infer<typeof recordEditSchema>

export const newRecordSchema = recordSchema.extend({
  vector: z.discriminatedUnion('kind', [
    z.object({ kind: z.literal('embed') }),
    z.object({ kind: z.literal('given'), vector: z.instanceof(Float32Array) }),
    /** The vector of another record of the collection. */
    z.object({ kind: z.literal('of'), id: z.string() }),
  ]),
})
export type NewRecord = z.infer<typeof newRecordSchema>

/** What to do with every record of a scope. */
export const bulkOperationSchema = z.discriminatedUnion('kind', [
  z.object({ kind: z.literal('delete') }),
  z.object({
    kind: z.literal('set'),
    key: z.string(),
    value: z.custom<MetadataValue>((value) => metadataValueSchema.safeParse(value).success),
  }),
  z.object({ kind: z.literal('remove'), key: z.string() }),
  /** A key that already stands under the new name is overwritten only where `overwrite` says so, else the record is left out. */
  z.object({ kind: z.literal('rename'), key: z.string(), to: z.string(), overwrite: z.boolean() }),
  z.object({ kind: z.literal('convert'), key: z.string(), to: z.enum(['string', 'integer', 'float', 'boolean']) }),
  /** In texts under the key; the document where the key is null. */
  z.object({
    kind: z.literal('replace'),
    key: z.string().nullable(),
    find: z.string().min(1),
    replacement: z.string(),
    isPattern: z.boolean(),
    matchCase: z.boolean(),
    vector: z.enum(['keep', 'embed']),
  }),
  /** Makes the vectors anew from the documents. */
  z.object({ kind: z.literal('embed') }),
  /** Gives vectors the norm 1 and leaves their direction. */
  z.object({ kind: z.literal('normalise') }),
  z.object({ kind: z.literal('copy'), to: collectionRefSchema, move: z.boolean(), existing: z.enum(['leave', 'overwrite']) }),
])
export type BulkOperation = z.infer<typeof bulkOperationSchema>

const sampleSchema = z.object({ id: z.string(), before: recordSchema.nullable(), after: recordSchema.nullable() })

export const bulkPreviewSchema = z.object({
  /** Records in the scope, those that would change, and those that stay as they are because they already are as wanted. */
  records: z.number(),
  changed: z.number(),
  unchanged: z.number(),
  /** Records that cannot be changed, by reason, most frequent first. */
  refused: z.array(z.object({ reason: z.string(), count: z.number(), exampleId: z.string() })),
  /** A sample of the records that would change: the first, the last, and some between. */
  sample: z.array(sampleSchema),
  /** What is kept for undoing would take about so many bytes. */
  bytes: z.number(),
  /** What else to know before it is applied, in sentences. */
  notes: z.array(z.string()),
  /** Names the state of the store that was looked at; `apply` is refused where the records are different by then. */
  state: z.string(),
})
export type BulkPreview = z.infer<typeof bulkPreviewSchema>

const bulkSampleSchema = z.object({
  /** Ids in the scope. */
  records: z.number(),
  /** As of the preview, of a few hundred records. */
  sample: z.array(sampleSchema),
})
export type BulkSample = z.infer<typeof bulkSampleSchema>

const job = z.object({ jobId: z.string() })
const hnswSchema = z.object({
  space: spaceSchema,
  efConstruction: z.number().int().min(1).nullable(),
  efSearch: z.number().int().min(1).nullable(),
  maxNeighbors: z.number().int().min(2).nullable(),
})

/** Records of one change that are edited by hand. */
export const mostEdits = 1000

/** Everything here needs `editing.start` before, is kept in History, and can be undone. Job results are ids of changes. */
export const curation = {
  /** Why these edits could not be applied, by id; nothing is written. */
  check: query(
    collectionRefSchema.extend({ edits: z.array(recordEditSchema).max(mostEdits) }),
    z.array(z.object({ id: z.string(), reason: z.string() })),
  ),
  edit: mutation(collectionRefSchema.extend({ edits: z.array(recordEditSchema).min(1).max(mostEdits) }), job, afterChange),
  add: mutation(collectionRefSchema.extend({ records: z.array(newRecordSchema).min(1).max(1000) }), job, afterChange),
  preview: query(collectionRefSchema.extend({ scope: scopeSchema, operation: bulkOperationSchema }), bulkPreviewSchema),
  /** A part of what `preview` answers, sooner, since that looks at every record; null for copying, which compares two collections. */
  sample: query(collectionRefSchema.extend({ scope: scopeSchema, operation: bulkOperationSchema }), bulkSampleSchema.nullable()),
  /** `rule` says in words which records were chosen, for History. */
  apply: mutation(
    collectionRefSchema.extend({ scope: scopeSchema, operation: bulkOperationSchema, state: z.string(), rule: z.string().nullable() }),
    job,
    afterChange,
  ),
  createCollection: mutation(
    z.object({
      connectionId: z.string(),
      tenant: z.string(),
      database: z.string(),
      name: z.string(),
      hnsw: hnswSchema,
      metadata: metadataSchema.nullable(),
      /** Chosen for the new collection; null leaves the choice open. */
      embedderId: z.string().nullable().default(null),
    }),
    job,
    afterChange,
  ),
  /** Renames a collection and replaces its metadata; absent parts stay as they are. */
  modifyCollection: mutation(
    collectionRefSchema.extend({ name: z.string().optional(), metadata: metadataSchema.optional() }),
    job,
    afterChange,
  ),
  /**
   * A copy with all records under another name. `embed` makes all vectors anew, by an embedder of any dimension, or by the one that is
   * chosen for the collection where `embedderId` is null; that embedder is then chosen for the copy and its parity checked. After an
   * interruption, the same call goes on with the vectors that were made already.
   */
  duplicateCollection: mutation(
    collectionRefSchema.extend({ name: z.string(), embed: z.boolean(), embedderId: z.string().nullable().default(null) }),
    job,
    [...afterChange, 'embedders'],
  ),
  /** Adds every record of `from`; records whose id exists are left or overwritten. */
  mergeCollection: mutation(
    collectionRefSchema.extend({ from: collectionRefSchema, existing: z.enum(['leave', 'overwrite']) }),
    job,
    afterChange,
  ),
  deleteCollection: mutation(collectionRefSchema, job, afterChange),
}
