import { AppError } from '../../../shared/rpc/errors.ts'
import { cloudUrl } from '../../store/server/connect.ts'
import type { RecentList } from './recent-list.ts'

/** Where a store is, as another program would reach it. */
export type StorePlace =
  | { readonly kind: 'directory'; readonly path: string }
  | { readonly kind: 'server'; readonly url: URL }
  | { readonly kind: 'cloud'; readonly url: URL }

/** @throws AppError 'not-found' for a connection that is not remembered */
export async function storePlace(recent: RecentList, connectionId: string): Promise<StorePlace> {
  const entry = await recent.find(connectionId)
  if (!entry) throw new AppError('not-found', 'The connection is not among the recent ones.', 'Open its directory or server again.')
  const { address, location } = entry
  return address === null ? { kind: 'directory', path: location } : { kind: address.kind, url: new URL(address.url ?? cloudUrl) }
}
