import { Breath } from './breath.ts'
import { isOnlySegment, type Members } from './members.ts'
import type { Session } from './session.ts'
import { bindText, type Sqlite, textOf } from './sqlite.ts'

const chunk = 10_000
/** All ids are kept where at least so many are asked for, and no more than so many times as many are there. */
const fewestForAll = 500
const largestForAll = 20

/** The row of a record, null where the collection has no such id. */
export function rowOfId(session: Session, collectionId: string, id: string): number | null {
  const { metadataSegment } = session.collection(collectionId)
  if (metadataSegment === null) return null
  const row = session.database.first('SELECT id FROM embeddings WHERE segment_id = CAST(? AS TEXT) AND embedding_id = CAST(? AS TEXT)', [
    bindText(metadataSegment),
    bindText(id),
  ])
  return row ? Number(row['id']) : null
}

/** The row of each id that the collection has. */
function findRows(session: Session, collectionId: string, segment: string, ids: readonly string[]): Map<string, number> {
  const rows = new Map<string, number>()
  // A NUL inside a JSON text would end it in SQLite; such ids are asked for one by one.
  const plain = ids.filter((id) => !id.includes('\0'))
  for (let from = 0; from < plain.length; from += chunk) {
    const part = plain.slice(from, from + chunk)
    const answer = session.database.first(
      `SELECT json_group_array(embeddings.id) found
        FROM json_each(?) LEFT JOIN embeddings ON segment_id = CAST(? AS TEXT) AND embedding_id = json_each.value`,
      [JSON.stringify(part), bindText(segment)],
    )
    const found: unknown = JSON.parse(textOf(answer?.['found']) ?? '[]')
    if (!Array.isArray(found)) continue
    for (const [index, id] of part.entries()) if (typeof found[index] === 'number') rows.set(id, found[index])
  }
  for (const id of ids) {
    const row = id.includes('\0') ? rowOfId(session, collectionId, id) : null
    if (row !== null) rows.set(id, row)
  }
  return rows
}

/**
 * Keeps the rows of all ids of a collection for `rowsOfIds`, where so many are asked for at once that others will be next.
 * @param ids of all members, in stored order
 */
export function keepRows(session: Session, { collectionId, rows }: Members, ids: readonly string[], asked: number): void {
  const known = session.knownRows
  if (known?.collectionId === collectionId && known.areAll) return
  if (asked < fewestForAll || asked * largestForAll < ids.length || ids.includes('')) return
  session.knownRows = { collectionId, rows: new Map(ids.map((id, index) => [id, rows[index] ?? 0])), areAll: true }
}

/** The rows of records, in stored order and each once; unknown ids are left out. */
export function rowsOfIds(session: Session, collectionId: string, ids: readonly string[]): Float64Array {
  const { metadataSegment } = session.collection(collectionId)
  if (metadataSegment === null) return new Float64Array(0)
  // Whoever asks for the vectors of some records asks for the records next.
  const known = session.knownRows
  const isKnown = known?.collectionId === collectionId && (known.areAll || ids.every((id) => known.rows.has(id)))
  const rows = isKnown ? known.rows : findRows(session, collectionId, metadataSegment, ids)
  if (!isKnown) session.knownRows = { collectionId, rows, areAll: false }
  const wanted = new Set<number>()
  for (const id of ids) {
    const row = rows.get(id)
    if (row !== undefined) wanted.add(row)
  }
  return Float64Array.from(wanted).toSorted()
}

/**
 * Ids of rows, in the order of the rows. Many at once come out of SQLite as one JSON text, six times faster than one by one.
 * A row that cannot be found has an empty id.
 */
export async function readIds(database: Sqlite, rows: Float64Array, signal?: AbortSignal): Promise<string[]> {
  const breath = new Breath(signal)
  const ids: string[] = []
  for (let from = 0; from < rows.length; from += chunk) {
    if (breath.isDue) await breath.take()
    const wanted = `[${rows.subarray(from, from + chunk).join(',')}]`
    const answer = database.first(
      `SELECT CAST(json_group_array(coalesce(embeddings.embedding_id, '')) AS BLOB) ids
        FROM (SELECT value FROM json_each(?)) LEFT JOIN embeddings ON embeddings.id = value`,
      [wanted],
    )
    const part: unknown = JSON.parse(textOf(answer?.['ids']) ?? '[]')
    if (Array.isArray(part)) for (const id of part) ids.push(String(id))
  }
  return ids
}

/**
 * Ids of all members of a collection, in stored order. Their rows lie close together, so that whole stretches of the table can be
 * read, which is twice as fast as looking the rows up.
 * @throws AppError 'damaged', 'cancelled'
 */
export async function readMemberIds(database: Sqlite, members: Members, signal?: AbortSignal): Promise<string[]> {
  const breath = new Breath(signal)
  const { rows, segment } = members
  const all: string[] = []
  const [test, values] = isOnlySegment(database, segment ?? '')
    ? ['', []]
    : [' AND +segment_id = CAST(? AS TEXT)', [bindText(segment ?? '')]]
  for (let from = 0; from < rows.length; from += chunk) {
    if (breath.isDue) await breath.take()
    const stretch = rows.subarray(from, from + chunk)
    const answer = database.first(
      `SELECT CAST(json_group_array(coalesce(embedding_id, '')) AS BLOB) ids FROM
        (SELECT embedding_id FROM embeddings WHERE id BETWEEN ? AND ?${test} ORDER BY id)`,
      [stretch[0] ?? 0, stretch.at(-1) ?? 0, ...values],
    )
    const ids: unknown = JSON.parse(textOf(answer?.['ids']) ?? '[]')
    const fits = Array.isArray(ids) && ids.length === stretch.length
    for (const id of fits ? ids : await readIds(database, stretch, signal)) all.push(String(id))
  }
  return all
}
