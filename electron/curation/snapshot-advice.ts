import { AppError } from '../../shared/rpc/errors.ts'
import { newestSnapshot } from '../store/engine/snapshot.ts'

/**
 * An error of a damaged store with the copy to go back to, where there is one; any other error as it is.
 * @param snapshots folder of the copies that were made of stores
 */
export async function withSnapshot(error: unknown, directory: string, snapshots: string): Promise<unknown> {
  if (!(error instanceof AppError) || error.code !== 'damaged') return error
  const newest = await newestSnapshot(directory, snapshots)
  if (newest === null) return error
  const when = new Date(newest.at).toISOString().slice(0, 16).replace('T', ' ')
  const advice = `A copy of the whole store, made ${when} UTC, is in ${newest.path}: open that one, or put it in the place of this store.`
  return new AppError(error.code, error.message, [error.remedy, advice].filter((part) => part !== null).join(' '), { cause: error })
}
