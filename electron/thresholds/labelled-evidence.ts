import type { GivenLabel } from '../../shared/contract/thresholds.ts'
import { bandOf, makeEvidence, type EvidenceRow, type MadeEvidence } from '../../shared/domain/thresholds/evidence.ts'
import { murmur3 } from '../embedder/murmur3.ts'
import type { LabelLine } from './label-file.ts'
import type { SourceRow } from './source-row.ts'

/** Rows of a source with the labels of a person. */
export interface LabelledEvidence extends MadeEvidence {
  /** Rows of the source that a person can be asked about, those that were labelled among them. */
  readonly candidates: readonly number[]
  /** A random number of every row of the source that stays with it. */
  readonly numbers: Float64Array
  /** What was said about each pair that somebody was asked about or picked. */
  readonly given: ReadonlyMap<string, GivenLabel>
  /** Rows of the source that a person's label counts for. */
  readonly labelled: number
}

const encoder = new TextEncoder()
const numberOf = (key: string): number => murmur3(encoder.encode(key), 0) / 2 ** 32

/** Whether a person's label is wanted: the source tells none but a weak one, and a threshold decides. */
function isCandidate({ exact, similarity, query, label, labelSource }: SourceRow): boolean {
  return !exact && similarity !== null && query !== null && (label === 'unknown' || labelSource === 'weak')
}

/** Random numbers of rows, which only depend on their keys. */
export function rowNumbers(rows: readonly SourceRow[]): Float64Array {
  return Float64Array.from(rows, ({ key }) => numberOf(key))
}

/**
 * Puts labels to rows. A label that somebody picked out counts for all rows with the same query and entry. One that the queue
 * asked for counts for those of them that the queue has come to in their band, as if each had been asked about: others stay
 * unlabelled, lest frequent lookups be over-represented.
 * @param groups for each row what it is told apart by; null for its namespace
 */
export function labelledEvidence(
  rows: readonly SourceRow[],
  numbers: Float64Array,
  lines: readonly LabelLine[],
  groups: readonly (string | null)[] | null = null,
): LabelledEvidence {
  const latest = new Map<string, GivenLabel>()
  const drawnPairs = new Set<string>()
  const drawnKeys = new Set<string>()
  for (const { key, pair, label, chosenBy } of lines) {
    if (label === null) latest.delete(pair)
    else latest.set(pair, label)
    if (chosenBy !== 'queue') continue
    drawnPairs.add(pair)
    drawnKeys.add(key)
  }
  const candidates = [...rows.keys()].filter((at) => isCandidate(rows[at] as SourceRow))
  const reached = new Map<number, number>()
  const stopped = new Set<number>()
  for (const at of candidates) {
    const { key, similarity } = rows[at] as SourceRow
    if (!drawnKeys.has(key)) continue
    const band = bandOf(similarity ?? 0)
    reached.set(band, Math.max(reached.get(band) ?? 0, numbers[at] ?? 0))
  }
  // Behind them come lookups like ones that were answered already: nobody has to be asked about those again.
  for (const at of candidates.toSorted((a, b) => (numbers[a] ?? 0) - (numbers[b] ?? 0))) {
    const { pair, similarity } = rows[at] as SourceRow
    const band = bandOf(similarity ?? 0)
    if (stopped.has(band) || (numbers[at] ?? 0) <= (reached.get(band) ?? -1)) continue
    if (latest.has(pair)) reached.set(band, numbers[at] ?? 0)
    else stopped.add(band)
  }
  let labelled = 0
  const made = makeEvidence(
    rows.map((row, at): EvidenceRow => {
      const { similarity, exact, namespace, entryId, pair, callCost } = row
      const own = { similarity, exact, group: groups === null ? namespace : (groups[at] ?? null), entryId, callCost }
      const said = latest.get(pair)
      const drawn = drawnPairs.has(pair)
      const counts = !drawn || (numbers[at] ?? 0) <= (reached.get(bandOf(similarity ?? 0)) ?? -1)
      if (said === undefined || said === 'skip' || !counts || exact || similarity === null)
        return { ...own, label: row.label, source: row.labelSource }
      labelled += 1
      // Where the source told a label itself, a person's correction is one of the labels that are there for certain.
      return { ...own, label: said, source: 'human', drawn: drawn && isCandidate(row) }
    }),
  )
  return { ...made, candidates, numbers, given: latest, labelled }
}
