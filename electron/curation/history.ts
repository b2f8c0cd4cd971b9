import type { ChangedRecord, ChangeSummary, Conflict } from '../../shared/contract/changes.ts'
import { AppError } from '../../shared/rpc/errors.ts'
import type { Store } from '../store/store.ts'
import type { RecordState } from './change.ts'
import type { HistorySettings } from './history-settings.ts'
import { idNow, type JournalFolder } from './journal-folder.ts'
import { outlineOf } from './journal-outline.ts'
import type { JournalSummary } from './journal.ts'
import { identicalVectors } from './same-state.ts'
import { syncIndexFiles } from './sync-index-files.ts'
import { UndoPlan } from './undo-plan.ts'

const mostConflicts = 1000

export interface HistoryOptions {
  readonly journals: JournalFolder
  readonly settings: HistorySettings
  /** The directory of a connection; null for servers. */
  readonly directoryOf: (connectionId: string) => Promise<string | null>
  /** The store of a connection, read anew where somebody else changed it. */
  readonly freshStore: (connectionId: string, signal: AbortSignal) => Promise<Store>
  /** The change of a connection that is being applied now. */
  readonly running: (connectionId: string) => string | null
}

export interface HistoryPage {
  readonly total: number
  readonly changes: ChangeSummary[]
  readonly bytes: number
  readonly limit: number
}

function shownState(state: RecordState | null): ChangedRecord['before'] {
  if (state === null) return null
  const { id, document, metadata, uri, vector } = state
  return { id, document, metadata, uri, hasVector: vector !== null }
}

/** The changes that were made, for people to look at. Nothing here changes a store. */
export class History {
  readonly #options: HistoryOptions

  constructor(options: HistoryOptions) {
    this.#options = options
  }

  /** Newest first; of one collection where one is named, also under the ids that it had before it was made again. */
  async list(connectionId: string, collectionId: string | null, offset: number, limit: number): Promise<HistoryPage> {
    const { journals, settings } = this.#options
    const [all, newIds] = [await journals.all(connectionId), await journals.newIds(connectionId)]
    const undoneBy = new Map<string, string>()
    for (const { summary } of all.toReversed()) {
      const { undoes, id } = summary.header
      if (undoes !== null && summary.ending?.state === 'done') undoneBy.set(undoes, id)
    }
    const now = (id: string | null): string | null => id && idNow(newIds, id)
    const wanted = now(collectionId)
    const shown = all.filter(({ summary }) => wanted === null || now(summary.header.collectionId) === wanted)
    return {
      total: shown.length,
      changes: shown.slice(offset, offset + limit).map(({ summary }) => ({
        ...this.#describe(summary),
        collectionId: now(summary.header.collectionId),
        undoneBy: undoneBy.get(summary.header.id) ?? null,
      })),
      bytes: await journals.bytes(),
      limit: (await settings.read()).limit,
    }
  }

  /** Records of a change, before and after. @throws AppError 'not-found', 'damaged' */
  async records(changeId: string, offset: number, limit: number): Promise<{ total: number; records: ChangedRecord[] }> {
    const { journal, summary } = await this.#options.journals.find(changeId)
    const records: ChangedRecord[] = []
    let at = 0
    for (const part of (await outlineOf(journal)).parts) {
      if (part.kind !== 'records') continue
      for (const place of part.batches) {
        if (records.length === limit) break
        for (const { id, before, after } of await journal.batchAt(place)) {
          at += 1
          if (at <= offset || records.length === limit) continue
          records.push({
            id,
            collectionName: part.collection.name,
            before: shownState(before),
            after: shownState(after),
            vectorChanged: !identicalVectors(before?.vector ?? null, after?.vector ?? null),
          })
        }
      }
    }
    return { total: summary.prepared.records, records }
  }

  /** Records that undoing a change would leave alone, because they are no longer as it left them. At most 1,000 are listed. */
  async conflicts(changeId: string, signal: AbortSignal): Promise<{ total: number; conflicts: Conflict[] }> {
    const { journals, freshStore } = this.#options
    const { journal, summary } = await journals.find(changeId)
    const { connectionId } = summary.header
    const store = await freshStore(connectionId, signal)
    const newIds = await journals.newIds(connectionId)
    const conflicts: Conflict[] = []
    let total = 0
    const plan = new UndoPlan(journal, store, (id) => idNow(newIds, id))
    for await (const { collection, reversals } of plan.groups(signal)) {
      for (const { id, expected, current, restored, verdict } of reversals) {
        if (verdict !== 'conflict') continue
        total += 1
        if (conflicts.length === mostConflicts) continue
        conflicts.push({
          id,
          collectionName: collection.name,
          expected: shownState(expected),
          current: shownState(current),
          restored: shownState(restored),
        })
      }
    }
    return { total, conflicts }
  }

  /**
   * Drops what is kept to undo these changes. The index files of their store are made lasting first, because the engine does not.
   * @throws AppError 'not-found', 'conflict' for a change that is not settled
   */
  async forget(changeIds: readonly string[]): Promise<void> {
    const { journals, directoryOf } = this.#options
    const found = await Promise.all(changeIds.map((id) => journals.find(id)))
    const open = found.find(({ summary }) => summary.ending === null)
    if (open) {
      throw new AppError('conflict', `"${open.summary.header.title}" is not settled yet, so it cannot be forgotten.`, 'Settle it first.')
    }
    for (const connectionId of new Set(found.map(({ summary }) => summary.header.connectionId))) {
      const directory = await directoryOf(connectionId)
      if (directory !== null) await syncIndexFiles(directory)
    }
    for (const { journal } of found) await journal.remove()
  }

  async setLimit(bytes: number): Promise<void> {
    await this.#options.settings.update((current) => ({ ...current, limit: bytes }))
  }

  #describe({ header, prepared, ending, cutOff, bytes }: JournalSummary): Omit<ChangeSummary, 'collectionId' | 'undoneBy'> {
    const { id, connectionId, collectionName, at, title, rule, kind, undoes } = header
    const isRunning = this.#options.running(connectionId) === id
    return {
      id,
      connectionId,
      collectionName,
      at,
      title,
      rule,
      kind,
      records: prepared.records,
      state: ending?.state ?? (isRunning ? 'applying' : 'cut-off'),
      undoes,
      bytes,
      note: ending?.note ?? null,
      problem: ending ? ending.problem : (cutOff?.problem ?? null),
    }
  }
}
