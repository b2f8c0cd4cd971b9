import { z } from 'zod'
import { mutation, query } from '../rpc/define.ts'
import { collectionRefSchema } from './collections.ts'

const prefixes = { queryPrefix: z.string().max(500), documentPrefix: z.string().max(500) }

/** How texts become vectors. */
export const embedderConfigSchema = z.discriminatedUnion('kind', [
  /** Lexical hashing: offline, deterministic, any dimension; knows words, not meaning. */
  z.object({ kind: z.literal('lexical'), dimension: z.number().int().min(2).max(65_536) }),
  z.object({
    kind: z.literal('transformers'),
    /** A model id such as `Xenova/all-MiniLM-L6-v2`, or the name of a folder in the app's model folder. */
    model: z.string().min(1).max(300),
    /** A folder chosen with the picker instead of the hub; null for the hub and its cache. */
    folder: z.string().nullable(),
    dtype: z.enum(['fp32', 'fp16', 'q8', 'q4']),
    pooling: z.enum(['mean', 'cls', 'last_token']),
    normalise: z.boolean(),
    ...prefixes,
  }),
  z.object({
    kind: z.literal('openai'),
    /** Up to and including `/v1`. */
    baseUrl: z.url(),
    model: z.string().min(1).max(300),
    /** Asked of the server where it can shorten vectors; null leaves it to the model. */
    dimensions: z.number().int().min(1).max(65_536).nullable(),
    ...prefixes,
  }),
])
export type EmbedderConfig = z.infer<typeof embedderConfigSchema>

export const embedderSchema = z.object({
  id: z.string(),
  title: z.string(),
  config: embedderConfigSchema,
  /** Known from the configuration or from the last use; null before it. */
  dimension: z.number().nullable(),
  /** Whether texts leave this machine when it is used, and to where. */
  sendsTo: z.string().nullable(),
  /** What is missing before it can be used: files to download, a key. Null where it is ready. */
  needs: z.string().nullable(),
  hasKey: z.boolean(),
  builtIn: z.boolean(),
})
export type EmbedderInfo = z.infer<typeof embedderSchema>

export const embedderChoiceSchema = z.object({
  embedder: embedderSchema.nullable(),
  /** Why this one, in a sentence: what the collection says, or that the person chose it. */
  reason: z.string(),
  chosenByPerson: z.boolean(),
  /** A sentence where it cannot be used here, such as another dimension; null where it can. */
  problem: z.string().nullable(),
})
export type EmbedderChoice = z.infer<typeof embedderChoiceSchema>

export const paritySchema = z.object({
  /** Documents compared, at most 20. */
  compared: z.number(),
  median: z.number().nullable(),
  min: z.number().nullable(),
  max: z.number().nullable(),
  verdict: z.enum(['same', 'close', 'different', 'unknown']),
  /** The verdict with its numbers, in a sentence. */
  message: z.string(),
  checkedAt: z.number(),
})
export type Parity = z.infer<typeof paritySchema>

const forCollection = collectionRefSchema.extend({ embedderId: z.string() })

export const embedders = {
  list: query(z.object({}), z.array(embedderSchema)),
  save: mutation(
    z.object({ id: z.string().nullable(), title: z.string().max(200), config: embedderConfigSchema }),
    embedderSchema,
    ['embedders', 'search'],
  ),
  remove: mutation(z.object({ id: z.string() }), z.object({}), ['embedders', 'search']),
  /** Kept in the operating system's keychain, in browser mode in a file only its owner can read; null removes it. */
  setKey: mutation(z.object({ id: z.string(), key: z.string().max(10_000).nullable() }), z.object({ keptIn: z.string() }), ['embedders']),
  /** Embeds a short text. */
  test: mutation(
    z.object({ id: z.string() }),
    z.object({ dimension: z.number(), norm: z.number(), milliseconds: z.number(), message: z.string() }),
    ['embedders'],
  ),
  choice: query(collectionRefSchema, embedderChoiceSchema),
  /** Null goes back to what the collection says. */
  choose: mutation(collectionRefSchema.extend({ embedderId: z.string().nullable() }), embedderChoiceSchema, ['embedders', 'search']),
  /** The last parity check of this embedder on this collection; null where there was none. */
  parity: query(forCollection, paritySchema.nullable()),
  checkParity: mutation(forCollection, paritySchema, ['embedders.parity']),
  /** Downloads of models kept on this machine. */
  cache: query(
    z.object({}),
    z.object({ folder: z.string(), bytes: z.number(), models: z.array(z.object({ model: z.string(), bytes: z.number(), complete: z.boolean() })) }),
  ),
  removeFromCache: mutation(z.object({ model: z.string() }), z.object({}), ['embedders']),
  /** Fetches the files of a transformers embedder; the job shows bytes, can be cancelled, and goes on where it stopped. */
  download: mutation(z.object({ id: z.string() }), z.object({ jobId: z.string() }), ['embedders', 'jobs']),
}
