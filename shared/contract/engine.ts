import { z } from 'zod'
import { mutation, query } from '../rpc/define.ts'

/** A Chroma program that could be started, in order of preference. */
export const engineCandidateSchema = z.object({
  kind: z.enum(['configured', 'newest-binding', 'path', 'python', 'compat-binding']),
  label: z.string(),
  version: z.string().nullable(),
  usable: z.boolean(),
  /** Why it is not usable, or what it cannot do. */
  note: z.string().nullable(),
})
export type EngineCandidate = z.infer<typeof engineCandidateSchema>

export const engineStatusSchema = z.object({
  state: z.enum(['off', 'starting', 'running', 'stopping', 'failed']),
  candidate: engineCandidateSchema.nullable(),
  pid: z.number().nullable(),
  restarts: z.number(),
  message: z.string().nullable(),
})
export type EngineStatus = z.infer<typeof engineStatusSchema>

export const engine = {
  candidates: query(z.object({}), z.array(engineCandidateSchema)),
  status: query(z.object({}), z.array(engineStatusSchema.extend({ connectionId: z.string().nullable() }))),
  logs: query(z.object({}), z.array(z.object({ at: z.number(), source: z.string(), line: z.string() }))),
  /** A command that starts Chroma, such as `/opt/venv/bin/chroma`; null removes it. Kept in the settings. */
  setCommand: mutation(z.object({ command: z.string().max(4096).nullable() }), z.array(engineCandidateSchema), ['engine']),
}
