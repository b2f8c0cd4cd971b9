import { existsSync } from 'node:fs'
import { mkdir } from 'node:fs/promises'
import os from 'node:os'
import path from 'node:path'
import type { AppInfo } from '../shared/contract/app.ts'
import type { CollectionRef } from '../shared/contract/collections.ts'
import type { Connection } from '../shared/contract/connections.ts'
import type { AppEvent } from '../shared/contract/events.ts'
import { contract } from '../shared/contract/index.ts'
import type { LookupSettings } from '../shared/contract/lookups.ts'
import type { ProfileMapping } from '../shared/domain/profiles/profile.ts'
import { toWireError } from '../shared/rpc/errors.ts'
import { wireCleanup } from './core/cleanup.ts'
import { wireConnectionsAndChanges } from './core/connections-and-changes.ts'
import type { CoreBasis } from './core/core-basis.ts'
import { wireLookupLogs } from './core/lookup-logs.ts'
import { wireThresholds } from './core/thresholds.ts'
import { Embedders } from './embedder/embedders.ts'
import { EventHub } from './event-hub.ts'
import { appHandlers } from './features/app/handlers.ts'
import { changesHandlers } from './features/changes/handlers.ts'
import { collectionsHandlers } from './features/collections/handlers.ts'
import { directoryEntry } from './features/connections/connection-identity.ts'
import { connectionsHandlers } from './features/connections/handlers.ts'
import { Places } from './features/connections/places.ts'
import { RecentList } from './features/connections/recent-list.ts'
import { Sample } from './features/connections/sample.ts'
import { storePlace } from './features/connections/store-place.ts'
import { CollectionWork } from './features/curation/collection-work.ts'
import { curationHandlers } from './features/curation/handlers.ts'
import { RecordWork } from './features/curation/record-work.ts'
import { editingHandlers } from './features/editing/handlers.ts'
import { embeddersHandlers } from './features/embedders/handlers.ts'
import { engineHandlers } from './features/engine/handlers.ts'
import { importsHandlers } from './features/imports/handlers.ts'
import { ImportFiles } from './features/imports/import-files.ts'
import { jobsHandlers } from './features/jobs/handlers.ts'
import { LookupDryRun } from './features/lookups/dry-run.ts'
import { lookupsHandlers } from './features/lookups/handlers.ts'
import { LookupSettingsFile } from './features/lookups/lookup-settings.ts'
import { lookupLogsHandlers } from './features/lookup-logs/handlers.ts'
import { mapsHandlers } from './features/maps/handlers.ts'
import { MapValuesReader } from './features/maps/map-values.ts'
import { memoriesHandlers } from './features/memories/handlers.ts'
import { neighboursHandlers } from './features/neighbours/handlers.ts'
import { profilesHandlers } from './features/profiles/handlers.ts'
import { Profiles } from './features/profiles/service.ts'
import { recordsHandlers } from './features/records/handlers.ts'
import { searchHandlers } from './features/search/handlers.ts'
import { SavedSearches } from './features/search/saved-searches.ts'
import { SearchProgram } from './features/search/search-program.ts'
import { Search } from './features/search/service.ts'
import { setsHandlers } from './features/sets/handlers.ts'
import { SavedSets } from './features/sets/saved-sets.ts'
import { settingsHandlers } from './features/settings/handlers.ts'
import { Jobs } from './jobs/jobs.ts'
import { Neighbours } from './neighbours/neighbours.ts'
import { openAppSettings } from './platform/app-settings.ts'
import type { Dialogs } from './platform/dialog-interface.ts'
import { dataDirectory, sampleDirectory, scratchDirectory } from './platform/paths.ts'
import { createScratch } from './platform/scratch.ts'
import { createFileSecrets, type Secrets } from './platform/secrets.ts'
import { sampleFiles } from './sample/make-sample.ts'
import { Projections } from './projection/projections.ts'
import { createRouter, type Dispatch } from './rpc/router.ts'
import { EntryTables } from './search/entry-table.ts'
import { ExactSearch } from './search/exact-search.ts'
import type { LaunchHost } from './store/engine/engine-child.ts'
import { createEngines } from './store/engine/engines.ts'

/** The collection of the sample whose lookups its log tells. */
const sampleCache = 'support_cache'

export interface CoreOptions {
  readonly mode: AppInfo['mode']
  readonly version: string
  /** Where the app keeps its own files; the operating system's place for them where absent. */
  readonly data?: string
  /** What relative paths of the command line start from. */
  readonly workingDirectory: string
  readonly home?: string
  /** The system's dialogs; null in browser mode. */
  readonly dialogs: Dialogs | null
  /** Where tokens of servers are kept; a file of mode 0600 where absent. */
  readonly secrets?: Secrets
  /** Where sentence models are fetched from; the Hugging Face hub, or the mirror that HF_ENDPOINT names, where absent. */
  readonly modelHost?: string
  /** The command that starts Chroma, in the place of the one in the settings. */
  readonly engineCommand?: string | null
  /** How the engine's host process is started; a child process of Node where absent. */
  readonly launchHost?: LaunchHost
}

export interface Core {
  readonly dispatch: Dispatch
  /** Events for windows. Subscribe when the window can hear, since notices wait for the first listener. */
  onEvent(listener: (event: AppEvent) => void): () => void
  /**
   * Opens the directory or URL that a start named, and makes the picker offer the directory. A failure becomes a
   * notice, so that the app starts anyway; then the result is null, as it is where nothing was named.
   */
  openFromCommandLine(target: string | null): Promise<Connection | null>
  /** Opens a directory whose path comes from the shell: a dialog, a dropped file, the list of recent ones. */
  openDirectoryByPath(directory: string): Promise<Connection>
  /** Opens a connection from the recent list. */
  openRecent(connectionId: string): Promise<Connection>
  /** Connections that were opened before, pinned first, then newest. */
  recent(): Promise<Connection[]>
  /** Lets every window know something. */
  tell(event: AppEvent): void
  /** Ends jobs, engines and workers, and removes private copies. */
  close(): Promise<void>
}

/** Puts the app together: everything but windows and transports. */
export async function createCore(options: CoreOptions): Promise<Core> {
  const data = options.data ?? dataDirectory()
  await mkdir(data, { recursive: true, mode: 0o700 })
  const events = new EventHub()
  const tell = (event: AppEvent): void => events.tell(event)
  const onDamaged = (file: string, setAside: string): void =>
    tell({
      type: 'notice',
      severity: 'warning',
      message: `${path.basename(file)} could not be read and was not used.`,
      remedy: `It was kept as ${path.basename(setAside)} in ${data}.`,
    })
  const settings = openAppSettings(path.join(data, 'settings.json'), onDamaged)
  const recent = new RecentList(path.join(data, 'connections.json'), onDamaged)
  const secrets = options.secrets ?? createFileSecrets(path.join(data, 'secrets.json'), onDamaged)
  const scratch = await createScratch(scratchDirectory(data))
  const engines = createEngines({
    dataFolder: data,
    command: options.engineCommand ?? (await settings.read()).engineCommand,
    saveCommand: async (engineCommand) => void (await settings.update((current) => ({ ...current, engineCommand }))),
    launchHost: options.launchHost,
    onChange: () => tell({ type: 'invalidate', names: ['engine'] }),
  })
  const jobs = new Jobs((job) => tell({ type: 'job', job }))
  const savedSets = new SavedSets(path.join(data, 'sets'), onDamaged)
  const basis: CoreBasis = { data, tell, onDamaged }
  const { connections, sessions, changes, directoryOf } = wireConnectionsAndChanges({
    ...basis,
    recent,
    secrets,
    scratch: scratch.directory,
    engines,
    jobs,
    setIds: (ref, setId) => savedSets.ids(ref, setId),
  })
  const profiles = new Profiles(connections.stores, settings)
  const mappingOf = async (ref: CollectionRef, signal: AbortSignal): Promise<ProfileMapping> => (await profiles.get(ref, signal)).mapping
  const embedders = new Embedders({
    data,
    stores: connections.stores,
    secrets,
    keptIn: options.secrets ? 'the keychain of the operating system' : `secrets.json in ${data}, a file that only its owner can read`,
    jobs,
    mappingOf,
    modelHost: options.modelHost ?? (process.env['HF_ENDPOINT'] || 'https://huggingface.co'),
    onDamaged,
    onChange: () => tell({ type: 'invalidate', names: ['embedders'] }),
  })
  const exact = new ExactSearch()
  const neighbours = new Neighbours({ exact, folder: path.join(data, 'neighbours') })
  const projections = new Projections({ stores: connections.stores, exact, neighbours, jobs, folder: path.join(data, 'maps'), tell })
  const reading = { stores: connections.stores, embedders, exact }
  const lookupSettings = new LookupSettingsFile(path.join(data, 'lookups.json'), onDamaged)
  const tables = new EntryTables()
  const dryRun = new LookupDryRun({ ...reading, jobs, tables, mappingOf })
  const logs = wireLookupLogs({ ...basis, stores: connections.stores, jobs, dryRun, lookupSettings })
  const rulesOf = (ref: CollectionRef): Promise<LookupSettings> => lookupSettings.get(ref)
  const sample = new Sample({ directory: sampleDirectory(data), jobs, engines, connections })
  const places = new Places()
  await places.allow(options.workingDirectory)
  await places.allow(options.home ?? os.homedir())
  let start: Promise<Connection | null> = Promise.resolve(null)

  async function openTarget(target: string): Promise<Connection | null> {
    try {
      if (/^https?:\/\//i.test(target)) return await connections.openServerByUrl(target)
      const directory = path.resolve(options.workingDirectory, target)
      await places.allow(directory)
      return await connections.openDirectory(directory)
    } catch (error) {
      const { message, remedy } = toWireError(error)
      tell({ type: 'notice', severity: 'error', message, remedy })
      return null
    }
  }

  async function sampleFilesOf(
    { connectionId, collectionId }: CollectionRef,
    signal: AbortSignal,
  ): Promise<ReturnType<typeof sampleFiles> | null> {
    const connection = (await connections.list()).find(({ id }) => id === connectionId)
    const files = sampleFiles(sampleDirectory(data))
    if (connection?.isSample !== true || !existsSync(files.lookups)) return null
    const { summary } = await (await connections.stores.get(connectionId, signal)).detail(collectionId, { signal })
    return summary.name === sampleCache ? files : null
  }

  const picked = {
    dialogs: options.dialogs,
    pathOf: (handle: string) => places.pathOf(handle),
    filesIn: (handle: string, endings: readonly string[]) => places.files(handle, endings),
  }
  const facts = {
    version: options.version,
    mode: options.mode,
    platform: process.platform,
    nativeDialogs: options.dialogs !== null,
    dataDirectory: data,
  }
  const work = {
    stores: connections.stores,
    jobs,
    changes,
    embedders,
    mappingOf,
    folder: path.join(data, 'embedded'),
  }
  const thresholds = wireThresholds({
    ...basis,
    stores: connections.stores,
    jobs,
    logs,
    embedders,
    exact,
    tables,
    neighbours,
    mappingOf,
    rulesOf,
    sampleOf: sampleFilesOf,
    ...picked,
  })
  const cleanup = wireCleanup({
    ...basis,
    stores: connections.stores,
    jobs,
    logs,
    changes,
    engines,
    exact,
    neighbours,
    scratch: scratch.directory,
    mappingOf,
    directoryOf,
    locationOf: async (connectionId) => (await connections.list()).find(({ id }) => id === connectionId)?.location ?? connectionId,
  })
  const dispatch = createRouter(contract, {
    app: appHandlers(facts, async () => (await start)?.id ?? null, options.dialogs),
    connections: connectionsHandlers({ connections, places, sample, dialogs: options.dialogs }),
    collections: collectionsHandlers(connections.stores),
    records: recordsHandlers(connections.stores),
    profiles: profilesHandlers(profiles),
    engine: engineHandlers(engines, (directory) => directoryEntry(directory, false).id),
    embedders: embeddersHandlers({ embedders, dialogs: options.dialogs, pathOf: (handle) => places.pathOf(handle) }),
    search: searchHandlers({
      search: new Search({ ...reading, jobs }),
      saved: new SavedSearches(path.join(data, 'searches'), onDamaged),
      programs: new SearchProgram({ ...reading, placeOf: (connectionId) => storePlace(recent, connectionId) }),
    }),
    lookups: lookupsHandlers({
      settings: lookupSettings,
      dryRun,
    }),
    lookupLogs: lookupLogsHandlers({
      logs,
      stores: connections.stores,
      ...picked,
      mappingOf,
      sampleLogOf: async (ref, signal) => (await sampleFilesOf(ref, signal))?.lookups ?? null,
    }),
    maps: mapsHandlers({
      projections,
      values: new MapValuesReader({ projections, exact, neighbours, embedders, cleanup: cleanup.service, lab: thresholds.lab, mappingOf }),
    }),
    memories: memoriesHandlers({ stores: connections.stores, jobs, mappingOf }),
    neighbours: neighboursHandlers({
      neighbours,
      exact,
      stores: connections.stores,
      jobs,
      onChange: () => tell({ type: 'invalidate', names: ['neighbours'] }),
    }),
    thresholds: thresholds.handlers,
    jobs: jobsHandlers(jobs),
    sets: setsHandlers(savedSets),
    settings: settingsHandlers(settings),
    imports: importsHandlers({
      ...work,
      files: new ImportFiles(),
      ...picked,
    }),
    curation: curationHandlers({ records: new RecordWork(work), collections: new CollectionWork(work) }),
    editing: editingHandlers({ sessions, changes, engines, jobs, data, directoryOf, tell }),
    changes: changesHandlers(changes, jobs),
    cleanup: cleanup.handlers,
  })

  return {
    dispatch,
    onEvent: (listener) => events.listen(listener),
    openFromCommandLine(target) {
      const opening = target === null ? Promise.resolve(null) : openTarget(target)
      start = opening
      return opening
    },
    openDirectoryByPath: (directory) => connections.openDirectory(directory),
    openRecent: (connectionId) => connections.open(connectionId),
    recent: () => connections.list(),
    tell,
    async close() {
      changes.close()
      jobs.cancelAll()
      cleanup.close()
      const parts = [sessions.stopAll().then(() => engines.close()), embedders.close(), logs.closeAll(), neighbours.close(), exact.close()]
      await Promise.all([connections.stores.closeAll(), ...parts])
      await jobs.settled()
      await scratch.remove()
    },
  }
}
