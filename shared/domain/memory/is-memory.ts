import type { ProfileMapping } from '../profiles/profile.ts'

/** Whether records read as what somebody remembers: episodes or facts, or anything that names the session it belongs to. */
export function isMemory({ kind, fields }: ProfileMapping): boolean {
  return kind === 'memory' || kind === 'facts' || (kind === 'unknown' && (fields.session !== undefined || fields.user !== undefined))
}
