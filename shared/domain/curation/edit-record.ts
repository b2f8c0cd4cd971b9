import type { Metadata } from '../metadata.ts'
import type { StoredRecord } from '../record.ts'
import { metadataKeyProblem, metadataValueProblem, textProblem, type MetadataRules } from './metadata-problems.ts'
import { sameMetadataValue } from './same-record.ts'

/** What an edit asks for; absent parts stay as they are. */
export interface RecordChanges {
  readonly newId?: string | undefined
  readonly document?: string | null | undefined
  readonly uri?: string | null | undefined
  /** The whole metadata after the edit. */
  readonly metadata?: Metadata | null | undefined
}

/** Why metadata cannot be written, in a sentence; null where it can. What was there before is not looked at again. */
export function metadataProblem(metadata: Metadata | null, before: Metadata | null, rules: MetadataRules): string | null {
  for (const [key, value] of metadata ?? []) {
    const known = before?.get(key)
    if (known !== undefined && sameMetadataValue(known, value)) continue
    const problem = (known === undefined ? metadataKeyProblem(key) : null) ?? metadataValueProblem(value, rules)
    if (problem !== null) return `${JSON.stringify(key)}: ${problem}`
  }
  return null
}

/** Why a record cannot be written, in a sentence; null where it can. `before` is the record it replaces, null for a new one. */
export function recordProblem(record: StoredRecord, before: StoredRecord | null, rules: MetadataRules): string | null {
  const { id, document, uri, metadata } = record
  if (id === '') return 'An id cannot be empty.'
  return (
    (id === before?.id ? null : textProblem(id)) ??
    (document === null || document === before?.document ? null : textProblem(document)) ??
    (uri === null || uri === before?.uri ? null : textProblem(uri)) ??
    metadataProblem(metadata, before?.metadata ?? null, rules)
  )
}

/** Metadata as Chroma keeps it: none instead of empty, and 0.0 instead of -0.0. */
export function keptMetadata(metadata: Metadata | null): Metadata | null {
  if (metadata === null || metadata.size === 0) return null
  return new Map([...metadata].map(([key, value]) => [key, value === 0 ? 0 : value]))
}

/** A record after an edit. */
export function editRecord(record: StoredRecord, { newId, document, uri, metadata }: RecordChanges): StoredRecord {
  return {
    id: newId ?? record.id,
    document: document === undefined ? record.document : document,
    uri: uri === undefined ? record.uri : uri,
    metadata: metadata === undefined ? record.metadata : keptMetadata(metadata),
  }
}
