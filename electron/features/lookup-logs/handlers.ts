import type { CollectionRef } from '../../../shared/contract/collections.ts'
import type { lookupLogs as lookupLogsContract } from '../../../shared/contract/lookup-logs.ts'
import type { ProfileMapping } from '../../../shared/domain/profiles/profile.ts'
import { storedOrder } from '../../../shared/contract/records.ts'
import { readRole } from '../../../shared/domain/profiles/read-role.ts'
import { noFilter } from '../../../shared/domain/where.ts'
import type { Handlers } from '../../../shared/rpc/define.ts'
import { AppError } from '../../../shared/rpc/errors.ts'
import type { LookupLogs } from '../../lookup-logs/lookup-logs.ts'
import { snippets } from '../../lookup-logs/snippets.ts'
import type { Dialogs } from '../../platform/dialog-interface.ts'
import type { OpenStores } from '../../store/open-stores.ts'

export interface PickedFile {
  readonly handle: string
  readonly name: string
  readonly bytes: number
  readonly modifiedAt: number
}

export interface LookupLogsParts {
  readonly logs: LookupLogs
  readonly stores: OpenStores
  readonly dialogs: Dialogs | null
  /** The path that a handle of the picker stands for. */
  readonly pathOf: (handle: string) => Promise<string>
  /** Files of a folder with one of these endings. */
  readonly filesIn: (handle: string, endings: readonly string[]) => Promise<PickedFile[]>
  readonly mappingOf: (ref: CollectionRef, signal: AbortSignal) => Promise<ProfileMapping>
  /** The log that came with a collection of the sample; null for any other collection. */
  readonly sampleLogOf: (ref: CollectionRef, signal: AbortSignal) => Promise<string | null>
}

const endings = ['.jsonl', '.ndjson', '.json', '.csv', '.tsv', '.log', '.txt']
const logDialog = {
  title: 'Open a log of lookups',
  button: 'Read',
  kinds: [
    { name: 'Logs of JSON lines or CSV', endings },
    { name: 'All files', endings: ['*'] },
  ],
}

export function lookupLogsHandlers(parts: LookupLogsParts): Handlers<typeof lookupLogsContract> {
  const { logs, stores, dialogs, pathOf, filesIn, mappingOf, sampleLogOf } = parts

  async function idsOf({ connectionId, collectionId }: CollectionRef, signal: AbortSignal): Promise<string[]> {
    const store = await stores.get(connectionId, signal)
    const view = { collectionId, filter: noFilter, sort: storedOrder }
    const { total } = await store.page(view, 0, 1, { signal })
    return total === 0 ? [] : store.idsAt(view, [{ from: 0, to: total }], { signal })
  }

  return {
    list: (ref) => logs.list(ref),
    files: ({ handle }) => filesIn(handle, endings),
    sample: async (ref, { signal }) => ({ available: (await sampleLogOf(ref, signal)) !== null }),
    open: async ({ handle, ...ref }) => ({ jobId: await logs.open(ref, await pathOf(handle)) }),
    openSample: async (ref, { signal }) => {
      const file = await sampleLogOf(ref, signal)
      if (file === null) throw new AppError('not-found', 'This collection came without a log.', 'Open a log of your own.')
      return { jobId: await logs.open(ref, file) }
    },
    openWithDialog: async (ref) => {
      if (!dialogs)
        throw new AppError(
          'unsupported',
          'The browser cannot show the system dialog for files.',
          'Choose the file from the list of places.',
        )
      const file = await dialogs.openFile(logDialog)
      return file === null ? null : { jobId: await logs.open(ref, file) }
    },
    reopen: async ({ logId, ...ref }) => ({ jobId: await logs.reopen(ref, logId) }),
    watch: ({ logId, watching, ...ref }) => logs.watch(ref, logId, watching),
    map: async ({ logId, mapping, ...ref }) => ({ jobId: await logs.map(ref, logId, mapping) }),
    replay: async ({ logId, ...ref }) => ({ jobId: await logs.replay(ref, logId) }),
    close: async ({ logId, ...ref }) => {
      await logs.close(ref, logId)
      return {}
    },
    malformed: async ({ logId, ...ref }, { signal }) => (await logs.host(ref, logId)).ask({ type: 'malformed' }, { signal }),
    overview: async ({ logId, filter, ...ref }, { signal }) => (await logs.host(ref, logId)).ask({ type: 'overview', filter }, { signal }),
    lookups: async ({ logId, filter, sort, offset, limit, ...ref }, { signal }) =>
      (await logs.host(ref, logId)).ask({ type: 'lookups', filter, sort, offset, limit }, { signal }),
    entries: async ({ logId, filter, ranking, offset, limit, ...ref }, { signal }) => {
      const ids = ranking === 'never-hit' ? await idsOf(ref, signal) : []
      const ranked = await (await logs.host(ref, logId)).ask({ type: 'entries', filter, ranking, ids, offset, limit }, { signal })
      const store = await stores.get(ref.connectionId, signal)
      const shown = ranked.entries.map(({ entryId }) => entryId)
      const [records, mapping] = await Promise.all([store.records(ref.collectionId, shown, { signal }), mappingOf(ref, signal)])
      const byId = new Map(records.map((record) => [record.id, record]))
      return {
        total: ranked.total,
        entries: ranked.entries.map((entry) => {
          const record = byId.get(entry.entryId)
          const query = record && (readRole(mapping, 'query', record) ?? record.document)
          return {
            ...entry,
            query: query === undefined || query === null ? null : String(query).slice(0, 500),
            exists: record !== undefined,
          }
        }),
      }
    },
    snippets: () => [...snippets],
  }
}
