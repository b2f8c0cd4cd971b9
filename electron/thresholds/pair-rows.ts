import { normaliseText, type Normalisation } from '../../shared/domain/lookup-normalise.ts'
import type { Label } from '../../shared/domain/thresholds/evidence.ts'
import type { LabelledPair } from '../../shared/domain/thresholds/labelled-pairs.ts'
import { answersAgree } from '../../shared/domain/thresholds/weak-labels.ts'
import type { AskedScore, EntryScore } from './entry-scores.ts'
import { rowNames, type SourceRow } from './source-row.ts'

/** What pairs need to know of the collection. */
export interface PairGround {
  /** Ids of entries by their normalised text, the first of each. */
  readonly idOfText: ReadonlyMap<string, string>
  readonly hasEntry: (id: string) => boolean
  readonly normalise: Normalisation
}

/** A pair, and the entry that it names; null where it names none that the collection holds. */
interface NamedPair {
  readonly pair: LabelledPair
  readonly namedId: string | null
}

export function namedPairs(pairs: readonly LabelledPair[], { idOfText, hasEntry, normalise }: PairGround): NamedPair[] {
  return pairs.map((pair) => {
    const { entryId, matchedQuery } = pair
    const byId = entryId !== null && hasEntry(entryId) ? entryId : null
    const byText = matchedQuery === null ? null : (idOfText.get(normaliseText(matchedQuery, normalise)) ?? null)
    return { pair, namedId: byId ?? byText }
  })
}

/**
 * What to compare the query of a pair with: where it is labelled, what it was labelled against, be it an entry or a text; else the
 * nearest entry, which is then right or wrong by what the pair says should be found. Null where the file tells the similarity.
 */
export function askedOf({ pair, namedId }: NamedPair): AskedScore | null {
  const { query, namespace, label, matchedQuery, similarity } = pair
  const asked = { query, namespace, time: null, entryId: null, text: null }
  if (label === null) return asked
  if (similarity !== null) return null
  if (namedId !== null) return { ...asked, entryId: namedId }
  return matchedQuery === null ? asked : { ...asked, text: matchedQuery }
}

/** The answers of entries, for pairs that tell what should be answered. */
export type ResponseOf = (entryId: string) => string | null

function labelOf({ pair, namedId }: NamedPair, foundId: string | null, responseOf: ResponseOf): Label {
  if (pair.label !== null) return pair.label
  if (foundId === null) return 'unknown'
  if (pair.matchesNothing) return 'wrong'
  if (namedId === foundId) return 'right'
  const found = responseOf(foundId)
  const expected = pair.expectedResponse ?? (namedId === null ? null : responseOf(namedId))
  const agrees = answersAgree(found, expected)
  if (agrees !== 'unknown') return agrees
  // Another entry than the named one was found, and nothing says that it answers the same.
  return namedId !== null && pair.expectedResponse === null ? 'wrong' : 'unknown'
}

export function pairRow(named: NamedPair, score: EntryScore | null, responseOf: ResponseOf): SourceRow {
  const { pair, namedId } = named
  const { line, query, matchedQuery, expectedResponse, namespace } = pair
  const entryId = score === null ? namedId : score.entryId
  return {
    ...rowNames(line, query, entryId ?? matchedQuery),
    line,
    query,
    entryId,
    matchedText: entryId === null ? matchedQuery : null,
    expected: expectedResponse,
    expectedId: namedId,
    similarity: score === null ? Math.min(1, Math.max(-1, pair.similarity ?? 0)) : score.similarity,
    namespace,
    time: null,
    callCost: null,
    exact: score?.exact ?? false,
    label: labelOf(named, entryId, responseOf),
    labelSource: 'log',
  }
}
