import type { LogFacts, LookupLog } from '../../../shared/contract/lookup-logs.ts'

/** A log that is in memory. */
export type ReadLog = LookupLog & { readonly facts: LogFacts }

export function isRead(log: LookupLog): log is ReadLog {
  return log.facts !== null
}
