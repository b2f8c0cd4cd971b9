import type { CollectionRef, CollectionSummary } from '../../../shared/contract/collections.ts'
import { collectionNameProblem } from '../../../shared/domain/curation/collection-name-problem.ts'
import { keptMetadata, metadataProblem } from '../../../shared/domain/curation/edit-record.ts'
import { newConfiguration, type IndexSettings } from '../../../shared/domain/curation/index-configuration.ts'
import { sameMetadata } from '../../../shared/domain/curation/same-record.ts'
import type { Metadata } from '../../../shared/domain/metadata.ts'
import { noFilter } from '../../../shared/domain/where.ts'
import { AppError } from '../../../shared/rpc/errors.ts'
import type { JobContext } from '../../jobs/jobs.ts'
import type { Store } from '../../store/store.ts'
import type { ChangePart, ChangePlan, CollectionState } from '../change.ts'
import { collectionState } from './collection-state.ts'
import { partsOf, recordsAtOnce, recordStates } from './record-states.ts'
import { scopeIds } from './scope-ids.ts'

export interface CollectionContext {
  readonly store: Store
  readonly signal: AbortSignal
  readonly progress: JobContext['progress']
}

export interface NewCollectionRequest {
  readonly tenant: string
  readonly database: string
  readonly name: string
  readonly hnsw: IndexSettings
  readonly metadata: Metadata | null
}

function refusal(problem: string): AppError {
  return new AppError('invalid-input', problem, 'Correct it, then try again.')
}

/** Collections of one database. */
async function siblings({ store, signal }: CollectionContext, tenant: string, database: string): Promise<CollectionSummary[]> {
  const { tenants } = await store.catalog({ signal })
  const found = tenants.find(({ name }) => name === tenant)?.databases.find(({ name }) => name === database)
  if (found) return found.collections
  throw new AppError('not-found', `There is no database ${database} of the tenant ${tenant}.`, 'Refresh the store, then try again.')
}

/** @throws AppError 'invalid-input' for a name that Chroma refuses, 'conflict' where another collection has it */
export async function assertNewName(context: CollectionContext, scope: { tenant: string; database: string }, name: string): Promise<void> {
  const problem = collectionNameProblem(name)
  if (problem !== null) throw refusal(problem)
  const taken = (await siblings(context, scope.tenant, scope.database)).some((collection) => collection.name === name)
  if (taken) throw new AppError('conflict', `A collection is called ${name} already.`, 'Choose another name.')
}

function assertMetadata(metadata: Metadata | null, before: Metadata | null): void {
  const problem = metadataProblem(metadata, before, { arrays: false })
  if (problem !== null) throw refusal(problem)
}

/** @throws AppError 'invalid-input', 'conflict', 'not-found' for the database */
export async function createPlan(context: CollectionContext, request: NewCollectionRequest): Promise<ChangePlan> {
  const { tenant, database, name, hnsw, metadata } = request
  await assertNewName(context, request, name)
  assertMetadata(metadata, null)
  const collection: CollectionState = {
    id: '',
    tenant,
    database,
    name,
    metadata: keptMetadata(metadata),
    configuration: newConfiguration(hnsw),
    schema: null,
    dimension: null,
  }
  return {
    kind: 'collection',
    title: `Create ${name}`,
    rule: null,
    collectionId: null,
    collectionName: name,
    parts: [{ kind: 'create-collection', collection }],
  }
}

/** @throws AppError 'invalid-input' also where nothing would change, 'conflict', 'not-found' */
export async function modifyPlan(
  { store, signal, progress }: CollectionContext,
  { collectionId }: CollectionRef,
  { name, metadata }: { readonly name?: string | undefined; readonly metadata?: Metadata | undefined },
): Promise<ChangePlan> {
  const before = await collectionState(store, collectionId, signal)
  const isRenamed = name !== undefined && name !== before.name
  if (isRenamed) await assertNewName({ store, signal, progress }, before, name)
  const changesMetadata = metadata !== undefined && !sameMetadata(metadata, before.metadata)
  if (changesMetadata) {
    assertMetadata(metadata, before.metadata)
    if (metadata.size === 0) throw refusal('Chroma does not remove the last key of the metadata of a collection.')
  }
  if (!isRenamed && !changesMetadata) throw refusal('The collection is so already.')
  const after: CollectionState = {
    ...before,
    name: isRenamed ? name : before.name,
    metadata: changesMetadata ? keptMetadata(metadata) : before.metadata,
  }
  return {
    kind: 'collection',
    title: isRenamed ? `Rename ${before.name} to ${after.name}` : `Edit the metadata of ${before.name}`,
    rule: null,
    collectionId,
    collectionName: after.name,
    parts: [{ kind: 'modify-collection', before, after }],
  }
}

/** Deletes the records before the collection, because Chroma leaves lists in metadata behind otherwise. @throws AppError 'not-found' */
export async function deletePlan({ store, signal, progress }: CollectionContext, ref: CollectionRef): Promise<ChangePlan> {
  const [collection, ids] = await Promise.all([
    collectionState(store, ref.collectionId, signal),
    scopeIds(store, ref, { kind: 'filter', filter: noFilter }, signal),
  ])

  async function* parts(): AsyncGenerator<ChangePart> {
    let done = 0
    for (const part of partsOf(ids, recordsAtOnce(collection.dimension))) {
      progress('Reading records', done, ids.length)
      const changes = (await recordStates(store, ref.collectionId, part, signal)).map((before) => ({ id: before.id, before, after: null }))
      if (changes.length > 0) yield { kind: 'records', collection, changes }
      done += part.length
    }
    yield { kind: 'delete-collection', collection }
  }

  return {
    kind: 'collection',
    title: `Delete ${collection.name}`,
    rule: null,
    collectionId: ref.collectionId,
    collectionName: collection.name,
    parts: parts(),
  }
}
