import { z } from 'zod'

/** Distance functions of Chroma: l2 is the SQUARED Euclidean distance, cosine is 1 - cos, ip is 1 - a.b. */
export const spaceSchema = z.enum(['l2', 'cosine', 'ip'])
export type Space = z.infer<typeof spaceSchema>
