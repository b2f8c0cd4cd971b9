import { createHash } from 'node:crypto'
import type { Label, LabelSource } from '../../shared/domain/thresholds/evidence.ts'
import type { EvidenceRef } from '../../shared/domain/thresholds/experiment.ts'

/** A lookup, or a pair that stands for one, as its source tells it. */
export interface SourceRow {
  /** Names the row for as long as its source holds it. */
  readonly key: string
  /** Equal for rows with the same query and the same entry: one judgement holds for all of them. */
  readonly pair: string
  readonly line: number | null
  readonly query: string | null
  readonly entryId: string | null
  /** Text of what was matched, where that is no entry. */
  readonly matchedText: string | null
  /** What should be answered, or the entry that would answer it. */
  readonly expected: string | null
  readonly expectedId: string | null
  readonly similarity: number | null
  readonly namespace: string | null
  /** Milliseconds since 1970. */
  readonly time: number | null
  /** What the call to the model cost that the lookup led to; null where that is not told, or where there was none. */
  readonly callCost: number | null
  readonly exact: boolean
  /** What the source says of it. */
  readonly label: Label
  readonly labelSource: LabelSource
}

export interface SourceRows {
  readonly rows: readonly SourceRow[]
  /** The threshold that the source names. */
  readonly present: number | null
  readonly embedder: { readonly id: string; readonly title: string } | null
  readonly notes: readonly string[]
}

/** A short name for texts, the same in every run. */
export function shortHash(...texts: readonly (string | null)[]): string {
  return createHash('sha256').update(JSON.stringify(texts)).digest('base64url').slice(0, 22)
}

/** A key and a pair for a row. @param place where in its source the row is */
export function rowNames(place: number | string, query: string | null, matched: string | null): Pick<SourceRow, 'key' | 'pair'> {
  const pair = shortHash(query, matched)
  return { key: `${place}:${pair}`, pair }
}

/** What labels of a source are kept under. Logs go by their path, since they are given another id when they are opened again. */
export function sourceKey(source: EvidenceRef, pathOf: (source: EvidenceRef & { from: 'log' | 'pairs' }) => string): string {
  return source.from === 'log' || source.from === 'pairs' ? `${source.from}:${shortHash(pathOf(source))}` : source.from
}
