import { z } from 'zod'
import type { Metadata, MetadataScalar, MetadataValue } from '../../../shared/domain/metadata.ts'
import { printLossless } from './lossless-json.ts'

const count = z.union([z.bigint(), z.number()]).transform(Number)
const scalar = z.union([z.string(), z.bigint(), z.number(), z.boolean()])

/** Values Mnemoscope has no type for, such as the sparse vectors of Chroma Cloud, are kept as their JSON text. */
function metadataOf(stored: Record<string, unknown>): Metadata {
  const metadata = new Map<string, MetadataValue>()
  for (const [key, value] of Object.entries(stored)) {
    if (value === null) continue
    const plain = scalar.safeParse(value)
    const array = z.array(scalar).safeParse(value)
    metadata.set(key, plain.success ? plain.data : array.success ? (array.data as MetadataScalar[]) : printLossless(value))
  }
  return metadata
}

const anyObject = z.custom<Record<string, unknown>>((value) => typeof value === 'object' && value !== null && !Array.isArray(value))

/** Metadata as Chroma sends it, made a Map; null where there is none. */
export const wireMetadataSchema = anyObject.nullish().transform((stored) => (stored ? metadataOf(stored) : null))

export const wireErrorBodySchema = z.object({
  error: z.string().optional(),
  message: z.string().optional(),
  detail: z.unknown().optional(),
})

export const versionSchema = z.string()
export const preFlightSchema = z.object({ max_batch_size: count.optional(), supports_base64_encoding: z.boolean().optional() })
export const identitySchema = z.object({
  user_id: z.string().nullish(),
  tenant: z.string().nullish(),
  databases: z.array(z.string()).nullish(),
})
export const tenantSchema = z.object({ name: z.string() })
export const databaseSchema = z.object({ id: z.string(), name: z.string(), tenant: z.string().nullish() })
export type ApiDatabase = z.infer<typeof databaseSchema>

export const collectionSchema = z.object({
  id: z.string(),
  name: z.string(),
  dimension: count.nullish().transform((value) => value ?? null),
  metadata: wireMetadataSchema,
  configuration_json: z.unknown().optional(),
  schema: z.unknown().optional(),
  tenant: z.string().nullish(),
  database: z.string().nullish(),
})
export type ApiCollection = z.infer<typeof collectionSchema>

const documents = z.array(z.string().nullable()).nullish()

export const getAnswerSchema = z.object({
  ids: z.array(z.string()),
  documents,
  uris: documents,
  metadatas: z.array(wireMetadataSchema).nullish(),
})
export type GetAnswer = z.infer<typeof getAnswerSchema>

/** Vectors are numbers only, so plain JSON keeps them exactly; a component that is not finite comes as null. */
const vector = z.custom<(number | null)[]>((value) => Array.isArray(value)).nullable()
export const vectorsAnswerSchema = z.object({ ids: z.array(z.string()), embeddings: z.array(vector).nullish() })

export const queryAnswerSchema = z.object({
  ids: z.array(z.array(z.string())),
  distances: z.array(z.array(z.union([z.number(), z.bigint()]).transform(Number).nullable())).nullish(),
  documents: z.array(z.array(z.string().nullable())).nullish(),
  metadatas: z.array(z.array(wireMetadataSchema)).nullish(),
})
export type QueryAnswer = z.infer<typeof queryAnswerSchema>

export const countSchema = count
export const anythingSchema = z.unknown()
