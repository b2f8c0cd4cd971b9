import type { Finding } from '../../../shared/contract/connections.ts'

export interface PreflightOptions {
  /** Folder for a private copy of the database. */
  readonly scratch: string
  readonly signal?: AbortSignal
}

export interface PreflightResult {
  readonly findings: readonly Finding[]
  /** What an engine of this version would do with the store's format. */
  verdictFor(version: string | null): 'opens' | 'migrates' | 'too-new' | 'unknown'
}

/** Looks at a store, reading only, for everything that makes starting an engine dangerous. */
export async function preflight(_directory: string, _options: PreflightOptions): Promise<PreflightResult> {
  return { findings: [], verdictFor: () => 'unknown' }
}
