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

/** What is told of an index that was mended. */
export function mendedIndex(collection: string): string {
  return `The engine had been ended while it wrote the index of ${collection}; it was mended, and its files are kept as they were.`
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

function megabytes(bytes: number): string {
  return `${new Intl.NumberFormat('en').format(Math.ceil(Math.max(0, bytes) / 1_000_000))} MB`
}

/** @param needed bytes that would have to be kept @param left bytes that the limit leaves */
export function historyFull(needed: number, left: number): AppError {
  return new AppError(
    'no-space',
    `What has to be kept to undo this change, ${megabytes(needed)} or more, would exceed the limit of History, which leaves ${megabytes(left)}.`,
    'Raise the limit of History, or forget older changes there. Nothing was changed.',
  )
}

/** @param needed bytes that would have to be kept @param left bytes that the disk has for them */
export function diskOfHistoryFull(needed: number, left: number): AppError {
  return new AppError(
    'no-space',
    `What has to be kept to undo this change takes ${megabytes(needed)} or more, and the disk of the app's data folder has room for ${megabytes(left)} of it.`,
    'Nothing was sent. Free some space on that disk, forget older changes in History, or change fewer records at once.',
  )
}

export function lockedConnection(): AppError {
  return new AppError('forbidden', 'Changes were forbidden on this connection.', 'Allow them again in the menu of the store.')
}
