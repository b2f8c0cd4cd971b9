import { setTimeout as wait } from 'node:timers/promises'
import { AppError } from '../../../shared/rpc/errors.ts'
import { holderWords, openFiles } from '../open-files/open-files.ts'

/** How often a store that others have open is looked at before an engine is refused. */
const looksForHolders = 4

/**
 * Looks whether others have the store open. An engine keeps its files open for as long as it lives; a program that only reads, such as
 * another Mnemoscope, lets go in a moment, so that is waited for.
 * @param own processes of engines that this app started
 * @returns why it may not be known; null where it is
 * @throws AppError 'busy' where somebody has
 */
export async function refuseWhileHeld(directory: string, own: ReadonlySet<number>): Promise<string | null> {
  let { holders, unknown } = await openFiles(directory, own)
  for (let look = 1; look < looksForHolders && holders.length > 0; look += 1) {
    await wait(300)
    ;({ holders, unknown } = await openFiles(directory, own))
  }
  if (holders.length === 0) return unknown
  throw new AppError(
    'busy',
    `Another program has this store open: ${holders.map(holderWords).join(', ')}. Two engines on one store damage it.`,
    'Close that program, then try again.',
  )
}
