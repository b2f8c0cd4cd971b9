import type { CollectionRef } from '../../shared/contract/collections.ts'
import type { EmbedderInfo } from '../../shared/contract/embedders.ts'
import { AppError } from '../../shared/rpc/errors.ts'
import { collectionKey } from '../platform/app-settings.ts'

/**
 * Whether texts of a collection, or of its logs, may be sent to the server of an embedder. Evidence is looked at without a word about
 * embedding, so it is asked once for each collection and server, and again after a restart.
 */
export class SendingConsent {
  /** The server that is allowed, by collection; null where it is the one that is asked for next. */
  readonly #allowed = new Map<string, string | null>()

  allow(ref: CollectionRef): void {
    this.#allowed.set(collectionKey(ref), null)
  }

  /** @throws AppError 'consent' where a person has to allow it first */
  check(ref: CollectionRef, { sendsTo, title }: EmbedderInfo, texts: number): void {
    if (sendsTo === null || texts === 0) return
    const allowed = this.#allowed.get(collectionKey(ref))
    if (allowed === null) this.#allowed.set(collectionKey(ref), sendsTo)
    else if (allowed !== sendsTo) {
      throw new AppError(
        'consent',
        `${texts.toLocaleString('en')} ${texts === 1 ? 'text' : 'texts'} would be sent to ${sendsTo} to be embedded by ${title}.`,
        'Allow it, or choose an embedder that runs on this computer.',
      )
    }
  }
}
