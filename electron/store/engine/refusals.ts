import type { EngineCandidate } from '../../../shared/contract/engine.ts'
import { AppError } from '../../../shared/rpc/errors.ts'
import type { PreflightResult } from './preflight.ts'

const installAdvice = 'Install Chroma (pip install chromadb, version 1.0 or later) and set its `chroma` program as the engine command.'

/** Says why none of the engines could be used, and what to install. */
export function noEngine(reasons: readonly string[]): AppError {
  return new AppError(
    'unsupported',
    ['No Chroma engine here can open this store.', ...reasons].join(' '),
    `${installAdvice} Until then the store can be read.`,
  )
}

/** Says that an engine would change the store's format. */
export function migrationNeeded(candidate: EngineCandidate): AppError {
  const sentence = `${candidate.label} would migrate this store to a newer format, which cannot be undone; older Chroma could not open it any more.`
  return new AppError('conflict', sentence, 'Allow the migration; a copy of the directory is made first.')
}

/** @throws AppError 'damaged' or 'no-space' where the preflight found a reason not to start */
export function refuseIfDamaged(check: PreflightResult): void {
  const errors = check.findings.filter((finding) => finding.severity === 'error')
  const [first] = errors
  if (!first) return
  const more = errors.length > 1 ? ` There are ${errors.length - 1} more findings.` : ''
  const sentence = `An engine must not be started on this store, because it could destroy what can still be recovered. ${first.message}${more}`
  throw new AppError(first.code === 'no-space' ? 'no-space' : 'damaged', sentence, first.remedy ?? 'The store can be read as it is.')
}
