import { statfs } from 'node:fs/promises'
import path from 'node:path'
import type { EditingOutlook } from '../../shared/contract/editing.ts'
import type { EngineCandidate } from '../../shared/contract/engine.ts'
import { AppError, toWireError, type WireError } from '../../shared/rpc/errors.ts'
import { storeBytes } from '../store/directory/folder-bytes.ts'
import type { Engines } from '../store/engine/engines.ts'
import { preflight } from '../store/engine/preflight.ts'
import { noEngine, refuseIfDamaged } from '../store/engine/refusals.ts'
import { withSnapshot } from './snapshot-advice.ts'
import { holderWords, openFiles } from '../store/open-files/open-files.ts'

export interface OutlookOptions {
  readonly engines: Engines
  /** The app's data folder. */
  readonly data: string
  /** Process of the connection's own engine, where one runs. */
  readonly ownPid: number | null
  readonly signal: AbortSignal
}

/** What editing a server would mean: nothing is started for it. */
export const serverOutlook: EditingOutlook = {
  kind: 'server',
  engine: null,
  openedBy: [],
  openedByUnknown: null,
  migrates: false,
  snapshot: null,
  refusal: null,
}

/** Looks at everything that starting to edit a directory would meet. Starts and writes nothing. */
export async function directoryOutlook(directory: string, { engines, data, ownPid, signal }: OutlookOptions): Promise<EditingOutlook> {
  const [opened, bytes, free, candidates] = await Promise.all([
    openFiles(directory, new Set(ownPid === null ? [] : [ownPid])),
    storeBytes(directory),
    statfs(data).then(({ bavail, bsize }) => bavail * bsize),
    engines.candidates([directory]),
  ])
  const openedBy = opened.holders.map(holderWords)
  const found = await engineFor(directory, candidates, data, signal)
  const inUse = new AppError('busy', `Another program has this store open: ${openedBy.join(', ')}.`, 'Close that program, then try again.')
  return {
    kind: 'directory',
    openedBy,
    openedByUnknown: opened.unknown,
    snapshot: { bytes: bytes ?? 0, freeBytes: free },
    ...found,
    refusal: found.refusal ?? (openedBy.length > 0 ? toWireError(inUse) : null),
  }
}

async function engineFor(
  directory: string,
  candidates: readonly EngineCandidate[],
  data: string,
  signal: AbortSignal,
): Promise<{ engine: EngineCandidate | null; migrates: boolean; refusal: WireError | null }> {
  try {
    const check = await preflight(directory, { scratch: path.join(data, 'preflight'), signal })
    refuseIfDamaged(check)
    let migrating: EngineCandidate | null = null
    for (const candidate of candidates) {
      if (!candidate.usable) continue
      const verdict = check.verdictFor(candidate.version)
      if (verdict === 'opens' || verdict === 'unknown') return { engine: candidate, migrates: false, refusal: null }
      if (verdict === 'migrates') migrating ??= candidate
    }
    if (migrating !== null) return { engine: migrating, migrates: true, refusal: null }
    const reasons = candidates.map(({ label, usable, note }) =>
      usable ? `${label} is older than the Chroma that wrote it.` : `${label}: ${note ?? 'not usable'}`,
    )
    return { engine: null, migrates: false, refusal: toWireError(noEngine(reasons)) }
  } catch (error) {
    signal.throwIfAborted()
    return { engine: null, migrates: false, refusal: toWireError(await withSnapshot(error, directory, path.join(data, 'snapshots'))) }
  }
}
