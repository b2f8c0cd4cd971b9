import type { CollectionDetail } from '../../../shared/contract/collections.ts'
import { summarise } from './catalog.ts'
import type { StoredCollection } from './collections.ts'
import { jsonAt } from './find-space.ts'
import { folderBytes } from './folder-bytes.ts'
import { headerProblem, type IndexHeader } from './format/header.ts'
import { readHeader, readIndexMetadata, segmentFolder } from './index-files.ts'
import { ofCollection } from './queue.ts'
import type { Session } from './session.ts'
import { wholeNumber } from './sqlite.ts'

/** About a hundred thousand ids. */
const longestPickle = 8_000_000

/** JSON text laid out for reading; numbers keep their spelling only where JavaScript can hold them. */
function prettyJson(text: string | null): string | null {
  if (text === null || text.trim() === '' || text.trim() === '{}' || text.trim() === 'null') return null
  try {
    return JSON.stringify(JSON.parse(text), null, 2)
  } catch {
    return text
  }
}

function embeddingFunctionOf(collection: StoredCollection): CollectionDetail['embeddingFunction'] {
  const places = [
    jsonAt(collection.schema, 'keys', '#embedding', 'float_list', 'vector_index', 'config', 'embedding_function'),
    jsonAt(collection.configuration, 'embedding_function'),
  ]
  for (const place of places) {
    if (typeof place !== 'object' || place === null) continue
    const { name, type, config } = place as { name?: unknown; type?: unknown; config?: unknown }
    if (typeof type !== 'string') continue
    const hasConfiguration = typeof config === 'object' && config !== null && Object.keys(config).length > 0
    return { name: typeof name === 'string' ? name : type, type, configuration: hasConfiguration ? JSON.stringify(config, null, 2) : null }
  }
  return null
}

function parametersOf(collection: StoredCollection, header: IndexHeader | null): { name: string; value: string }[] {
  const configured =
    jsonAt(collection.schema, 'keys', '#embedding', 'float_list', 'vector_index', 'config', 'hnsw') ??
    jsonAt(collection.configuration, 'vector_index', 'hnsw') ??
    jsonAt(collection.configuration, 'hnsw') ??
    jsonAt(collection.configuration, 'hnsw_configuration')
  const entries = new Map<string, string>()
  for (const source of [collection.metadata, collection.vectorSegment?.metadata]) {
    for (const [key, value] of source ?? []) if (key.startsWith('hnsw:')) entries.set(key, String(value))
  }
  if (typeof configured === 'object' && configured !== null) {
    for (const [key, value] of Object.entries(configured)) if (typeof value !== 'object') entries.set(key, String(value))
  }
  if (header && headerProblem(header) === null) {
    entries.set('M (index file)', String(header.m))
    entries.set('ef_construction (index file)', String(header.efConstruction))
  }
  return [...entries].map(([name, value]) => ({ name, value }))
}

/** Slots that no id leads to; null where telling it would take long or the pickle does not say. */
async function deletedIn(folder: string, count: number, pickleBytes: number): Promise<number | null> {
  if (pickleBytes === 0 || pickleBytes > longestPickle) return null
  const metadata = await readIndexMetadata(folder)
  return metadata && metadata.problem === null ? Math.max(0, count - metadata.idToLabel.size) : null
}

async function indexOf(session: Session, collection: StoredCollection): Promise<CollectionDetail['index']> {
  const { vectorSegment, vectorSequence } = collection
  const folder = vectorSegment ? segmentFolder(session.directory, vectorSegment.id) : null
  const stamps = session.indexStamps.get(collection.id)
  const header = folder ? await readHeader(folder) : null
  const hasPickle = stamps?.['index_metadata.pickle'] != null
  const isPersisted = vectorSequence !== null || hasPickle
  const bytes = vectorSegment ? await folderBytes(session.directory, vectorSegment.id) : null
  const isDamaged = isPersisted && (!hasPickle || headerProblem(header) !== null || stamps?.['data_level0.bin'] == null)
  const count = session.count(collection)
  const state = isDamaged ? 'damaged' : isPersisted ? 'persisted' : count > 0 ? 'queue-only' : 'empty'
  const isBelieved = header !== null && headerProblem(header) === null
  return {
    state,
    folder: bytes === null ? null : (vectorSegment?.id ?? null),
    elements: isBelieved && isPersisted ? header.count : null,
    deletedElements:
      isBelieved && isPersisted && folder
        ? await deletedIn(folder, header.count, Number(stamps?.['index_metadata.pickle']?.size ?? 0n))
        : null,
    capacity: isBelieved ? header.capacity : null,
    parameters: parametersOf(collection, header),
    bytes,
  }
}

function queueOf(session: Session, collection: StoredCollection): CollectionDetail['queue'] {
  const { condition, values } = ofCollection(collection)
  const taken = collection.vectorSequence ?? 0
  const row = session.database.first(
    `SELECT count(*) AS operations, coalesce(sum(seq_id > ?), 0) AS ahead,
      coalesce(sum(coalesce(length(vector), 0) + coalesce(length(metadata), 0) + length(id)), 0) AS bytes
      FROM embeddings_queue WHERE ${condition}`,
    [taken, ...values],
  )
  return {
    operations: wholeNumber(row?.['operations']) ?? 0,
    notInIndex: wholeNumber(row?.['ahead']) ?? 0,
    bytes: wholeNumber(row?.['bytes']) ?? 0,
  }
}

/** Everything about one collection that is not a record. @throws AppError 'not-found', 'damaged', 'cancelled' */
export async function readDetail(session: Session, collectionId: string, signal?: AbortSignal): Promise<CollectionDetail> {
  const collection = session.collection(collectionId)
  const members = await session.members(collection, signal)
  const having = async (key: string): Promise<number> =>
    (await session.metadata.rowsWhere(members, { key, column: 'string_value' }, signal)).size
  const withDocument = await having('chroma:document')
  const { configuration } = collection
  return {
    summary: await summarise(session, collection),
    metadata: collection.metadata,
    spaceSource: collection.spaceSource,
    configuration: prettyJson(configuration),
    schema: prettyJson(collection.schema),
    embeddingFunction: embeddingFunctionOf(collection),
    index: await indexOf(session, collection),
    queue: queueOf(session, collection),
    records: { withDocument, withoutDocument: members.rows.length - withDocument, withUri: await having('chroma:uri') },
  }
}
