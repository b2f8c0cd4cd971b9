import { deserialize, serialize } from 'node:v8'
import { z } from 'zod'
import { changeKindSchema } from '../../shared/contract/changes.ts'
import { metadataSchema } from '../../shared/domain/metadata.ts'
import { AppError, wireErrorSchema } from '../../shared/rpc/errors.ts'
import type { RecordChange, RecordState } from './change.ts'
import { identicalVectors } from './same-state.ts'

export const journalVersion = 1

export const headerSchema = z.object({
  version: z.literal(journalVersion),
  id: z.string(),
  connectionId: z.string(),
  at: z.number(),
  kind: changeKindSchema,
  title: z.string(),
  rule: z.string().nullable(),
  collectionId: z.string().nullable(),
  collectionName: z.string().nullable(),
  undoes: z.string().nullable(),
  /** What carried it out, for somebody who has to look into an old journal. */
  writer: z.string(),
})
export type JournalHeader = z.infer<typeof headerSchema>

const collectionSchema = z.object({
  id: z.string(),
  tenant: z.string(),
  database: z.string(),
  name: z.string(),
  metadata: metadataSchema.nullable(),
  configuration: z.string().nullable(),
  schema: z.string().nullable(),
  dimension: z.number().nullable(),
})

/** A part without its records, which are in the batches that follow it. */
export const partSchema = z.discriminatedUnion('kind', [
  z.object({ kind: z.literal('records'), collection: collectionSchema }),
  z.object({ kind: z.literal('create-collection'), collection: collectionSchema }),
  z.object({ kind: z.literal('delete-collection'), collection: collectionSchema }),
  z.object({ kind: z.literal('modify-collection'), before: collectionSchema, after: collectionSchema }),
])
export type JournalPart = z.infer<typeof partSchema>

export const preparedSchema = z.object({ records: z.number(), batches: z.number() })
/** The part by its number within the change. */
export const madeSchema = z.object({ part: z.number(), collectionId: z.string() })
export const endingSchema = z.object({ at: z.number(), note: z.string().nullable(), problem: wireErrorSchema.nullable() })
export type JournalEnding = z.infer<typeof endingSchema>

const stateSchema = z.object({
  document: z.string().nullable(),
  metadata: metadataSchema.nullable(),
  uri: z.string().nullable(),
  /** Where the vector is among the numbers of its frame: the first and how many; null where there is none. */
  vector: z.tuple([z.number(), z.number()]).nullable(),
})
type PackedState = z.infer<typeof stateSchema>
const nothing: PackedState = { document: null, metadata: null, uri: null, vector: null }

const packedSchema = z.object({
  /** Of what is after, only what differs from before is kept: those parts are named in `differs`. */
  changes: z.array(
    z.object({
      id: z.string(),
      before: stateSchema.nullable(),
      after: stateSchema.nullable(),
      differs: z.array(z.enum(['document', 'metadata', 'uri', 'vector'])),
    }),
  ),
  numbers: z.instanceof(Float32Array),
})

/** Vectors of a frame one behind the other. A view of a large buffer would be written with the whole buffer. */
class Numbers {
  readonly #vectors: Float32Array[] = []
  #length = 0

  add(vector: Float32Array | null): PackedState['vector'] {
    if (vector === null) return null
    this.#vectors.push(vector)
    this.#length += vector.length
    return [this.#length - vector.length, vector.length]
  }

  joined(): Float32Array {
    const all = new Float32Array(this.#length)
    let at = 0
    for (const vector of this.#vectors) {
      all.set(vector, at)
      at += vector.length
    }
    return all
  }
}

function packState({ document, metadata, uri, vector }: RecordState, numbers: Numbers): PackedState {
  return { document, metadata, uri, vector: numbers.add(vector) }
}

function packChange({ id, before, after }: RecordChange, numbers: Numbers): z.infer<typeof packedSchema>['changes'][number] {
  const packed = before && packState(before, numbers)
  if (after === null || before === null) return { id, before: packed, after: after && packState(after, numbers), differs: [] }
  const differs: ('document' | 'metadata' | 'uri' | 'vector')[] = []
  if (after.document !== before.document) differs.push('document')
  if (after.metadata !== before.metadata) differs.push('metadata')
  if (after.uri !== before.uri) differs.push('uri')
  if (!identicalVectors(after.vector, before.vector)) differs.push('vector')
  return {
    id,
    before: packed,
    after: {
      document: differs.includes('document') ? after.document : null,
      metadata: differs.includes('metadata') ? after.metadata : null,
      uri: differs.includes('uri') ? after.uri : null,
      vector: differs.includes('vector') ? numbers.add(after.vector) : null,
    },
    differs,
  }
}

export function packChanges(changes: readonly RecordChange[]): Buffer {
  const numbers = new Numbers()
  const packed = changes.map((change) => packChange(change, numbers))
  return serialize({ changes: packed, numbers: numbers.joined() })
}

/** @throws AppError 'damaged' */
export function unpackChanges(payload: Buffer): RecordChange[] {
  const { changes, numbers } = parsePayload(packedSchema, payload)
  const whole = (id: string, { document, metadata, uri, vector }: PackedState): RecordState => ({
    id,
    document,
    metadata,
    uri,
    vector: vector && numbers.subarray(vector[0], vector[0] + vector[1]),
  })
  return changes.map(({ id, before, after, differs }) => {
    const state = before && whole(id, before)
    if (after === null || before === null) return { id, before: state, after: after && whole(id, after) }
    const merged = { ...nothing, ...before, ...Object.fromEntries(differs.map((part) => [part, after[part]])) }
    return { id, before: state, after: whole(id, merged) }
  })
}

export function packPayload(value: unknown): Buffer {
  return serialize(value)
}

/** @throws AppError 'damaged' where the payload is not what the schema says */
export function parsePayload<Output>(schema: z.ZodType<Output>, payload: Buffer): Output {
  let value: unknown
  try {
    value = deserialize(payload)
  } catch (cause) {
    throw damagedJournal(cause)
  }
  const parsed = schema.safeParse(value)
  if (!parsed.success) throw damagedJournal(parsed.error)
  return parsed.data
}

export function damagedJournal(cause?: unknown): AppError {
  return new AppError(
    'damaged',
    'What History keeps of this change cannot be read.',
    'It was damaged on the disk, or written by a newer version of Mnemoscope. It is left as it is.',
    { cause },
  )
}
