import { vi } from 'vitest'
import type { RunningApp } from './app.ts'

/** Waits for the store that the app was started with; answers its connection's id and the ids of its collections by name. */
export async function openConnection(app: RunningApp): Promise<{ connectionId: string; collections: Map<string, string> }> {
  const connection = await vi.waitUntil(async () => (await app.call('connections.list', {})).find((item) => item.isOpen), {
    timeout: 30_000,
    interval: 50,
  })
  const catalog = await app.call('collections.catalog', { connectionId: connection.id })
  const all = catalog.tenants.flatMap((tenant) => tenant.databases.flatMap((database) => database.collections))
  return { connectionId: connection.id, collections: new Map(all.map((collection) => [collection.name, collection.id])) }
}
