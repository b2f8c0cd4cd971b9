import { z } from 'zod'
import { mutation, query } from '../rpc/define.ts'
import { collectionRefSchema } from './collections.ts'

const prefixes = { queryPrefix: z.string().max(500), documentPrefix: z.string().max(500) }
const dimensionSchema = z.number().int().min(2).max(65_536)

/** How texts become vectors. */
export const embedderConfigSchema = z.discriminatedUnion('kind', [
  /** Lexical hashing: offline, deterministic, any dimension; knows words, not meaning. */
  z.object({ kind: z.literal('lexical'), dimension: dimensionSchema }),
  z.object({
    kind: z.literal('transformers'),
    /** A model id of the hub such as `Xenova/all-MiniLM-L6-v2`, or the name of a folder among the app's own models. */
    model: z
      .string()
      .max(200)
      .regex(/^[A-Za-z0-9_][\w.-]*(?:\/[A-Za-z0-9_][\w.-]*)?$/, 'A model is named as on the hub: owner/name.'),
    /** A model that lies elsewhere on this computer, by its id in `embedders.models`; null for the hub and its downloads. */
    localModelId: z.string().nullable(),
    dtype: z.enum(['fp32', 'fp16', 'q8', 'q4']),
    pooling: z.enum(['mean', 'cls', 'last_token']),
    normalise: z.boolean(),
    /** Longer texts are cut; null cuts where the model's own files say. */
    maxTokens: z.number().int().min(8).max(131_072).nullable(),
    ...prefixes,
  }),
  z.object({
    kind: z.literal('openai'),
    /** Up to and including `/v1`. */
    baseUrl: z.url({ protocol: /^https?$/, error: 'The base URL starts with http:// or https://.' }).max(2000),
    model: z.string().min(1).max(300),
    /** Asked of the server where it can shorten vectors; null leaves it to the model. */
    dimensions: dimensionSchema.nullable(),
    ...prefixes,
  }),
])
export type EmbedderConfig = z.infer<typeof embedderConfigSchema>

export const embedderSchema = z.object({
  id: z.string(),
  title: z.string(),
  /** What it is and where its limits are, in a sentence or two. */
  description: z.string(),
  config: embedderConfigSchema,
  /** Known from the configuration or from the last use; null before it. */
  dimension: z.number().nullable(),
  /** The host that texts are sent to; null where they stay on this computer. */
  sendsTo: z.string().nullable(),
  /** What is missing before it can be used: files and where to put them. Null where nothing is known to be missing. */
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
  /** What the collection seems to ask for and nobody has set up: the start of a form, used only once the person saves it. */
  suggestion: z.object({ title: z.string(), config: embedderConfigSchema }).nullable(),
})
export type EmbedderChoice = z.infer<typeof embedderChoiceSchema>

export const paritySchema = z.object({
  /** Records compared, at most 20. */
  compared: z.number(),
  /** Cosine similarities between stored and new vectors; null where nothing was compared. */
  median: z.number().nullable(),
  min: z.number().nullable(),
  max: z.number().nullable(),
  /** What was embedded again: the document, or the field that the profile gives this role. */
  text: z.enum(['document', 'query', 'fact', 'input']),
  verdict: z.enum(['same', 'close', 'different', 'unknown']),
  /** The verdict with its numbers, in a sentence. */
  message: z.string(),
  /** Milliseconds since 1970. */
  checkedAt: z.number(),
})
export type Parity = z.infer<typeof paritySchema>

export const localModelSchema = z.object({ id: z.string(), name: z.string(), folder: z.string() })
export type LocalModel = z.infer<typeof localModelSchema>

export const embedderTestSchema = z.object({ dimension: z.number(), norm: z.number(), milliseconds: z.number(), message: z.string() })
export type EmbedderTest = z.infer<typeof embedderTestSchema>

const forCollection = collectionRefSchema.extend({ embedderId: z.string() })

export const embedders = {
  /** Built-in ones first. The lexical one comes with this dimension, with 384 where it is null. */
  list: query(z.object({ dimension: dimensionSchema.nullable() }), z.array(embedderSchema)),
  /** A key stays only as long as the base URL names the same host. */
  save: mutation(
    z.object({ id: z.string().nullable(), title: z.string().trim().min(1).max(200), config: embedderConfigSchema }),
    embedderSchema,
    ['embedders', 'search', 'lookups'],
  ),
  remove: mutation(z.object({ id: z.string() }), z.object({}), ['embedders', 'search', 'lookups']),
  /** Null removes the key. The answer says where it is kept: in the keychain, in browser mode in a file only its owner can read. */
  setKey: mutation(z.object({ id: z.string(), key: z.string().trim().min(1).max(10_000).nullable() }), z.object({ keptIn: z.string() }), [
    'embedders',
  ]),
  /** Embeds a short text of the app's own. */
  test: mutation(z.object({ id: z.string() }), embedderTestSchema, ['embedders']),
  choice: query(collectionRefSchema, embedderChoiceSchema),
  /** Null goes back to what the collection says. */
  choose: mutation(collectionRefSchema.extend({ embedderId: z.string().nullable() }), embedderChoiceSchema, [
    'embedders',
    'search',
    'lookups',
  ]),
  /** The last parity check of this embedder on this collection; null where there was none. */
  parity: query(forCollection, paritySchema.nullable()),
  /** Embeds up to 20 stored texts again, which an embedder with `sendsTo` sends there: ask first. */
  checkParity: mutation(forCollection, paritySchema, ['embedders']),
  /** Models on this computer: downloads of the hub, kept in `folder`, and those that lie elsewhere. */
  models: query(
    z.object({}),
    z.object({
      folder: z.string(),
      bytes: z.number(),
      downloads: z.array(z.object({ model: z.string(), bytes: z.number(), complete: z.boolean() })),
      local: z.array(localModelSchema),
    }),
  ),
  /** Removes the files of a download. */
  removeDownload: mutation(z.object({ model: z.string().max(200) }), z.object({}), ['embedders']),
  /** Fetches the missing files of a transformers embedder; the job shows bytes, can be cancelled, and goes on where it stopped. */
  download: mutation(z.object({ id: z.string() }), z.object({ jobId: z.string() }), ['embedders', 'jobs']),
  /** Makes a folder of the directory picker known as a model. */
  addLocalModel: mutation(z.object({ handle: z.string() }), localModelSchema, ['embedders']),
  /** The same with the operating system's dialog; null where the person cancelled. */
  addLocalModelWithDialog: mutation(z.object({}), localModelSchema.nullable(), ['embedders']),
  /** Forgets the model; its files stay. */
  removeLocalModel: mutation(z.object({ id: z.string() }), z.object({}), ['embedders']),
}
