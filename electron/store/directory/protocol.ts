import { z } from 'zod'
import { wireErrorSchema } from '../../../shared/rpc/errors.ts'
import type { StoreView } from '../store.ts'
import { packedRecordsSchema } from './packed-records.ts'

/** What the main thread tells the reader's worker. `arguments` are those of the session method of that name. */
export const requestSchema = z.discriminatedUnion('type', [
  z.object({ type: z.literal('call'), id: z.number(), method: z.string(), arguments: z.array(z.unknown()) }),
  z.object({ type: z.literal('cancel'), id: z.number() }),
])
export type WorkerRequest = z.infer<typeof requestSchema>

/** What the worker answers. */
export const replySchema = z.discriminatedUnion('type', [
  z.object({ type: z.literal('done'), id: z.number(), value: z.unknown() }),
  z.object({ type: z.literal('failed'), id: z.number(), error: wireErrorSchema }),
  z.object({ type: z.literal('progress'), id: z.number(), stage: z.string(), done: z.number(), total: z.number().nullable() }),
  /** Answers from now on come from another state of the store. */
  z.object({ type: z.literal('refreshed') }),
  z.object({ type: z.literal('changed') }),
])
export type WorkerReply = z.infer<typeof replySchema>

/** A view as the reader is asked for it. */
export interface ReaderView {
  readonly view: StoreView
  /** Ids of the saved set that its filter names; null where it names none. */
  readonly members: readonly string[] | null
}

/** A page as the reader answers it. */
export const packedPageSchema = z.object({ total: z.number(), offset: z.number(), records: packedRecordsSchema })
export type PackedPage = z.infer<typeof packedPageSchema>

export const workerDataSchema = z.object({ directory: z.string(), scratch: z.string() })
export type ReaderWorkerData = z.infer<typeof workerDataSchema>
