import { z } from 'zod'

/** What the value of a row is; where it is 'apart', it is too long to stand among the others. */
export const valueKinds = { text: 0, apart: 1, whole: 2, float: 3, truth: 4 } as const

/** Rows of a table of values as columns, each of them one JSON array. The arrays are parallel. */
const packedRowsSchema = z.object({
  /** Where each row is in its table, which is the order of writing. */
  places: z.string(),
  /** The record's row that it belongs to. */
  owners: z.string(),
  keys: z.string(),
  values: z.string(),
  /** One of {@link valueKinds} each. */
  kinds: z.string(),
  /** Texts that are kept apart, by their place. */
  apart: z.map(z.number(), z.string()),
})
export type PackedRows = z.infer<typeof packedRowsSchema>

const packedChunkSchema = z.object({
  /** Rows of the records, in the order in which they were asked for. */
  rows: z.array(z.number()),
  /** The rows that exist, and their ids. */
  found: z.string(),
  ids: z.string(),
  values: packedRowsSchema,
  /** Elements of lists; null where the store has no table for them. */
  elements: packedRowsSchema.nullable(),
})
export type PackedChunk = z.infer<typeof packedChunkSchema>

/** Records on their way out of the reader: a few long texts pass from thread to thread in a part of the time that many objects take. */
export const packedRecordsSchema = z.array(packedChunkSchema)
export type PackedRecords = z.infer<typeof packedRecordsSchema>
