import type { NewRecord } from '../../../shared/contract/curation.ts'
import { readRows, type RowProblem } from '../../lib/editing/metadata-draft.ts'
import type { RecordDraft } from '../../lib/editing/record-draft.ts'

/** A record to be added, as it is typed. */
export interface NewRecordDraft extends Omit<RecordDraft, 'vector'> {
  readonly vector: 'embed' | 'of' | 'given'
  /** The numbers of the vector as JSON. */
  readonly numbers: string
}

export interface ReadNewRecord {
  /** Null where something is missing or wrong. */
  readonly record: NewRecord | null
  readonly problems: { readonly vector: string | null; readonly metadata: readonly RowProblem[] }
}

type Vector = NewRecord['vector']

/** The numbers of a vector as they were typed, or what is wrong with them; `dimension` null leaves their number open. */
function readNumbers(text: string, dimension: number | null): Vector | string {
  let items: unknown
  try {
    items = JSON.parse(text)
  } catch {
    return 'A vector is written as JSON: [0.1, 0.2, 0.3].'
  }
  if (!Array.isArray(items) || !items.every((item) => typeof item === 'number' && Number.isFinite(Math.fround(item))))
    return 'A vector is a list of numbers: [0.1, 0.2, 0.3].'
  if (items.length === 0 || (dimension !== null && items.length !== dimension))
    return `${items.length} numbers were given; this collection takes ${dimension ?? 'at least one'}.`
  return { kind: 'given', vector: Float32Array.from(items) }
}

function readVector({ vector, document, numbers }: NewRecordDraft, from: string | null, dimension: number | null): Vector | string {
  if (vector === 'of') return from === null ? 'There is no record to take the vector of.' : { kind: 'of', id: from }
  if (vector === 'given') return readNumbers(numbers, dimension)
  return document === null || document === '' ? 'Without a document there is nothing to embed.' : { kind: 'embed' }
}

/** What a draft stands for. `from` is the record that it began from, `dimension` that of the collection. */
export function readNewRecord(draft: NewRecordDraft, from: string | null, dimension: number | null): ReadNewRecord {
  const { metadata, problems } = readRows(draft.metadata, null)
  const vector = readVector(draft, from, dimension)
  const vectorProblem = typeof vector === 'string' ? vector : null
  const { id, document, uri } = draft
  const isComplete = typeof vector !== 'string' && problems.length === 0 && id !== '' && id !== from
  return { record: isComplete ? { id, document, uri, metadata, vector } : null, problems: { vector: vectorProblem, metadata: problems } }
}
