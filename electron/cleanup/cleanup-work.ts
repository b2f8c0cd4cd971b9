import { createHash } from 'node:crypto'
import type { CleanupPreview } from '../../shared/contract/cleanup.ts'
import type { CollectionRef } from '../../shared/contract/collections.ts'
import { collectionSubject } from '../../shared/contract/jobs.ts'
import { ruleSentence } from '../../shared/domain/cleanup/rule-words.ts'
import type { CleanupRule } from '../../shared/domain/cleanup/rule.ts'
import type { ProfileMapping } from '../../shared/domain/profiles/profile.ts'
import { AppError } from '../../shared/rpc/errors.ts'
import type { ChangeRunner } from '../curation/change.ts'
import type { Jobs } from '../jobs/jobs.ts'
import type { OpenStores } from '../store/open-stores.ts'
import { changedRecords, cleanupPlan } from './cleanup-plan.ts'
import type { CleanupReports } from './cleanup-reports.ts'
import type { Cleanup } from './cleanup-service.ts'
import type { Resolution } from './protocol.ts'

export interface CleanupWorkOptions {
  readonly stores: OpenStores
  readonly jobs: Jobs
  readonly changes: ChangeRunner
  readonly cleanup: Cleanup
  readonly reports: CleanupReports
  readonly mappingOf: (ref: CollectionRef, signal: AbortSignal) => Promise<ProfileMapping>
  /** What a connection is called in reports. */
  readonly titleOf: (connectionId: string) => Promise<string>
}

/** Records of the sample that are removed, and of those that change. */
const sampleSize = 6

/** Names exactly what would be done. */
function stateOf({ removed, merged, converted }: Resolution): string {
  return createHash('sha256')
    .update(JSON.stringify([removed, merged, converted]))
    .digest('base64url')
    .slice(0, 22)
}

/** The first ones, the last one, and some between. */
function spread<Item>(items: readonly Item[], count: number): Item[] {
  if (items.length <= count) return [...items]
  return Array.from({ length: count }, (_, index) => items[Math.round((index * (items.length - 1)) / (count - 1))] as Item)
}

/** Previews and carries out rules of cleanup. */
export class CleanupWork {
  readonly #options: CleanupWorkOptions

  constructor(options: CleanupWorkOptions) {
    this.#options = options
  }

  /** What rules together would do. Errors as reading the store. */
  async preview(ref: CollectionRef, rules: readonly CleanupRule[], signal: AbortSignal): Promise<CleanupPreview> {
    const { cleanup, stores, mappingOf } = this.#options
    const resolution = await cleanup.ask(ref, 'resolve', { rules: [...rules] }, signal)
    const store = await stores.get(ref.connectionId, signal)
    const { summary } = await store.detail(ref.collectionId, { signal })
    const stays = [...new Set([...resolution.merged, ...resolution.converted].map(({ id }) => id))]
    const shown = [
      ...spread(
        resolution.removed.map(({ id }) => id),
        sampleSize,
      ),
      ...spread(stays, sampleSize),
    ]
    const records = await store.records(ref.collectionId, shown, { signal })
    const context = { store, signal, progress: () => undefined }
    const after = await changedRecords(context, ref.collectionId, await mappingOf(ref, signal), resolution, records)
    const removed = new Set(resolution.removed.map(({ id }) => id))
    const counts = rules.map(() => 0)
    for (const { rule } of [...resolution.removed, ...resolution.converted]) counts[rule] = (counts[rule] ?? 0) + 1
    return {
      removed: removed.size,
      changed: stays.length,
      rules: rules.map((rule, index) => ({ rule, records: counts[index] ?? 0 })),
      scopes: resolution.scopes,
      sample: records.flatMap((before): CleanupPreview['sample'] => {
        const changed = after.get(before.id)
        if (removed.has(before.id)) return [{ id: before.id, before, after: null }]
        return changed === undefined ? [] : [{ id: before.id, before, after: changed }]
      }),
      bytes: (removed.size + 2 * stays.length) * (4 * (summary.dimension ?? 0) + 100) + resolution.characters,
      state: stateOf(resolution),
    }
  }

  /** Applies rules as a job whose result is the id of the change. */
  apply(ref: CollectionRef, rules: readonly CleanupRule[], state: string): string {
    const { jobs, stores, changes, cleanup, reports, mappingOf, titleOf } = this.#options
    const purpose = { method: 'cleanup.apply', subject: collectionSubject(ref) }
    return jobs.start(
      'Clean up',
      async ({ signal, progress }) => {
        const resolution = await cleanup.ask(ref, 'resolve', { rules: [...rules] }, signal)
        if (stateOf(resolution) !== state)
          throw new AppError(
            'stale',
            'The records are no longer as the preview showed them. Nothing was changed.',
            'Look at the preview again.',
          )
        const store = await stores.get(ref.connectionId, signal)
        const { summary } = await store.detail(ref.collectionId, { signal })
        const plan = await cleanupPlan({ store, signal, progress }, ref.collectionId, await mappingOf(ref, signal), rules, resolution)
        const changeId = await changes.apply(ref.connectionId, plan, { signal, progress })
        await reports.add({
          kind: 'cleanup',
          at: Date.now(),
          title: plan.title,
          store: await titleOf(ref.connectionId),
          changeId,
          collections: [
            {
              collectionId: ref.collectionId,
              name: summary.name,
              rules: rules.map(ruleSentence),
              changed: [...new Set([...resolution.merged, ...resolution.converted].map(({ id }) => id))],
              removed: resolution.removed.map(({ id }) => id),
            },
          ],
        })
        return changeId
      },
      purpose,
    )
  }
}
