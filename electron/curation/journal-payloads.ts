import { deserialize, serialize } from 'node:v8'
import { z } from 'zod'
import { changeKindSchema } from '../../shared/contract/changes.ts'
import { metadataSchema } from '../../shared/domain/metadata.ts'
import { AppError, wireErrorSchema } from '../../shared/rpc/errors.ts'

/** In version 1 batches were lists of objects. */
export const journalVersion = 2

export const headerSchema = z.object({
  version: z.literal([1, journalVersion]),
  id: z.string(),
  connectionId: z.string(),
  at: z.number(),
  kind: changeKindSchema,
  title: z.string(),
  rule: z.string().nullable(),
  collectionId: z.string().nullable(),
  collectionName: z.string().nullable(),
  undoes: z.string().nullable(),
  /** What carried it out, for somebody who has to look into an old journal. */
  writer: z.string(),
})
export type JournalHeader = z.infer<typeof headerSchema>

const collectionSchema = z.object({
  id: z.string(),
  tenant: z.string(),
  database: z.string(),
  name: z.string(),
  metadata: metadataSchema.nullable(),
  configuration: z.string().nullable(),
  schema: z.string().nullable(),
  dimension: z.number().nullable(),
})

/** A part without its records, which are in the batches that follow it. */
export const partSchema = z.discriminatedUnion('kind', [
  z.object({ kind: z.literal('records'), collection: collectionSchema }),
  z.object({ kind: z.literal('create-collection'), collection: collectionSchema }),
  z.object({ kind: z.literal('delete-collection'), collection: collectionSchema }),
  z.object({ kind: z.literal('modify-collection'), before: collectionSchema, after: collectionSchema }),
])
export type JournalPart = z.infer<typeof partSchema>

export const preparedSchema = z.object({ records: z.number(), batches: z.number() })
/** The part by its number within the change. */
export const madeSchema = z.object({ part: z.number(), collectionId: z.string() })
export const endingSchema = z.object({ at: z.number(), note: z.string().nullable(), problem: wireErrorSchema.nullable() })
export type JournalEnding = z.infer<typeof endingSchema>

export function packPayload(value: unknown): Buffer {
  return serialize(value)
}

/** @throws AppError 'damaged' where the payload is not what the schema says */
export function parsePayload<Output>(schema: z.ZodType<Output>, payload: Buffer): Output {
  let value: unknown
  try {
    value = deserialize(payload)
  } catch (cause) {
    throw damagedJournal(cause)
  }
  const parsed = schema.safeParse(value)
  if (!parsed.success) throw damagedJournal(parsed.error)
  return parsed.data
}

export function damagedJournal(cause?: unknown): AppError {
  return new AppError(
    'damaged',
    'What History keeps of this change cannot be read.',
    'It was damaged on the disk, or written by a newer version of Mnemoscope. It is left as it is.',
    { cause },
  )
}
