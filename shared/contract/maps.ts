import { z } from 'zod'
import { labelSourceSchema } from '../domain/thresholds/evidence.ts'
import { evidenceRefSchema } from '../domain/thresholds/experiment.ts'
import { filterSchema } from '../domain/where.ts'
import { mutation, query } from '../rpc/define.ts'
import { collectionRefSchema } from './collections.ts'
import { mostNeighbours } from './neighbours.ts'
import { probeSchema } from './search.ts'

/** `stored` shows vectors of one or two dimensions as they are; such data is shown so whatever was asked for. */
export const mapMethodSchema = z.enum(['umap', 'pca', 'stored'])

export const mapSettingsSchema = z.object({
  method: mapMethodSchema,
  /** UMAP: how many neighbours of a point, itself counted, hold it in place. Few show detail, many the whole. */
  nNeighbors: z
    .number()
    .int()
    .min(2)
    .max(mostNeighbours + 1),
  /** UMAP: how near to each other points may come, where 1 is about the distance between neighbours. */
  minDist: z.number().min(0).max(0.99),
  /** By which distance records are neighbours: by direction alone, or by the collection's own. */
  metric: z.enum(['cosine', 'own']),
  /** The same seed gives the same layout. */
  seed: z.number().int().min(0).max(4_294_967_295),
})
export type MapSettings = z.infer<typeof mapSettingsSchema>
export const defaultMapSettings: MapSettings = { method: 'umap', nNeighbors: 15, minDist: 0.1, metric: 'cosine', seed: 42 }

/**
 * What a map is at: `reading` vectors, `pca` (the first picture, while neighbours are found), `layout` (UMAP moves the points),
 * `placing` (points join a layout), `done`, `frozen` (the layout of that moment is the result), `stopped` (cancelled or failed:
 * the picture stays, but is not kept).
 */
export const mapStageSchema = z.enum(['reading', 'pca', 'layout', 'placing', 'done', 'frozen', 'stopped'])
export type MapStage = z.infer<typeof mapStageSchema>

export const trustworthinessSchema = z.object({
  /** 0 to 1: how few of the neighbours on the map are none in truth. */
  value: z.number(),
  /** Neighbours of each point that were looked at. */
  neighbours: z.number(),
  /** Points that were looked at, drawn at random above 5,000. */
  points: z.number(),
})
export type Trustworthiness = z.infer<typeof trustworthinessSchema>

export const mapFrameSchema = z.object({
  /** Grows with every picture of the map. */
  version: z.number(),
  stage: mapStageSchema,
  /** How the positions were made: for `umap`, the first picture is `pca`. */
  method: mapMethodSchema,
  epoch: z.number(),
  epochs: z.number(),
  /** x and y of each point, in the order of `maps.points`; NaN for a point that has no place. Empty while reading. */
  positions: z.instanceof(Float32Array),
  /** Whether the positions stay as they are: the stage is `done`, `frozen` or `stopped`. */
  final: z.boolean(),
  /** Measured after the layout is final; null until then and where there are too few points. */
  trustworthiness: trustworthinessSchema.nullable(),
  /** Points that were laid out together, points placed among them by their neighbours, and points without a place. */
  laidOut: z.number(),
  placed: z.number(),
  unplaced: z.number(),
  /** Records that are not on the map because they have no vector that can be read. */
  withoutVector: z.number(),
  /** Whether an earlier layout was taken up again. */
  reused: z.boolean(),
  /** Sentences: why points have no place, that neighbours are approximate, ... */
  notes: z.array(z.string()),
})
export type MapFrame = z.infer<typeof mapFrameSchema>

/** What the colour of a point tells. */
export const mapColourSchema = z.discriminatedUnion('by', [
  z.object({ by: z.literal('metadata'), key: z.string() }),
  /** These follow the collection's profile. */
  z.object({ by: z.literal('namespace') }),
  z.object({ by: z.literal('expiry') }),
  z.object({ by: z.literal('hitCount') }),
  z.object({ by: z.literal('age') }),
  /** Clusters of `maps.labels`. */
  z.object({ by: z.literal('cluster') }),
  /** Share of the true neighbours that are near on the map too, 0 to 1. */
  z.object({ by: z.literal('fidelity') }),
  /** Groups of records that cleanup takes for duplicates of each other by its usual rules, exact or near. */
  z.object({ by: z.literal('duplicates') }),
  /** The similarity from which an entry's own answer is right, as `thresholds.entries` fits it to labels of these sources. */
  z.object({ by: z.literal('entryThreshold'), source: evidenceRefSchema, sources: z.array(labelSourceSchema) }),
  /** Cosine similarity to a query or a record. */
  z.object({ by: z.literal('similarity'), probe: probeSchema }),
])
export type MapColour = z.infer<typeof mapColourSchema>

/** Categories that are told apart; the rest is counted together. */
export const maxMapCategories = 1000

export const mapValuesSchema = z.discriminatedUnion('kind', [
  z.object({
    kind: z.literal('categories'),
    /** For each point its place in `categories`; -1 for a point without a value, -2 for one of the others. */
    codes: z.instanceof(Int32Array),
    /** Most points first. `expiry` has `expired`, `valid` and `never expires`; clusters are in the order of their numbers. */
    categories: z.array(z.object({ label: z.string(), count: z.number() })),
    others: z.number(),
    missing: z.number(),
  }),
  z.object({
    kind: z.literal('numbers'),
    /** One for each point; NaN for a point without a value. */
    values: z.instanceof(Float64Array),
    /** `time` is in milliseconds since 1970; `threshold` is a similarity from which something holds. */
    scale: z.enum(['number', 'time', 'similarity', 'threshold', 'share']),
    /** Null where no point has a value. */
    min: z.number().nullable(),
    max: z.number().nullable(),
    missing: z.number(),
  }),
])
export type MapValues = z.infer<typeof mapValuesSchema>

const mapClusterSchema = z.object({
  /** Middle of its densest part. */
  x: z.number(),
  y: z.number(),
  count: z.number(),
  /** Words that are frequent in its documents and rare elsewhere, most distinctive first; none where there are no documents. */
  words: z.array(z.string()),
})

const mapRef = z.object({ mapId: z.string() })
const placeSchema = z.object({ x: z.number(), y: z.number() })

export const maps = {
  /**
   * Opens the map of a collection as the store has it now. An earlier layout with the same settings is taken up again, and
   * new or changed records are placed in it; `fresh` makes a new layout. The work is a job, null where nothing is left to do.
   * Pictures are told by `map` events.
   */
  open: mutation(
    collectionRefSchema.extend({ settings: mapSettingsSchema, fresh: z.boolean() }),
    z.object({ mapId: z.string(), jobId: z.string().nullable() }),
    ['jobs'],
  ),
  /** The newest picture; null where it is not newer than `after`. Start with 0. */
  frame: query(mapRef.extend({ after: z.number().int().min(0) }), mapFrameSchema.nullable()),
  /** Which record each point is. They do not change while a map is open. */
  points: query(mapRef, z.object({ ids: z.array(z.string()) })),
  /** For each point the share of its true neighbours that are among its nearest on the map, 0 to 1; NaN where it has none. */
  fidelity: query(mapRef, z.object({ version: z.number(), neighbours: z.number(), shares: z.instanceof(Float32Array) })),
  values: query(mapRef.extend({ colour: mapColourSchema }), mapValuesSchema),
  /** For each point 1 where the filter lets its record through, else 0. */
  matching: query(
    mapRef.extend({ filter: filterSchema }),
    z.object({
      flags: z.instanceof(Uint8Array),
      /** Records that the filter lets through, those without a vector too. */
      count: z.number(),
    }),
  ),
  /** Similarity of each point to what is looked for, NaN where there is none, and where that belongs on the map. */
  similarities: query(
    mapRef.extend({ probe: probeSchema }),
    z.object({
      values: z.instanceof(Float32Array),
      /** Null where nothing on the map is near, or the map has no picture yet. */
      place: placeSchema.nullable(),
      /** The point itself, where a record of the map was asked for. */
      point: z.number().nullable(),
      /** Title of the embedder that made the query's vector; null for a record's or a pasted one. */
      embedder: z.string().nullable(),
    }),
  ),
  /** Dense parts of the map and what they are about. */
  labels: query(
    mapRef,
    z.object({
      version: z.number(),
      /** Most points first. */
      clusters: z.array(mapClusterSchema),
      /** For each point its place in `clusters`; -1 for a point in none. */
      members: z.instanceof(Int32Array),
    }),
  ),
  /** Ends the layout and keeps it as it is at this moment. Nothing happens where none is being made. */
  freeze: mutation(mapRef, z.object({}), []),
}
