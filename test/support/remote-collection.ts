import { randomBytes } from 'node:crypto'
import { cp } from 'node:fs/promises'
import type { CollectionRef } from '../../shared/contract/collections.ts'
import type { RunningApp } from './app.ts'
import type { TestEngine } from './engines.ts'
import { temporaryFolder } from './fixtures.ts'
import { removeTemporary } from './remove-temporary.ts'
import { serverAddress } from './server-address.ts'
import { startTokenProxy } from './token-proxy.ts'

export interface RemoteCollection {
  readonly collection: CollectionRef
  /** Method and path of every request that the server was sent so far. */
  readonly seen: readonly string[]
}

/** Opens the first collection of a copy of a store in an app, served by a real engine that demands a token, while `work` goes on. */
export async function withRemoteCollection(
  app: RunningApp,
  engine: TestEngine,
  source: string,
  work: (remote: RemoteCollection) => Promise<void>,
): Promise<void> {
  const copy = await temporaryFolder('remote')
  const engines = await engine.create()
  const closing: (() => Promise<void>)[] = [() => removeTemporary(copy), () => engines.close()]
  try {
    await cp(source, copy, { recursive: true })
    const { url } = await engines.start(copy, { kind: engine.kind })
    const token = { header: 'x-chroma-token' as const, value: randomBytes(16).toString('hex') }
    const proxy = await startTokenProxy(url, { token })
    closing.push(() => proxy.close())
    const address = serverAddress(proxy.url, { token: token.value, tokenHeader: token.header, title: 'Served' })
    const { id: connectionId } = await app.call('connections.openServer', address)
    // The app asks what it has open one after the other, and would find this one without its server.
    closing.push(async () => void (await app.call('connections.close', { connectionId })))
    const { tenants } = await app.call('collections.catalog', { connectionId })
    const [first] = tenants.flatMap(({ databases }) => databases.flatMap(({ collections }) => collections))
    await work({ collection: { connectionId, collectionId: first?.id ?? '' }, seen: proxy.seen })
  } finally {
    for (const close of closing.toReversed()) await close()
  }
}
