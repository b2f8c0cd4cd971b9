import { createHash } from 'node:crypto'
import type { ForgetPreview, ForgetTarget } from '../../shared/contract/cleanup.ts'
import type { CollectionSummary } from '../../shared/contract/collections.ts'
import { maxPageSize, storedOrder } from '../../shared/contract/records.ts'
import type { ScopeRole } from '../../shared/domain/cleanup/rule.ts'
import type { Field, ProfileMapping, Role } from '../../shared/domain/profiles/profile.ts'
import { readField } from '../../shared/domain/profiles/read-role.ts'
import type { StoredRecord } from '../../shared/domain/record.ts'
import { readTime } from '../../shared/domain/time.ts'
import { noFilter } from '../../shared/domain/where.ts'
import { AppError } from '../../shared/rpc/errors.ts'
import { collectionState } from '../curation/plans/collection-state.ts'
import type { ChangePart } from '../curation/change.ts'
import type { JobContext } from '../jobs/jobs.ts'
import type { Store } from '../store/store.ts'
import { deletions } from './cleanup-plan.ts'
import type { CleanupWorkOptions } from './cleanup-work.ts'

const sampleSize = 3
const mostListed = 500

interface Found {
  readonly summary: CollectionSummary
  readonly field: Field | null
  readonly ids: readonly string[]
  readonly sample: readonly StoredRecord[]
}

/** Words for a target, as the object of "forget". */
export function targetWords(target: ForgetTarget): string {
  if (target.kind !== 'time') return `${target.kind} ${target.value}`
  const date = (ms: number): string => new Date(ms).toISOString().slice(0, 16).replace('T', ' ')
  if (target.from !== null && target.to !== null) return `what was made from ${date(target.from)} to ${date(target.to)}`
  return target.from === null ? `what was made before ${date(target.to ?? 0)}` : `what was made from ${date(target.from)} on`
}

function fieldWords(field: Field): string {
  if (field.from !== 'metadata') return field.from
  return field.path === null ? field.key : `${field.key}.${field.path}`
}

function isMeant(record: StoredRecord, field: Field, target: ForgetTarget): boolean {
  const value = readField(field, record)
  if (value === null) return false
  if (target.kind !== 'time')
    return Array.isArray(value) ? value.some((one) => String(one) === target.value) : String(value) === target.value
  const time = Array.isArray(value) ? null : readTime(value)
  return time !== null && (target.from === null || time >= target.from) && (target.to === null || time < target.to)
}

async function* allRecords(
  store: Store,
  collectionId: string,
  signal: AbortSignal,
): AsyncGenerator<{ records: StoredRecord[]; total: number }> {
  const view = { collectionId, filter: noFilter, sort: storedOrder }
  for (let read = 0, total = Infinity; read < total;) {
    const page = await store.page(view, read, maxPageSize, { signal })
    total = page.total
    if (page.records.length === 0) return
    read += page.records.length
    yield { records: page.records, total }
  }
}

/** Removes everything of a user, a session, a namespace or a time from all collections of a store. */
export class Forgetting {
  readonly #options: Omit<CleanupWorkOptions, 'cleanup'>

  constructor(options: Omit<CleanupWorkOptions, 'cleanup'>) {
    this.#options = options
  }

  /** What the collections name under a role, most records first. */
  async listed(connectionId: string, kind: ScopeRole, signal: AbortSignal): Promise<{ value: string; records: number }[]> {
    const counts = new Map<string, number>()
    const { store, collections } = await this.#collections(connectionId, signal)
    for (const { summary, mapping } of collections) {
      const field = mapping.fields[kind]
      if (field === undefined) continue
      for await (const { records } of allRecords(store, summary.id, signal)) {
        for (const record of records) {
          const value = readField(field, record)
          for (const one of value === null ? [] : Array.isArray(value) ? value : [value])
            counts.set(String(one), (counts.get(String(one)) ?? 0) + 1)
        }
      }
    }
    return [...counts]
      .map(([value, records]) => ({ value, records }))
      .toSorted((a, b) => b.records - a.records || (a.value < b.value ? -1 : 1))
      .slice(0, mostListed)
  }

  async preview(connectionId: string, target: ForgetTarget, signal: AbortSignal): Promise<ForgetPreview> {
    const purpose = { method: 'cleanup.forgetPreview', subject: connectionId }
    const found = await this.#options.jobs.follow({ title: 'Look for what is to be forgotten', purpose, signal }, (job) =>
      this.#find(connectionId, target, job),
    )
    return {
      collections: found.map(({ summary, field, ids, sample }) => ({
        collectionId: summary.id,
        name: summary.name,
        records: ids.length,
        total: summary.count ?? 0,
        field: field && fieldWords(field),
        sample: [...sample],
      })),
      records: found.reduce((sum, { ids }) => sum + ids.length, 0),
      state: stateOf(found),
    }
  }

  /** As a job whose result is the id of the change. */
  forget(connectionId: string, target: ForgetTarget, state: string): string {
    const { jobs, stores, changes, reports, titleOf } = this.#options
    const title = `Forget ${targetWords(target)}`
    return jobs.start(
      title,
      async (job) => {
        const found = (await this.#find(connectionId, target, job)).filter(({ ids }) => ids.length > 0)
        if (stateOf(found) !== state)
          throw new AppError(
            'stale',
            'The records are no longer as the preview showed them. Nothing was changed.',
            'Look at the preview again.',
          )
        const store = await stores.get(connectionId, job.signal)
        async function* parts(): AsyncGenerator<ChangePart> {
          for (const { summary, ids } of found)
            yield* deletions({ store, ...job }, await collectionState(store, summary.id, job.signal), ids)
        }
        const [only] = found.length === 1 ? found : []
        const plan = {
          kind: 'forget' as const,
          title,
          rule: `Everything of ${targetWords(target)}`,
          collectionId: only?.summary.id ?? null,
          collectionName: only?.summary.name ?? null,
          records: found.reduce((sum, { ids }) => sum + ids.length, 0),
          parts: parts(),
        }
        const changeId = await changes.apply(connectionId, plan, job)
        await reports.add({
          kind: 'forget',
          at: Date.now(),
          title,
          store: await titleOf(connectionId),
          changeId,
          collections: found.map(({ summary, field, ids }) => ({
            collectionId: summary.id,
            name: summary.name,
            rules: field === null ? [] : [`by ${fieldWords(field)}`],
            changed: [],
            removed: [...ids],
          })),
        })
        return changeId
      },
      { method: 'cleanup.forget', subject: connectionId },
    )
  }

  async #collections(
    connectionId: string,
    signal: AbortSignal,
  ): Promise<{ store: Store; collections: { summary: CollectionSummary; mapping: ProfileMapping }[] }> {
    const store = await this.#options.stores.get(connectionId, signal)
    const { tenants } = await store.catalog({ signal })
    const collections: { summary: CollectionSummary; mapping: ProfileMapping }[] = []
    for (const summary of tenants.flatMap(({ databases }) => databases.flatMap((database) => database.collections)))
      collections.push({ summary, mapping: await this.#options.mappingOf({ connectionId, collectionId: summary.id }, signal) })
    return { store, collections }
  }

  async #find(connectionId: string, target: ForgetTarget, { signal, progress }: JobContext): Promise<Found[]> {
    const role: Role = target.kind === 'time' ? 'createdAt' : target.kind
    const { store, collections } = await this.#collections(connectionId, signal)
    const found: Found[] = []
    for (const { summary, mapping } of collections) {
      const field = mapping.fields[role] ?? null
      const ids: string[] = []
      const sample: StoredRecord[] = []
      let read = 0
      if (field !== null) {
        for await (const { records, total } of allRecords(store, summary.id, signal)) {
          read += records.length
          progress(`Looking through ${summary.name}`, read, total)
          for (const record of records) {
            if (!isMeant(record, field, target)) continue
            ids.push(record.id)
            if (sample.length < sampleSize) sample.push(record)
          }
        }
      }
      found.push({ summary, field, ids, sample })
    }
    return found
  }
}

function stateOf(found: readonly Found[]): string {
  const meant = found.filter(({ ids }) => ids.length > 0).map(({ summary, ids }) => [summary.id, ids])
  return createHash('sha256').update(JSON.stringify(meant)).digest('base64url').slice(0, 22)
}
