import { normaliseText } from '../lookup-normalise.ts'
import type { Label } from './evidence.ts'

/** An entry, its nearest other one, and how similar their queries are. */
export interface EntryNeighbour {
  readonly id: string
  /** Id of the nearest other entry; null where there is none. */
  readonly nearestId: string | null
  /** Cosine similarity of the two. */
  readonly similarity: number | null
}

/** Share of common words from which answers count as agreeing, and up to which as different; between them nothing is said. */
const agreeing = 0.8
const differing = 0.4

/** What such labels cannot show, to be said wherever they are used. */
export const weakLabelBias =
  'Weak labels come from the collection alone: answers of neighbouring entries that agree or differ. Entries were stored because they missed, so similar pairs with the same answer are under-represented.'

function words(text: string): string[] {
  const plain = normaliseText(text, { unicode: true, lowerCase: true, stripPunctuation: true, collapseSpace: true, trim: true })
  return plain === '' ? [] : plain.split(' ')
}

/** Twice the words in common over the words of both, each as often as it occurs (L. R. Dice 1945); 1 for equal texts. */
function overlap(left: readonly string[], right: readonly string[]): number {
  const counts = new Map<string, number>()
  for (const word of left) counts.set(word, (counts.get(word) ?? 0) + 1)
  let common = 0
  for (const word of right) {
    const count = counts.get(word) ?? 0
    if (count > 0) common += 1
    counts.set(word, count - 1)
  }
  return left.length + right.length === 0 ? 1 : (2 * common) / (left.length + right.length)
}

/** Whether two answers agree, but for capitals, punctuation and spaces, or in most of their words; unknown where that leaves doubt. */
export function answersAgree(left: string | null, right: string | null): Label {
  if (left === null || right === null) return 'unknown'
  const [first, second] = [words(left), words(right)]
  if (first.length === 0 || second.length === 0) return 'unknown'
  const numbers = (list: readonly string[]): string => list.filter((word) => /\p{N}/u.test(word)).join(' ')
  const share = overlap(first, second)
  // Answers that differ in a number differ, however many words they share.
  if (share >= agreeing) return numbers(first) === numbers(second) ? 'right' : 'wrong'
  return share <= differing ? 'wrong' : 'unknown'
}

/**
 * The pairs of an entry and its nearest other one, each once and with the entry that comes first in the list on the left, as if it
 * had been looked up and the other been found. Entries without a neighbour are left out.
 */
export function neighbourPairs<Entry extends EntryNeighbour>(
  entries: readonly Entry[],
): (Entry & { nearestId: string; similarity: number })[] {
  const seen = new Set<string>()
  return entries.flatMap((entry) => {
    const { id, nearestId, similarity } = entry
    if (nearestId === null || similarity === null) return []
    const pair = JSON.stringify(id < nearestId ? [id, nearestId] : [nearestId, id])
    if (seen.has(pair)) return []
    seen.add(pair)
    return [{ ...entry, nearestId, similarity }]
  })
}
