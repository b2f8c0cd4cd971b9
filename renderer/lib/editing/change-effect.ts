import type { ChangeSummary } from '../../../shared/contract/changes.ts'

/**
 * Whether what a change did still holds: it was not taken back, or that was taken back itself. Changes that are not among `changes` are
 * taken to hold.
 */
export function isInEffect(change: ChangeSummary, changes: ReadonlyMap<string, ChangeSummary>): boolean {
  if (change.state !== 'done') return false
  if (change.undoneBy === null) return true
  const back = changes.get(change.undoneBy)
  return back !== undefined && !isInEffect(back, changes)
}

/** Whether a change only takes another back; one that takes such a change back does the first one again. */
export function takesBack(change: ChangeSummary, changes: ReadonlyMap<string, ChangeSummary>): boolean {
  if (change.kind !== 'undo') return false
  const undone = change.undoes === null ? undefined : changes.get(change.undoes)
  return undone === undefined || !takesBack(undone, changes)
}

/** The change that the next undo or redo takes back, newest first; null where there is none. */
export function nextToTakeBack(list: readonly ChangeSummary[], word: 'undo' | 'redo'): ChangeSummary | null {
  const byId = new Map(list.map((change) => [change.id, change]))
  return list.find((change) => takesBack(change, byId) === (word === 'redo') && isInEffect(change, byId)) ?? null
}
