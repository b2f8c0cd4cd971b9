import type { Finding } from '../../../shared/contract/connections.ts'

/** A reason not to start an engine. */
export function danger(code: string, message: string, remedy: string | null, collectionId: string | null = null): Finding {
  return { severity: 'error', code, message, remedy, collectionId }
}

/** Something an engine will stumble over without making it worse. */
export function concern(code: string, message: string, remedy: string | null, collectionId: string | null = null): Finding {
  return { severity: 'warning', code, message, remedy, collectionId }
}
