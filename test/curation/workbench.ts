import { mkdtemp } from 'node:fs/promises'
import path from 'node:path'
import { Changes } from '../../electron/curation/changes.ts'
import type { ChangePlan, CollectionState, RecordChange, RecordState } from '../../electron/curation/change.ts'
import { EditingSessions } from '../../electron/curation/editing-sessions.ts'
import { openHistorySettings } from '../../electron/curation/history-settings.ts'
import { JournalFolder } from '../../electron/curation/journal-folder.ts'
import { readStates } from '../../electron/curation/store-states.ts'
import type { JobContext } from '../../electron/jobs/jobs.ts'
import { openDirectoryStore } from '../../electron/store/directory/directory-store.ts'
import type { Engines } from '../../electron/store/engine/engines.ts'
import { OpenStores } from '../../electron/store/open-stores.ts'
import { openServerStore } from '../../electron/store/server/server-store.ts'
import type { Store } from '../../electron/store/store.ts'
import type { ChangeSummary } from '../../shared/contract/changes.ts'
import type { ServerAddress } from '../../shared/contract/connections.ts'
import type { AppEvent } from '../../shared/contract/events.ts'

export const connectionId = 'connection-1'

export interface WorkbenchOptions {
  /** The app's data folder. */
  readonly data: string
  readonly engines: Engines
  /** A directory, or where a server is. */
  readonly place: string | ServerAddress
}

/** What the app has around a connection that is being edited, without its windows. */
export interface Workbench {
  readonly changes: Changes
  readonly sessions: EditingSessions
  readonly journals: JournalFolder
  readonly events: AppEvent[]
  store(): Promise<Store>
  edit(): Promise<void>
  apply(plan: ChangePlan, context?: JobContext): Promise<string>
  undo(changeId: string, overwrite?: readonly string[]): Promise<string>
  /** The newest change. */
  latest(): Promise<ChangeSummary>
  collection(name: string): Promise<CollectionState>
  /** Every record of a collection by its id. */
  all(name: string): Promise<Map<string, RecordState>>
  close(): Promise<void>
}

export function jobContext(
  signal: AbortSignal = new AbortController().signal,
  progress: JobContext['progress'] = () => undefined,
): JobContext {
  return { signal, progress }
}

/** A plan of one part of records. */
export function recordsPlan(collection: CollectionState, changes: readonly RecordChange[]): ChangePlan {
  return {
    kind: 'edit',
    title: 'A change',
    rule: null,
    collectionId: collection.id,
    collectionName: collection.name,
    records: changes.length,
    parts: [{ kind: 'records', collection, changes }],
  }
}

export async function openWorkbench({ data, engines, place }: WorkbenchOptions): Promise<Workbench> {
  const events: AppEvent[] = []
  const scratch = await mkdtemp(path.join(data, 'scratch-'))
  const stores = new OpenStores({
    open: async (_id, signal) => ({
      store:
        typeof place === 'string'
          ? await openDirectoryStore({ directory: place, scratch, signal })
          : await openServerStore(place, { signal }),
      cleanUp: async () => undefined,
    }),
    onChanged: () => undefined,
  })
  const onDamaged = (file: string): void => {
    throw new Error(`${file} is damaged`)
  }
  const directoryOf = async (): Promise<string | null> => (typeof place === 'string' ? place : null)
  const journals = new JournalFolder(path.join(data, 'changes'), onDamaged)
  const sessions = new EditingSessions({ data, stores, engines, directoryOf, journals, onDamaged, onChange: () => undefined })
  const settings = openHistorySettings(path.join(data, 'history.json'), onDamaged)
  const tell = (event: AppEvent): void => void events.push(event)
  const changes = new Changes({ stores, sessions, journals, settings, directoryOf, tell })
  const store = (): Promise<Store> => stores.get(connectionId)

  async function collection(name: string): Promise<CollectionState> {
    const { tenants } = await (await store()).catalog()
    const all = tenants.flatMap(({ databases }) => databases.flatMap(({ collections }) => collections))
    const found = all.find((each) => each.name === name)
    if (!found) throw new Error(`There is no collection ${name}.`)
    const { metadata, configuration, schema } = await (await store()).detail(found.id)
    const { id, tenant, database, dimension } = found
    return { id, tenant, database, name, metadata, configuration, schema, dimension }
  }

  return {
    changes,
    sessions,
    journals,
    events,
    store,
    edit: async () => void (await sessions.start(connectionId, { snapshot: false, migrate: false }, jobContext())),
    apply: (plan, context = jobContext()) => changes.apply(connectionId, plan, context),
    undo: (changeId, overwrite = []) => changes.undo(changeId, overwrite, jobContext()),
    async latest() {
      const [newest] = (await changes.history.list(connectionId, null, 0, 1)).changes
      if (!newest) throw new Error('History is empty.')
      return newest
    },
    collection,
    async all(name) {
      const { id } = await collection(name)
      const opened = await store()
      const filter = { where: null, whereDocument: null, periods: [], set: null, find: '' }
      const view = { collectionId: id, filter, sort: { by: { kind: 'stored' }, direction: 'ascending' } } as const
      const { total } = await opened.page(view, 0, 1)
      return readStates(opened, id, await opened.idsAt(view, [{ from: 0, to: total }]))
    },
    async close() {
      await sessions.stopAll()
      await stores.closeAll()
      await engines.close()
    },
  }
}
