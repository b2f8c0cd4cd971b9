import type { ServerAddress } from '../../shared/contract/connections.ts'

/** The address of a server without a token, with some of it changed. */
export function serverAddress(url: string, changes: Partial<ServerAddress> = {}): ServerAddress {
  return {
    kind: 'server',
    url,
    tenant: null,
    database: null,
    token: null,
    tokenHeader: 'x-chroma-token',
    headers: [],
    title: null,
    ...changes,
  }
}
