import type { RunningApp } from './app.ts'

/** Waits for the store that the app was started with; answers its connection's id and the ids of its collections by name. */
export async function openConnection(app: Pick<RunningApp, 'call'>): Promise<{ connectionId: string; collections: Map<string, string> }> {
  // Benchmarks use this too, where vitest has nothing to offer.
  const deadline = Date.now() + 60_000
  const find = async () => (await app.call('connections.list', {})).find((item) => item.isOpen)
  let connection = await find()
  while (connection === undefined) {
    if (Date.now() > deadline) throw new Error('The store was not opened within a minute.')
    await new Promise((resolve) => setTimeout(resolve, 50))
    connection = await find()
  }
  const catalog = await app.call('collections.catalog', { connectionId: connection.id })
  const all = catalog.tenants.flatMap((tenant) => tenant.databases.flatMap((database) => database.collections))
  return { connectionId: connection.id, collections: new Map(all.map((collection) => [collection.name, collection.id])) }
}
