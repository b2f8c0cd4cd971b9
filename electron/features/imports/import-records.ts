import type { ImportRequest } from '../../../shared/contract/imports.ts'
import { chunkText } from '../../../shared/domain/curation/chunk-text.ts'
import { recordProblem } from '../../../shared/domain/curation/edit-record.ts'
import { importRow, type ImportedRecord } from '../../../shared/domain/curation/import-row.ts'
import type { MetadataRules } from '../../../shared/domain/curation/metadata-problems.ts'
import type { MetadataValue } from '../../../shared/domain/metadata.ts'
import { parseNested } from '../../../shared/domain/profiles/read-role.ts'
import { vectorProblem } from '../../curation/plans/vector-problem.ts'
import { Breath } from '../../store/directory/breath.ts'
import type { OpenFile } from './import-files.ts'

/** A record of a file, or why there is none and where. */
export type ImportOutcome = { readonly record: ImportedRecord } | { readonly reason: string; readonly example: string }

export interface ImportRules extends MetadataRules {
  /** Of the collection; null while it has none. */
  readonly dimension: number | null
}

function* chunksOf({ name, kind, text }: OpenFile, settings: ImportRequest['chunks']): Generator<ImportOutcome> {
  let position = 0
  for (const { text: document, headings } of chunkText(text, settings, kind === 'markdown')) {
    position += 1
    const metadata = new Map<string, MetadataValue>([
      ['source', name],
      ...(headings.length > 0 ? [['heading', headings.join(' > ')] as const] : []),
      ['position', BigInt(position)],
    ])
    yield { record: { id: `${name}#${position}`, document, metadata, uri: null, vector: null } }
  }
}

function rowOutcome(value: unknown, name: string, number: number): ImportOutcome {
  const row = importRow(value, `${name}#${number}`)
  return 'reason' in row ? { reason: row.reason, example: `${name}, ${number}` } : { record: row.value }
}

function* rowsOf({ name, text }: OpenFile): Generator<ImportOutcome> {
  // JSON lines are no JSON as a whole, which shows at the second line.
  const whole = parseNested(text)
  if (whole !== undefined) {
    for (const [index, value] of (Array.isArray(whole) ? whole : [whole]).entries()) yield rowOutcome(value, name, index + 1)
    return
  }
  let number = 0
  for (const { 0: line } of text.matchAll(/[^\n]+/g)) {
    number += 1
    if (line.trim() === '') continue
    const value = parseNested(line)
    if (value === undefined) yield { reason: 'The line is no JSON object.', example: `${name}, ${number}` }
    else yield rowOutcome(value, name, number)
  }
}

/**
 * Records of files, in order and each id once; other work is let in between.
 * @throws AppError 'cancelled'
 */
export async function* importRecords(
  files: readonly OpenFile[],
  settings: ImportRequest['chunks'],
  { arrays, dimension }: ImportRules,
  signal: AbortSignal,
): AsyncGenerator<ImportOutcome> {
  const breath = new Breath(signal)
  const ids = new Set<string>()
  let length = dimension
  for (const file of files) {
    for (const outcome of file.kind === 'records' ? rowsOf(file) : chunksOf(file, settings)) {
      if (breath.isDue) await breath.take()
      if ('reason' in outcome) {
        yield outcome
        continue
      }
      const { record } = outcome
      const { id, vector } = record
      const problem = ids.has(id)
        ? 'Another record of these files has the same id.'
        : (recordProblem(record, null, { arrays }) ?? (vector === null ? null : vectorProblem(vector, length)))
      if (problem === null) {
        ids.add(id)
        length ??= vector?.length ?? null
        yield outcome
      } else yield { reason: problem, example: id }
    }
  }
}
