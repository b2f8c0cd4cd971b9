import { z } from 'zod'
import { spaceSchema } from '../domain/space.ts'
import { mutation, query } from '../rpc/define.ts'
import { collectionRefSchema } from './collections.ts'

/** Neighbours of each record that a graph holds where nothing else is asked for. */
export const usualNeighbours = 16
/** Neighbours of each record that a graph may hold: as many as the map with the most asks for. */
export const mostNeighbours = 199

/** Which graph of a collection: how many neighbours each record has at most, and by which of Chroma's distances. */
export const graphOptionsSchema = z.object({
  k: z.number().int().min(1).max(mostNeighbours).default(usualNeighbours),
  metric: spaceSchema.default('cosine'),
})
export type GraphOptions = z.infer<typeof graphOptionsSchema>

export const neighbourReportSchema = z.object({
  /** Vectors of zeros; by cosine they have no neighbours and are nobody's. */
  zero: z.number(),
  /** Vectors with a number that is not finite; they have no neighbours and are nobody's. */
  nonFinite: z.number(),
  /** Vectors that equal an earlier one in every number. */
  duplicates: z.number(),
  /** Vectors that are neither zero nor broken and whose norm is not 1. */
  nonUnit: z.number(),
  /** Records without a vector that can be read. */
  missing: z.number(),
  method: z.enum(['exact', 'approximate']),
  /** What compared the vectors: the native runtime, or the slower one that runs everywhere. */
  engine: z.enum(['onnxruntime', 'webassembly']),
  /** Share of the true neighbours of a sample of records that the graph has, 0 to 1; null for an exact graph. */
  recall: z.number().nullable(),
  /** How many records' neighbours were calculated for this graph, rather than taken from an earlier one. */
  recomputed: z.number(),
  milliseconds: z.number(),
})
export type NeighbourReport = z.infer<typeof neighbourReportSchema>

const graphSchema = collectionRefSchema.extend(graphOptionsSchema.shape)

export const neighbours = {
  /** Makes the graph of a collection as a job, or finds the one made before. */
  build: mutation(graphSchema, z.object({ jobId: z.string() })),
  /** The graph that is at hand now; null where it has to be built first. */
  status: query(graphSchema, z.object({ rows: z.number(), report: neighbourReportSchema }).nullable()),
  /**
   * The true neighbours of one record, nearest first, by a comparison with every vector; there need not be a graph. `reason`
   * says why there are none.
   */
  of: query(
    graphSchema.extend({ id: z.string() }),
    z.object({
      neighbours: z.array(z.object({ id: z.string(), distance: z.number(), similarity: z.number().nullable() })),
      reason: z.string().nullable(),
    }),
  ),
}
