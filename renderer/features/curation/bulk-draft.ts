import type { CollectionRef } from '../../../shared/contract/collections.ts'
import type { BulkOperation } from '../../../shared/contract/curation.ts'
import { readRows, type DraftType, type MetadataRow } from '../../lib/editing/metadata-draft.ts'

/** What is to be done, as it is typed; fields of other operations stay as they were. */
export interface BulkDraft {
  readonly kind: BulkOperation['kind']
  readonly key: string
  /** The value to set. */
  readonly type: DraftType
  readonly text: string
  /** The new name of a key. */
  readonly to: string
  readonly overwrite: boolean
  readonly convertTo: 'string' | 'integer' | 'float' | 'boolean'
  readonly searchesDocument: boolean
  readonly find: string
  readonly replacement: string
  readonly isPattern: boolean
  readonly matchCase: boolean
  readonly vector: 'keep' | 'embed' | null
  readonly target: CollectionRef | null
  readonly move: boolean
  readonly existing: 'leave' | 'overwrite'
}

export const emptyBulkDraft: BulkDraft = {
  kind: 'set',
  key: '',
  type: 'string',
  text: '',
  to: '',
  overwrite: false,
  convertTo: 'integer',
  searchesDocument: true,
  find: '',
  replacement: '',
  isPattern: false,
  matchCase: true,
  vector: null,
  target: null,
  move: false,
  existing: 'leave',
}

export type ReadBulkDraft =
  | { readonly ok: true; readonly operation: BulkOperation }
  /** `problem` is null where only something is missing yet. */
  | { readonly ok: false; readonly problem: string | null }

const missing: ReadBulkDraft = { ok: false, problem: null }

function done(operation: BulkOperation): ReadBulkDraft {
  return { ok: true, operation }
}

/** The row in which the value to set is typed. */
export function valueRow({ key, type, text }: BulkDraft): MetadataRow {
  return { row: 0, key, type, text }
}

function readSet(draft: BulkDraft): ReadBulkDraft {
  if (draft.key === '' || (draft.text === '' && draft.type !== 'string')) return missing
  const { metadata, problems } = readRows([valueRow(draft)], null)
  const value = metadata?.get(draft.key)
  const [problem] = problems
  if (problem !== undefined || value === undefined) return { ok: false, problem: problem?.message ?? null }
  return done({ kind: 'set', key: draft.key, value })
}

function readRename({ key, to, overwrite }: BulkDraft): ReadBulkDraft {
  if (key === '' || to === '') return missing
  if (to === key) return { ok: false, problem: 'The new name is the name it has.' }
  if (to.startsWith('chroma:')) return { ok: false, problem: 'Keys that begin with “chroma:” are Chroma’s own.' }
  return done({ kind: 'rename', key, to, overwrite })
}

function readReplace({ key, searchesDocument, find, replacement, isPattern, matchCase, vector }: BulkDraft): ReadBulkDraft {
  if (find === '' || (searchesDocument ? vector === null : key === '')) return missing
  return done({
    kind: 'replace',
    key: searchesDocument ? null : key,
    find,
    replacement,
    isPattern,
    matchCase,
    vector: searchesDocument ? (vector ?? 'keep') : 'keep',
  })
}

/** The operation that a draft stands for, or what is wrong with it. */
export function readBulkDraft(draft: BulkDraft): ReadBulkDraft {
  const { kind, key } = draft
  switch (kind) {
    case 'delete':
    case 'embed':
    case 'normalise':
      return done({ kind })
    case 'set':
      return readSet(draft)
    case 'remove':
      return key === '' ? missing : done({ kind, key })
    case 'rename':
      return readRename(draft)
    case 'convert':
      return key === '' ? missing : done({ kind, key, to: draft.convertTo })
    case 'replace':
      return readReplace(draft)
    case 'copy':
      return draft.target === null ? missing : done({ kind, to: draft.target, move: draft.move, existing: draft.existing })
  }
}
