import { z } from 'zod'
import { densityViewSchema } from './density-picture.ts'

const buffer = z.custom<ArrayBuffer>((value) => value instanceof ArrayBuffer)
const floats = z.custom<Float32Array>((value) => value instanceof Float32Array)
const bytes = z.custom<Uint8Array<ArrayBuffer>>((value) => value instanceof Uint8Array)
const words = z.custom<Uint32Array>((value) => value instanceof Uint32Array)

/** What the view asks of its worker. What was sent once is kept until it is sent again. */
export const scatterRequestSchema = z.discriminatedUnion('kind', [
  z.object({ kind: z.literal('positions'), positions: floats }),
  z.object({ kind: z.literal('colours'), colours: bytes, sizes: floats.nullable() }),
  z.object({
    kind: z.literal('order'),
    order: z.object({ indices: words, backCount: z.number().int().nonnegative(), unvaluedCount: z.number().int().nonnegative() }),
  }),
  z.object({ kind: z.literal('paint'), request: z.number(), view: densityViewSchema }),
  z.object({ kind: z.literal('index'), request: z.number() }),
])
export type ScatterRequest = z.infer<typeof scatterRequestSchema>

/** What it answers, with the number of the request. */
export const scatterReplySchema = z.discriminatedUnion('kind', [
  z.object({ kind: z.literal('picture'), request: z.number(), pixels: bytes, width: z.number(), height: z.number() }),
  z.object({ kind: z.literal('index'), request: z.number(), index: z.object({ data: buffer, points: words.nullable() }).nullable() }),
])
export type ScatterReply = z.infer<typeof scatterReplySchema>
