import { z } from 'zod'
import { recordSchema } from '../domain/record.ts'
import { spaceSchema } from '../domain/space.ts'
import { filterSchema } from '../domain/where.ts'
import { mutation, query } from '../rpc/define.ts'
import { collectionRefSchema } from './collections.ts'

/** What is looked for. */
export const probeSchema = z.discriminatedUnion('kind', [
  z.object({ kind: z.literal('text'), text: z.string().max(100_000), embedderId: z.string().nullable() }),
  z.object({ kind: z.literal('record'), id: z.string() }),
  z.object({ kind: z.literal('vector'), vector: z.array(z.number()).min(1).max(65_536) }),
])
export type Probe = z.infer<typeof probeSchema>

/** Most queries that are asked at once. */
export const mostProbes = 200
const probesSchema = z.array(probeSchema).min(1).max(mostProbes)

export const searchSettingsSchema = z.object({
  nResults: z.number().int().min(1).max(1000),
  filter: filterSchema,
  /** `exact` compares with every vector; `engine` asks the server's HNSW index, which a directory does not have. */
  method: z.enum(['exact', 'engine']),
})
export type SearchSettings = z.infer<typeof searchSettingsSchema>

export const neighbourSchema = z.object({
  record: recordSchema,
  /** Chroma's own number in the collection's space; null where the vector holds a number that is not finite. */
  distance: z.number().nullable(),
  /** Cosine similarity, -1 to 1; null where a vector is zero or not finite. */
  similarity: z.number().nullable(),
})
export type Neighbour = z.infer<typeof neighbourSchema>

/** Milliseconds. `search` holds the comparison only; `total` also reading filters, vectors not yet in memory, and records. */
export const timingsSchema = z.object({ embedding: z.number(), search: z.number(), total: z.number() })

export const answerSchema = z.object({
  space: spaceSchema,
  dimension: z.number(),
  method: z.enum(['exact', 'engine']),
  neighbours: z.array(neighbourSchema),
  /** Records compared with, after the filter. For `engine` what the exact search beside it compared with. */
  searched: z.number(),
  /** Records of the filter left out because they have no vector that can be read. */
  withoutVector: z.number(),
  timings: timingsSchema,
  /** For `engine` only: the share of the exact answer that the engine found, 0 to 1; null where it could not be compared. */
  recall: z.number().nullable(),
  /** Sentences: vectors for which 1 - distance is not the similarity, components that are not finite, a filter that Chroma reads otherwise, ... */
  warnings: z.array(z.string()),
  /** Title of the embedder that made the query's vector; null for a record's or a pasted one. */
  embedder: z.string().nullable(),
  /** Euclidean norm of the query's vector. */
  queryNorm: z.number(),
})
export type Answer = z.infer<typeof answerSchema>

export const savedSearchSchema = z.object({
  id: z.string(),
  /** Milliseconds since 1970. */
  at: z.number(),
  /** Null for history that nobody named. */
  name: z.string().nullable(),
  /** Several where a list was asked. */
  probes: probesSchema,
  settings: searchSettingsSchema,
})
export type SavedSearch = z.infer<typeof savedSearchSchema>

/** History and saved searches kept for each collection; the oldest that nobody named go first. */
export const maxSavedSearches = 500

export const search = {
  /** Whether the store can be asked through its own index, and why not. */
  methods: query(collectionRefSchema, z.object({ engine: z.boolean(), reason: z.string().nullable() })),
  run: query(collectionRefSchema.extend({ probe: probeSchema, settings: searchSettingsSchema }), answerSchema),
  /** Several queries at once; each answer stands at its query's place. */
  runList: query(collectionRefSchema.extend({ probes: probesSchema, settings: searchSettingsSchema }), z.array(answerSchema)),
  /** Newest first; `find` searches texts, ids and names without regard to capitals. */
  history: query(collectionRefSchema.extend({ find: z.string(), savedOnly: z.boolean() }), z.array(savedSearchSchema)),
  /** A search that is there already, with the same settings, moves to the front and keeps its name. */
  remember: mutation(collectionRefSchema.extend({ probes: probesSchema, settings: searchSettingsSchema }), savedSearchSchema, [
    'search.history',
  ]),
  /** Null takes the name away. */
  name: mutation(collectionRefSchema.extend({ id: z.string(), name: z.string().trim().min(1).max(200).nullable() }), z.object({}), [
    'search.history',
  ]),
  /** Null forgets all that nobody named. */
  forget: mutation(collectionRefSchema.extend({ id: z.string().nullable() }), z.object({}), ['search.history']),
  /** A program that asks the same of Chroma, with what it needs first in comments. */
  program: query(
    collectionRefSchema.extend({
      probes: probesSchema,
      settings: searchSettingsSchema,
      language: z.enum(['python', 'typescript', 'curl']),
    }),
    z.object({ text: z.string() }),
  ),
}
