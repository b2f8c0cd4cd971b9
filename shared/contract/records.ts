import { z } from 'zod'
import { metadataScalarSchema } from '../domain/metadata.ts'
import { recordSchema } from '../domain/record.ts'
import { filterSchema } from '../domain/where.ts'
import { query } from '../rpc/define.ts'
import { collectionRefSchema } from './collections.ts'

export const sortSchema = z.object({
  /** `stored` is Chroma's own order, the order of insertion. */
  by: z.discriminatedUnion('kind', [
    z.object({ kind: z.literal('stored') }),
    z.object({ kind: z.literal('id') }),
    z.object({ kind: z.literal('document') }),
    z.object({ kind: z.literal('metadata'), key: z.string() }),
  ]),
  direction: z.enum(['ascending', 'descending']),
})
export type Sort = z.infer<typeof sortSchema>
export const storedOrder: Sort = { by: { kind: 'stored' }, direction: 'ascending' }

/** An ordered, filtered list of records. Missing values always sort last; numbers before strings before booleans. */
export const recordViewSchema = collectionRefSchema.extend({ filter: filterSchema, sort: sortSchema })
export type RecordView = z.infer<typeof recordViewSchema>

/** Half-open range of places in a view. */
export const rangeSchema = z.object({ from: z.number().int().min(0), to: z.number().int().min(0) })
export type Range = z.infer<typeof rangeSchema>

export const facetSchema = z.discriminatedUnion('kind', [
  z.object({
    kind: z.literal('values'),
    key: z.string(),
    values: z.array(z.object({ value: metadataScalarSchema, count: z.number() })),
    /** Records whose value is none of those listed. */
    others: z.number(),
    distinct: z.number(),
    missing: z.number(),
  }),
  z.object({
    kind: z.literal('range'),
    key: z.string(),
    /** `date` where the numbers or texts are points in time; bounds are then milliseconds since 1970. */
    scale: z.enum(['number', 'date']),
    /** How the bounds are written in the metadata: needed to make a filter of them. */
    encoding: z.enum(['integer', 'float', 'epoch-seconds', 'epoch-milliseconds', 'iso-text']),
    min: z.number(),
    max: z.number(),
    /** Equal bins; the last one includes its upper bound. */
    bins: z.array(z.object({ from: z.number(), to: z.number(), count: z.number() })),
    missing: z.number(),
  }),
])
export type Facet = z.infer<typeof facetSchema>

export const vectorSummarySchema = z.object({
  dimension: z.number(),
  /** Euclidean norm. */
  norm: z.number(),
  min: z.number(),
  max: z.number(),
  mean: z.number(),
  zeros: z.number(),
  nonFinite: z.number(),
  /** Where it was read from. */
  source: z.enum(['index', 'queue', 'server']),
  /** The numbers themselves, dimension of them. */
  values: z.instanceof(Float32Array),
})
export type VectorSummary = z.infer<typeof vectorSummarySchema>

/** Which records of a view are meant: whole ranges, or single ids, or both. */
export const selectionSchema = z.object({ view: recordViewSchema, ranges: z.array(rangeSchema), ids: z.array(z.string()) })

export const maxPageSize = 1000
export const maxCopiedRecords = 10_000
/** Most places of a view that are turned into ids at once. */
export const maxSelectedIds = 1_000_000

export const records = {
  page: query(
    z.object({ view: recordViewSchema, offset: z.number().int().min(0), limit: z.number().int().min(1).max(maxPageSize) }),
    z.object({ total: z.number(), offset: z.number(), records: z.array(recordSchema) }),
  ),
  /** Ids that do not exist are left out; order as stored. */
  get: query(collectionRefSchema.extend({ ids: z.array(z.string()).max(maxPageSize) }), z.array(recordSchema)),
  /** The place of a record in a view, null where the view does not hold it. */
  locate: query(z.object({ view: recordViewSchema, id: z.string() }), z.object({ index: z.number().nullable(), total: z.number() })),
  /** The ids at places of a view, in its order: what a selection of ranges means. At most {@link maxSelectedIds} of them. */
  ids: query(z.object({ view: recordViewSchema, ranges: z.array(rangeSchema) }), z.array(z.string())),
  /** Null with a reason where the record has no vector that can be read. */
  vector: query(
    collectionRefSchema.extend({ id: z.string() }),
    z.object({ vector: vectorSummarySchema.nullable(), reason: z.string().nullable() }),
  ),
  facets: query(
    z.object({ view: recordViewSchema, keys: z.array(z.string()).max(50), values: z.number().int().min(1).max(200) }),
    z.array(facetSchema),
  ),
  /** At most maxCopiedRecords records as text; columns name metadata keys for CSV, null means all. */
  copy: query(
    z.object({
      selection: selectionSchema,
      format: z.enum(['json', 'jsonl', 'csv']),
      columns: z.array(z.string()).nullable(),
    }),
    z.object({ text: z.string(), count: z.number() }),
  ),
}
