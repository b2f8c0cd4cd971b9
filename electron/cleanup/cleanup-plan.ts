import type { CleanupRule } from '../../shared/domain/cleanup/rule.ts'
import { mergeMetadata } from '../../shared/domain/cleanup/merge-metadata.ts'
import { ruleSentence } from '../../shared/domain/cleanup/rule-words.ts'
import { convertValue } from '../../shared/domain/curation/convert-value.ts'
import type { ProfileMapping } from '../../shared/domain/profiles/profile.ts'
import type { StoredRecord } from '../../shared/domain/record.ts'
import type { ChangePart, ChangePlan, CollectionState, RecordChange } from '../curation/change.ts'
import { collectionState } from '../curation/plans/collection-state.ts'
import { partsOf, recordsAtOnce, recordStates, storedRecords } from '../curation/plans/record-states.ts'
import type { Store } from '../store/store.ts'
import type { Resolution } from './protocol.ts'

/** Records whose metadata are merged into others that are read at once. */
const keepersAtOnce = 500

export interface PlanContext {
  readonly store: Store
  readonly signal: AbortSignal
  readonly progress: (stage: string, done: number, total: number | null) => void
}

/** Reads the records that go into others, and gives what the others become. */
async function mergedRecords(
  { store, signal }: PlanContext,
  collectionId: string,
  mapping: ProfileMapping,
  merged: Resolution['merged'],
  keepers: readonly StoredRecord[],
): Promise<Map<string, StoredRecord>> {
  const fromOf = new Map(merged.map(({ id, from }) => [id, from]))
  const others = new Map<string, StoredRecord>()
  const wanted = [...new Set(keepers.flatMap(({ id }) => fromOf.get(id) ?? []))]
  for await (const records of storedRecords(store, collectionId, wanted, signal))
    for (const record of records) others.set(record.id, record)
  return new Map(
    keepers.map((keeper) => {
      const gone = (fromOf.get(keeper.id) ?? []).map((id) => others.get(id)?.metadata ?? null)
      return [keeper.id, { ...keeper, metadata: mergeMetadata(mapping, keeper.metadata, gone) }]
    }),
  )
}

/** A record with its values converted, where nothing is lost by it. */
function converted(record: StoredRecord, conversions: Resolution['converted']): StoredRecord {
  const metadata = new Map(record.metadata ?? [])
  for (const { key, type } of conversions) {
    const value = metadata.get(key)
    if (value === undefined || (type !== 'string' && type !== 'integer' && type !== 'float' && type !== 'boolean')) continue
    const found = convertValue(value, type)
    if ('value' in found) metadata.set(key, found.value)
  }
  return { ...record, metadata: record.metadata === null ? null : metadata }
}

/** Whether two maps of metadata hold the same values of the same types. */
function isSame(a: StoredRecord, b: StoredRecord): boolean {
  if (a.metadata === null || b.metadata === null) return a.metadata === b.metadata
  return a.metadata.size === b.metadata.size && [...a.metadata].every(([key, value]) => b.metadata?.get(key) === value)
}

/**
 * What records that stay become: those that take over metadata, and those whose values are converted.
 * @param records any of the collection's records; those that stay as they are, are left out
 */
export async function changedRecords(
  context: PlanContext,
  collectionId: string,
  mapping: ProfileMapping,
  resolution: Resolution,
  records: readonly StoredRecord[],
): Promise<Map<string, StoredRecord>> {
  const conversions = new Map<string, Resolution['converted']>()
  for (const one of resolution.converted) conversions.set(one.id, [...(conversions.get(one.id) ?? []), one])
  const isMerged = new Set(resolution.merged.map(({ id }) => id))
  const merged = await mergedRecords(
    context,
    collectionId,
    mapping,
    resolution.merged,
    records.filter(({ id }) => isMerged.has(id)),
  )
  return new Map(
    records.flatMap((record) => {
      const after = converted(merged.get(record.id) ?? record, conversions.get(record.id) ?? [])
      return isSame(record, after) ? [] : [[record.id, after] as const]
    }),
  )
}

/** Deletions of records, read a part at a time when they are asked for. */
export async function* deletions(
  { store, signal, progress }: PlanContext,
  collection: CollectionState,
  ids: readonly string[],
): AsyncGenerator<ChangePart> {
  let done = 0
  for (const part of partsOf(ids, recordsAtOnce(collection.dimension))) {
    progress('Reading records', done, ids.length)
    const states = await recordStates(store, collection.id, part, signal)
    if (states.length > 0)
      yield { kind: 'records', collection, changes: states.map((before): RecordChange => ({ id: before.id, before, after: null })) }
    done += part.length
  }
}

/** The change that rules mean: first what stays is changed, then the others are removed. Errors as of the store. */
export async function cleanupPlan(
  context: PlanContext,
  collectionId: string,
  mapping: ProfileMapping,
  rules: readonly CleanupRule[],
  resolution: Resolution,
): Promise<ChangePlan> {
  const { store, signal } = context
  const collection = await collectionState(store, collectionId, signal)
  const stays = [...new Set([...resolution.merged, ...resolution.converted].map(({ id }) => id))]

  async function* parts(): AsyncGenerator<ChangePart> {
    for (const part of partsOf(stays, Math.min(keepersAtOnce, recordsAtOnce(collection.dimension)))) {
      const states = await recordStates(store, collectionId, part, signal)
      const after = await changedRecords(context, collectionId, mapping, resolution, states)
      const changes = states.flatMap((before): RecordChange[] => {
        const changed = after.get(before.id)
        return changed === undefined ? [] : [{ id: before.id, before, after: { ...changed, vector: before.vector } }]
      })
      if (changes.length > 0) yield { kind: 'records', collection, changes }
    }
    yield* deletions(
      context,
      collection,
      resolution.removed.map(({ id }) => id),
    )
  }

  const count = resolution.removed.length
  return {
    kind: 'cleanup',
    title: count === 1 ? 'Clean up 1 record' : `Clean up ${new Intl.NumberFormat('en').format(count || stays.length)} records`,
    rule: rules.map(ruleSentence).join('; '),
    collectionId,
    collectionName: collection.name,
    records: count + stays.length,
    parts: parts(),
  }
}
