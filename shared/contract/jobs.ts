import { z } from 'zod'
import { mutation, query } from '../rpc/define.ts'
import { wireErrorSchema } from '../rpc/errors.ts'
import type { CollectionRef } from './collections.ts'

export const jobSchema = z.object({
  id: z.string(),
  title: z.string(),
  state: z.enum(['running', 'done', 'failed', 'cancelled']),
  /** What it is doing now, in a few words. */
  stage: z.string(),
  done: z.number(),
  /** Null while the amount of work is unknown. */
  total: z.number().nullable(),
  startedAt: z.number(),
  error: wireErrorSchema.nullable(),
  /** What a finished job made, such as the id of a connection. */
  result: z.string().nullable(),
  /** What it is for, such as `search.run` on a collection, so that a view finds the jobs that it waits for; null where none does. */
  purpose: z.object({ method: z.string(), subject: z.string() }).nullable(),
})
export type Job = z.infer<typeof jobSchema>

/** What a job's purpose calls a collection. */
export function collectionSubject({ connectionId, collectionId }: CollectionRef): string {
  return `${connectionId}/${collectionId}`
}

export const jobs = {
  list: query(z.object({}), z.array(jobSchema)),
  cancel: mutation(z.object({ jobId: z.string() }), z.object({}), ['jobs']),
}
