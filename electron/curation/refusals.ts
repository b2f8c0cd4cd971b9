import { AppError } from '../../shared/rpc/errors.ts'

const namedRecords = 5

/** The first few ids of many, for a sentence. */
function someIds(ids: readonly string[]): string {
  const shown = ids.slice(0, namedRecords).map((id) => JSON.stringify(id.length > 60 ? `${id.slice(0, 60)}…` : id))
  return ids.length > namedRecords ? `${shown.join(', ')} and ${ids.length - namedRecords} more` : shown.join(', ')
}

/** A sentence about records that were left alone. */
export function keptAsIs(ids: Iterable<string>): string {
  const all = [...ids]
  if (all.length === 0) return ''
  return all.length === 1
    ? ` A record that was changed by somebody else meanwhile stayed as it is: ${someIds(all)}.`
    : ` ${all.length} records that were changed by somebody else meanwhile stayed as they are: ${someIds(all)}.`
}

export function changedByOthers(ids: readonly string[]): AppError {
  const what = ids.length === 1 ? 'A record is no longer as it was' : `${ids.length} records are no longer as they were`
  return new AppError('conflict', `${what} when this was prepared: ${someIds(ids)}.`, 'Refresh, then look at the change again.')
}

export function notKept(ids: readonly string[]): AppError {
  const what = ids.length === 1 ? 'a record' : `${ids.length} records`
  return new AppError('engine-failed', `Chroma did not keep ${what} as given: ${someIds(ids)}.`, 'The change was not made.')
}

export function notSettled(): AppError {
  return new AppError('busy', 'A change of this store was cut off and is not settled yet.', 'Settle it in History first.')
}

export function readAnew(): AppError {
  return new AppError('stale', 'The store was read anew while this change was prepared.', 'Nothing was sent. Try again.')
}

export function appIsClosing(): AppError {
  return new AppError('cancelled', 'The app is closing; the change is finished at the next start.')
}

export function historyFull(): AppError {
  return new AppError(
    'no-space',
    'What has to be kept to undo this change would exceed the limit of History.',
    'Raise the limit of History, or forget older changes there. Nothing was changed.',
  )
}

export function lockedConnection(): AppError {
  return new AppError('forbidden', 'Changes were forbidden on this connection.', 'Allow them again in the menu of the store.')
}
