import type { StoredCollection } from './collections.ts'
import { headerProblem, type IndexHeader, type SlotLayout, slotLayout } from './format/header.ts'
import type { LabelsOfIds } from './format/id-labels.ts'
import { visitSlots } from './format/level-zero.ts'
import { jsonAt } from './find-space.ts'
import { openIndexFile, readHeader, readIndexMetadata, segmentFolder, stampIndex, whileUnchanged, type IndexStamps } from './index-files.ts'
import type { Members } from './members.ts'
import { operationsAfter, type QueuedOperation, replayVectors } from './queue.ts'
import { readMemberIds } from './read-ids.ts'
import type { Session } from './session.ts'

/** Where the vector of each record of a collection is. Arrays are parallel to the rows of its members. */
export interface VectorIndex {
  readonly folder: string | null
  readonly stamps: IndexStamps | null
  readonly header: IndexHeader | null
  readonly layout: SlotLayout | null
  readonly dimension: number | null
  /** The id of each record. */
  readonly ids: readonly string[]
  /** The label of each record in the index, 0 where it has none there or the queue knows better. */
  readonly labels: Float64Array
  /** The operation that holds each record's vector, 0 where the index does. */
  readonly sequences: Float64Array
  /** Records that are not in the index and whose vectors the queue holds although it should not be needed, for when the index fails. */
  readonly spare: ReadonlyMap<number, number>
  /** Sentences about what had to be worked around. */
  readonly notes: readonly string[]
  /** Whether labels had to be told from the order of records, because the pickle is missing. */
  readonly isRebuilt: boolean
}

function neighboursOf(collection: StoredCollection): number {
  const configured = [
    jsonAt(collection.schema, 'keys', '#embedding', 'float_list', 'vector_index', 'config', 'hnsw', 'max_neighbors'),
    jsonAt(collection.configuration, 'vector_index', 'hnsw', 'max_neighbors'),
    jsonAt(collection.configuration, 'hnsw', 'max_neighbors'),
    jsonAt(collection.configuration, 'hnsw_configuration', 'M'),
    Number(collection.metadata?.get('hnsw:M') ?? Number.NaN),
  ]
  return (
    (configured.find((value) => typeof value === 'number' && Number.isInteger(value) && value > 1 && value < 1000) as number | undefined) ??
    16
  )
}

async function liveLabels(folder: string, layout: SlotLayout, signal?: AbortSignal): Promise<number[]> {
  const data = await openIndexFile(folder, 'data_level0.bin')
  if (!data) return []
  try {
    const labels = new Set<number>()
    await visitSlots(
      data,
      layout,
      (label, deleted) => {
        if (!deleted && label > 0 && Number.isSafeInteger(label)) labels.add(label)
      },
      signal,
    )
    return [...labels].sort((a, b) => a - b)
  } finally {
    await data.close()
  }
}

/**
 * Labels count up in the order in which records were first added, and so do rows: where the pickle is gone, live labels in
 * ascending order belong to rows in ascending order, leaving out rows whose records the index has not taken in yet.
 * @returns null where the numbers differ, so that nothing can be told
 */
function labelsByOrder(
  ids: readonly string[],
  isOnlyQueued: (id: string) => boolean,
  labels: readonly number[],
): Map<string, number> | null {
  const indexed = ids.filter((id) => !isOnlyQueued(id))
  if (indexed.length !== labels.length) return null
  return new Map(indexed.map((id, index) => [id, labels[index] ?? 0]))
}

interface Found {
  readonly idToLabel: LabelsOfIds
  readonly states: ReadonlyMap<string, QueuedOperation | 'deleted'>
  readonly isRebuilt: boolean
  readonly notes: string[]
}

/** Ids that the queue adds after the index was last written. */
async function addedAfter(session: Session, collection: StoredCollection, sequence: number, signal?: AbortSignal): Promise<Set<string>> {
  const added = new Set<string>()
  for await (const { operation, id } of operationsAfter(session.database, collection, sequence, signal))
    if (operation === 0 || operation === 2) added.add(id)
  return added
}

async function findLabels(
  session: Session,
  collection: StoredCollection,
  ids: readonly string[],
  folder: string | null,
  layout: SlotLayout | null,
  signal?: AbortSignal,
): Promise<Found> {
  const notes: string[] = []
  const pickle = folder ? await readIndexMetadata(folder) : null
  const taken = collection.vectorSequence ?? pickle?.maxSequence ?? 0
  const expectsIndex = collection.vectorSequence !== null || pickle !== null
  let idToLabel: LabelsOfIds = pickle?.idToLabel ?? new Map<string, number>()
  let isRebuilt = false
  if (pickle?.problem) notes.push(`index_metadata.pickle cannot be read to its end: ${pickle.problem}.`)
  const isWhole = pickle !== null && pickle.problem === null
  if (expectsIndex && !isWhole && folder && layout) {
    const live = await liveLabels(folder, layout, signal)
    if (live.length > idToLabel.size) {
      const added = await addedAfter(session, collection, taken, signal)
      // An upsert of a record that the index knows is no first adding; which of them are can only be tried.
      const byOrder = labelsByOrder(ids, (id) => added.has(id), live) ?? labelsByOrder(ids, () => false, live)
      if (byOrder && [...idToLabel].every(([id, label]) => !byOrder.has(id) || byOrder.get(id) === label)) {
        idToLabel = byOrder
        isRebuilt = true
        notes.push('Which vector belongs to which record was told from their order, because index_metadata.pickle does not say so.')
      } else {
        notes.push(
          'Some vectors of the index cannot be matched with records, because index_metadata.pickle is incomplete and their numbers differ.',
        )
      }
    }
  }
  const known = idToLabel
  const states = await replayVectors(operationsAfter(session.database, collection, taken, signal), (id) => known.has(id))
  return { idToLabel, states, isRebuilt, notes }
}

/** Vectors in the queue of records that have none so far: what an index that lost its files, or skipped operations, left behind. */
async function spareVectors(
  session: Session,
  collection: StoredCollection,
  positions: ReadonlyMap<string, number>,
  signal?: AbortSignal,
): Promise<Map<number, number>> {
  const states = await replayVectors(operationsAfter(session.database, collection, -1, signal), () => false)
  const spare = new Map<number, number>()
  for (const [id, state] of states) {
    const position = positions.get(id)
    if (position !== undefined && state !== 'deleted') spare.set(position, state.sequence)
  }
  return spare
}

function commonDimension(states: Iterable<QueuedOperation | 'deleted'>): number | null {
  const counts = new Map<number, number>()
  for (const state of states) {
    if (state === 'deleted' || state.vectorBytes === null || state.vectorBytes === 0 || state.vectorBytes % 4 !== 0) continue
    const dimension = state.vectorBytes / 4
    counts.set(dimension, (counts.get(dimension) ?? 0) + 1)
  }
  return [...counts].toSorted((a, b) => b[1] - a[1])[0]?.[0] ?? null
}

/**
 * Finds out where the vector of each record is: in the index by the label that the pickle gives it, or in the write-ahead queue.
 * @throws AppError 'damaged', 'stale', 'cancelled'
 */
export async function readVectorIndex(
  session: Session,
  collection: StoredCollection,
  members: Members,
  signal?: AbortSignal,
): Promise<VectorIndex> {
  const folder = collection.vectorSegment ? segmentFolder(session.directory, collection.vectorSegment.id) : null
  const stamps = folder ? (session.indexStamps.get(collection.id) ?? (await stampIndex(folder))) : null
  const work = async (): Promise<VectorIndex> => {
    const ids = await readMemberIds(session.database, members, signal)
    const header = folder ? await readHeader(folder) : null
    const dataSize = Number(stamps?.['data_level0.bin']?.size ?? 0n)
    const believed = headerProblem(header) === null ? header : null
    const hinted = believed ?? (header && headerProblem({ ...header, count: 0, capacity: 0 }) === null ? header : null)
    const layout = dataSize > 0 ? slotLayout(hinted, dataSize, collection.dimension, neighboursOf(collection)) : null
    const { idToLabel, states, isRebuilt, notes } = await findLabels(session, collection, ids, folder, layout, signal)
    const labels = new Float64Array(ids.length)
    const sequences = new Float64Array(ids.length)
    const without = new Map<string, number>()
    for (let position = 0; position < ids.length; position += 1) {
      const id = ids[position] ?? ''
      const state = states.get(id)
      if (state === undefined) labels[position] = idToLabel.get(id) ?? 0
      else if (state !== 'deleted') sequences[position] = state.sequence
      if (labels[position] === 0 && sequences[position] === 0) without.set(id, position)
    }
    const isLost = idToLabel.size > 0 && layout === null
    if (isLost) for (const [position, id] of ids.entries()) if ((labels[position] ?? 0) > 0) without.set(id, position)
    const spare = without.size > 0 ? await spareVectors(session, collection, without, signal) : new Map<number, number>()
    const indexDimension = idToLabel.size > 0 ? layout?.dimension : undefined
    const queueDimension = commonDimension(states.values())
    return {
      folder,
      stamps,
      header,
      layout,
      dimension: indexDimension ?? queueDimension ?? collection.dimension,
      ids,
      labels,
      sequences,
      spare,
      notes,
      isRebuilt,
    }
  }
  return folder && stamps ? whileUnchanged(folder, stamps, work) : work()
}
