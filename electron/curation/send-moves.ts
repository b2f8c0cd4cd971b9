import type { MetadataValue } from '../../shared/domain/metadata.ts'
import type { ApiCollectionRef, ChromaApi } from '../store/server/api.ts'
import type { RecordState } from './change.ts'
import { identicalVectors } from './same-state.ts'

/** A record on its way from the state that the store has to the one that it shall have; null where there is none. */
export interface Move {
  readonly id: string
  readonly from: RecordState | null
  readonly to: RecordState | null
}

/** Chroma cannot take a document or a uri away, so such a record is deleted and added. It then is the last in stored order. */
export function isReplacement({ from, to }: Omit<Move, 'id'>): boolean {
  if (from === null || to === null) return false
  return (from.document !== null && to.document === null) || (from.uri !== null && to.uri === null) || changesList(from, to)
}

/** Where a list takes another value's place, or the other way round, Chroma's tables may keep both. */
function changesList(from: RecordState, to: RecordState): boolean {
  for (const [key, value] of to.metadata ?? []) {
    const old = from.metadata?.get(key)
    if (old !== undefined && Array.isArray(old) !== Array.isArray(value)) return true
  }
  return false
}

function isIdentical(a: MetadataValue, b: MetadataValue | undefined): boolean {
  if (!Array.isArray(a)) return Object.is(a, b)
  return Array.isArray(b) && a.length === b.length && a.every((item, index) => Object.is(item, b[index]))
}

/** What an update has to say of the metadata, null values removing their keys; null where nothing. */
function metadataSteps(from: RecordState, to: RecordState): Map<string, MetadataValue | null> | null {
  const steps = new Map<string, MetadataValue | null>()
  for (const [key, value] of to.metadata ?? []) if (!isIdentical(value, from.metadata?.get(key))) steps.set(key, value)
  for (const key of from.metadata?.keys() ?? []) if (!to.metadata?.has(key)) steps.set(key, null)
  return steps.size === 0 ? null : steps
}

/** A column without any value is left out. */
function some<Value>(column: (Value | null)[]): (Value | null)[] | undefined {
  return column.some((value) => value !== null) ? column : undefined
}

async function add(api: ChromaApi, collection: ApiCollectionRef, states: readonly RecordState[]): Promise<void> {
  if (states.length === 0) return
  await api.add(collection, {
    ids: states.map(({ id }) => id),
    embeddings: states.map(({ vector }) => vector),
    documents: some(states.map(({ document }) => document)),
    uris: some(states.map(({ uri }) => uri)),
    metadatas: some(states.map(({ metadata }) => (metadata && metadata.size > 0 ? metadata : null))),
  })
}

interface Update {
  readonly id: string
  readonly vector: Float32Array | null
  readonly document: string | null
  readonly uri: string | null
  readonly metadata: Map<string, MetadataValue | null> | null
}

/** What differs; null where nothing does. */
function updateOf(from: RecordState, to: RecordState): Update | null {
  const different = {
    id: to.id,
    vector: identicalVectors(from.vector, to.vector) ? null : to.vector,
    document: from.document === to.document ? null : to.document,
    uri: from.uri === to.uri ? null : to.uri,
    metadata: metadataSteps(from, to),
  }
  const { id: _, ...parts } = different
  return Object.values(parts).some((part) => part !== null) ? different : null
}

async function update(api: ChromaApi, collection: ApiCollectionRef, updates: readonly Update[]): Promise<void> {
  if (updates.length === 0) return
  await api.update(collection, {
    ids: updates.map(({ id }) => id),
    embeddings: some(updates.map(({ vector }) => vector)),
    documents: some(updates.map(({ document }) => document)),
    uris: some(updates.map(({ uri }) => uri)),
    metadatas: some(updates.map(({ metadata }) => metadata)),
  })
}

/**
 * Brings records of one batch from one state to another: deletes, then adds, then updates; by id only.
 * @throws AppError as {@link ChromaApi} does; the store may then have any part of it
 */
export async function sendMoves(api: ChromaApi, collection: ApiCollectionRef, moves: readonly Move[]): Promise<void> {
  const deletes: string[] = []
  const adds: RecordState[] = []
  const updates: Update[] = []
  for (const { id, from, to } of moves) {
    const replaces = isReplacement({ from, to })
    if (from !== null && (to === null || replaces)) deletes.push(id)
    if (to === null) continue
    const different = from === null || replaces ? null : updateOf(from, to)
    if (from === null || replaces) adds.push(to)
    else if (different) updates.push(different)
  }
  await api.delete(collection, deletes)
  await add(api, collection, adds)
  await update(api, collection, updates)
}
