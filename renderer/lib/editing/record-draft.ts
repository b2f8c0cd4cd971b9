import { z } from 'zod'
import type { RecordEdit } from '../../../shared/contract/curation.ts'
import { recordSchema, type StoredRecord } from '../../../shared/domain/record.ts'
import { differingKeys, metadataRowSchema, readRows, rowsOf, type RowProblem } from './metadata-draft.ts'

/** A record as it is being edited: fields as they are typed, whether they make sense yet or not. */
export const recordDraftSchema = z.object({
  id: z.string(),
  document: z.string().nullable(),
  uri: z.string().nullable(),
  metadata: z.array(metadataRowSchema),
  /** Null until the person was asked. */
  vector: z.enum(['keep', 'embed']).nullable(),
})
export type RecordDraft = z.infer<typeof recordDraftSchema>

/** An edit of one record that waits to be applied. */
export const stagedEditSchema = z.object({ seen: recordSchema, draft: recordDraftSchema })
export type StagedEdit = z.infer<typeof stagedEditSchema>

export interface DraftProblems {
  readonly id: string | null
  readonly vector: string | null
  readonly metadata: readonly RowProblem[]
}

export interface ReadDraft {
  /** What is to be done; null where nothing differs or something is wrong. */
  readonly edit: RecordEdit | null
  /** What differs from the record, in words: "document", "topic", "ID". */
  readonly parts: readonly string[]
  readonly problems: DraftProblems
  readonly problemCount: number
  /** The record as it would be; fields with a problem are left out. */
  readonly after: StoredRecord
}

/** The fields of a record, ready to be typed into. */
export function draftOf({ id, document, uri, metadata }: StoredRecord): RecordDraft {
  return { id, document, uri, metadata: rowsOf(metadata), vector: null }
}

function vectorProblem({ document, vector }: RecordDraft, documentChanged: boolean): string | null {
  if (documentChanged && document !== null && vector === null) return 'Choose what happens to the vector.'
  return vector === 'embed' && document === null ? 'Without a document there is nothing to embed.' : null
}

/** What a draft means for the record that it began from. */
export function readDraft({ seen, draft }: StagedEdit): ReadDraft {
  const { metadata, problems: metadataProblems } = readRows(draft.metadata, seen.metadata)
  const documentChanged = draft.document !== seen.document
  const keys = differingKeys(seen.metadata, metadata)
  const problems: DraftProblems = {
    id: draft.id === '' ? 'A record needs an ID.' : null,
    vector: vectorProblem(draft, documentChanged),
    metadata: metadataProblems,
  }
  const parts = [
    ...(draft.id === seen.id ? [] : ['ID']),
    ...(documentChanged ? ['document'] : []),
    ...(draft.vector === 'embed' ? ['vector'] : []),
    ...keys,
    ...(draft.uri === seen.uri ? [] : ['URI']),
  ]
  const problemCount = metadataProblems.length + (problems.id === null ? 0 : 1) + (problems.vector === null ? 0 : 1)
  const edit: RecordEdit = {
    id: seen.id,
    seen,
    ...(draft.id === seen.id ? {} : { newId: draft.id }),
    ...(documentChanged ? { document: draft.document } : {}),
    ...(draft.uri === seen.uri ? {} : { uri: draft.uri }),
    ...(keys.length === 0 ? {} : { metadata }),
    vector: { kind: draft.vector ?? 'keep' },
  }
  return {
    edit: parts.length === 0 || problemCount > 0 ? null : edit,
    parts,
    problems,
    problemCount,
    after: { id: draft.id, document: draft.document, uri: draft.uri, metadata },
  }
}
