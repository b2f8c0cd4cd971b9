import { z } from 'zod'
import { wireErrorSchema } from '../../shared/rpc/errors.ts'

const layoutSchema = z.object({
  rows: z.number(),
  dimension: z.number(),
  stride: z.number(),
  rowsAt: z.number(),
  normsAt: z.number(),
  smallStride: z.number(),
  smallAt: z.number(),
  stepsAt: z.number(),
  errorsAt: z.number(),
  pivots: z.number(),
  pivotsAt: z.number(),
  groupsAt: z.number(),
  groupRowsAt: z.number(),
  alongAt: z.number(),
  acrossAt: z.number(),
  scratchAt: z.number(),
  scratchBytes: z.number(),
  pages: z.number(),
})

/** A shared memory loses its class on the way, but not what it is. */
const memorySchema = z.custom<WebAssembly.Memory>((value) => value instanceof WebAssembly.Memory)
export const sharedBufferSchema = z.custom<SharedArrayBuffer>((value) => value instanceof SharedArrayBuffer)

const sharedSchema = z.object({ memory: memorySchema, layout: layoutSchema })
export const blockSchema = sharedSchema.extend({ key: z.number() })
/** `shared` is only sent to a worker that does not have it yet, since passing a memory on takes a while. */
const knownBlockSchema = z.object({ key: z.number(), shared: sharedSchema.nullable() })
/** Rows from here to there: of the positions where there are some, else of the block itself. */
const part = { from: z.number(), to: z.number() }

export const rankingSchema = z.enum(['l2', 'cosine', 'ip'])

/** What the main thread tells a search worker. Queries are float64, row-major, each as long as a stored row. */
export const requestSchema = z.discriminatedUnion('type', [
  z.object({ type: z.literal('load'), id: z.number(), block: knownBlockSchema, data: z.instanceof(Float32Array) }),
  /** What has to be known of rows that were loaded before they can be searched. */
  z.object({ type: z.literal('prepare'), id: z.number(), block: knownBlockSchema, ...part }),
  /** Makes later searches faster; it takes seconds, so a worker of its own does it. */
  z.object({ type: z.literal('pivots'), id: z.number(), block: knownBlockSchema }),
  z.object({
    type: z.literal('nearest'),
    id: z.number(),
    block: knownBlockSchema,
    ranking: rankingSchema,
    queries: z.instanceof(Float64Array),
    limit: z.number(),
    /** Row numbers, int32, ascending. */
    positions: sharedBufferSchema.nullable(),
    ...part,
  }),
  z.object({
    type: z.literal('similarities'),
    id: z.number(),
    block: knownBlockSchema,
    query: z.instanceof(Float64Array),
    /** One float64 for each row. */
    target: sharedBufferSchema,
    ...part,
  }),
  z.object({ type: z.literal('forget'), key: z.number() }),
])
export type SearchRequest = z.infer<typeof requestSchema>
/** Without the number that the sender gives. */
type TaskName = 'load' | 'prepare' | 'pivots' | 'nearest' | 'similarities'
export type SearchTask = { [Type in TaskName]: Omit<Extract<SearchRequest, { type: Type }>, 'id'> }[TaskName]

/** The nearest rows of a query, nearest first, with what `Found` tells of them, NaN for null. */
const nearestRowsSchema = z.object({
  rows: z.instanceof(Int32Array),
  distances: z.instanceof(Float64Array),
  similarities: z.instanceof(Float64Array),
})
export type NearestRows = z.infer<typeof nearestRowsSchema>

export const replySchema = z.discriminatedUnion('type', [
  /** For `nearest` what was found for each query; empty for others. */
  z.object({ type: z.literal('done'), id: z.number(), found: z.array(nearestRowsSchema) }),
  z.object({ type: z.literal('failed'), id: z.number(), error: wireErrorSchema }),
])
export type SearchReply = z.infer<typeof replySchema>
