import { z } from 'zod'
import { wireErrorSchema } from '../../shared/rpc/errors.ts'

const prefixes = { queryPrefix: z.string(), documentPrefix: z.string() }

/** An embedder with everything it needs to run: paths and the key instead of ids. */
export const recipeSchema = z.discriminatedUnion('kind', [
  z.object({ kind: z.literal('lexical'), dimension: z.number() }),
  z.object({
    kind: z.literal('transformers'),
    title: z.string(),
    /** Absolute path of the folder that holds config.json. */
    folder: z.string(),
    dtype: z.enum(['fp32', 'fp16', 'q8', 'q4']),
    pooling: z.enum(['mean', 'cls', 'last_token']),
    normalise: z.boolean(),
    maxTokens: z.number().nullable(),
    ...prefixes,
  }),
  z.object({
    kind: z.literal('openai'),
    baseUrl: z.string(),
    model: z.string(),
    dimensions: z.number().nullable(),
    key: z.string().nullable(),
    ...prefixes,
  }),
])
export type Recipe = z.infer<typeof recipeSchema>
export type TransformersRecipe = Extract<Recipe, { kind: 'transformers' }>
export type OpenAiRecipe = Extract<Recipe, { kind: 'openai' }>

/** What the main thread tells the embedder's worker. */
export const requestSchema = z.discriminatedUnion('type', [
  z.object({
    type: z.literal('embed'),
    id: z.number(),
    recipe: recipeSchema,
    texts: z.array(z.string()),
    purpose: z.enum(['query', 'document']),
  }),
  z.object({ type: z.literal('cancel'), id: z.number() }),
])
export type WorkerRequest = z.infer<typeof requestSchema>

/** What the worker answers. */
export const replySchema = z.discriminatedUnion('type', [
  z.object({ type: z.literal('done'), id: z.number(), dimension: z.number(), data: z.instanceof(Float32Array) }),
  z.object({ type: z.literal('failed'), id: z.number(), error: wireErrorSchema }),
  z.object({ type: z.literal('progress'), id: z.number(), done: z.number(), total: z.number() }),
])
export type WorkerReply = z.infer<typeof replySchema>
