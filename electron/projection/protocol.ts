import { z } from 'zod'
import { trustworthinessSchema } from '../../shared/contract/maps.ts'
import { spaceSchema } from '../../shared/domain/space.ts'
import { wireErrorSchema } from '../../shared/rpc/errors.ts'

const sharedBufferSchema = z.custom<SharedArrayBuffer>((value) => value instanceof SharedArrayBuffer)

const vectorRowsSchema = z.object({
  buffer: sharedBufferSchema,
  at: z.number(),
  rows: z.number(),
  dimension: z.number(),
  stride: z.number(),
})

/** Of a neighbour graph: k neighbours of each row in Chroma's distance. */
const graphSchema = z.object({
  rows: z.number(),
  k: z.number(),
  // Of shared memory or not.
  indices: z.custom<Int32Array>((value) => value instanceof Int32Array),
  distances: z.custom<Float32Array>((value) => value instanceof Float32Array),
})

/** x and y of each row, float32. The worker writes them whenever it tells of progress. */
const positions = { positions: sharedBufferSchema }

/** What a projection worker is asked; each worker does one task. */
export const taskSchema = z.discriminatedUnion('type', [
  /** Two hashes of 32 bits for each row. */
  z.object({ type: z.literal('hash'), vectors: vectorRowsSchema, hashes: sharedBufferSchema }),
  /** Dimensions as they are, or the principal plane. */
  z.object({
    type: z.literal('plane'),
    vectors: vectorRowsSchema,
    stored: z.boolean(),
    byDirection: z.boolean(),
    seed: z.number(),
    ...positions,
  }),
  /** UMAP from the positions there are. */
  z.object({
    type: z.literal('layout'),
    graph: graphSchema,
    space: spaceSchema,
    nNeighbors: z.number(),
    minDist: z.number(),
    seed: z.number(),
    /** Rows that are laid out together; the rest is placed among them. */
    mostLaidOut: z.number(),
    /** One int32: 1 asks the worker to end the layout as it is. */
    control: sharedBufferSchema,
    ...positions,
  }),
  /** Places rows without a position among those that have one. */
  z.object({
    type: z.literal('place'),
    graph: graphSchema,
    space: spaceSchema,
    nNeighbors: z.number(),
    minDist: z.number(),
    seed: z.number(),
    ...positions,
  }),
  z.object({ type: z.literal('trustworthiness'), vectors: vectorRowsSchema, space: spaceSchema, seed: z.number(), ...positions }),
  z.object({ type: z.literal('fidelity'), graph: graphSchema, ...positions }),
  z.object({ type: z.literal('clusters'), ...positions }),
  z.object({
    type: z.literal('words'),
    /** A text and the cluster it belongs to. */
    documents: z.array(z.string()),
    clusters: z.instanceof(Int32Array),
    count: z.number(),
  }),
])
export type ProjectionTask = z.infer<typeof taskSchema>

export const resultSchemas = {
  hash: z.object({}),
  plane: z.object({ method: z.enum(['pca', 'stored']), unplaced: z.number() }),
  layout: z.object({
    laidOut: z.number(),
    placed: z.number(),
    unplaced: z.number(),
    epoch: z.number(),
    epochs: z.number(),
    frozen: z.boolean(),
    /** For each row 1 where it was laid out with others. */
    laidOutRows: z.instanceof(Uint8Array),
  }),
  place: z.object({}),
  trustworthiness: trustworthinessSchema.nullable(),
  fidelity: z.object({ shares: z.instanceof(Float32Array) }),
  clusters: z.object({
    clusters: z.array(z.object({ x: z.number(), y: z.number(), count: z.number() })),
    members: z.instanceof(Int32Array),
  }),
  words: z.array(z.array(z.string())),
} satisfies Record<ProjectionTask['type'], z.ZodType>
export type ProjectionResult<Type extends ProjectionTask['type']> = z.infer<(typeof resultSchemas)[Type]>

export const replySchema = z.discriminatedUnion('type', [
  z.object({ type: z.literal('progress'), done: z.number(), total: z.number() }),
  /** Parsed once more by what was asked. */
  z.object({ type: z.literal('done'), result: z.unknown() }),
  z.object({ type: z.literal('failed'), error: wireErrorSchema }),
])
export type ProjectionReply = z.infer<typeof replySchema>
