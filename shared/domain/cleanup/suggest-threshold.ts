/** What a person said about two records. */
export interface JudgedPair {
  readonly similarity: number
  readonly verdict: 'same' | 'different'
}

/** Fewer judgements than this suggest nothing. */
const leastJudged = 20

/**
 * The threshold that sets apart best what a person called the same and called different, with the number of pairs it gets wrong.
 * Null below 20 pairs, and where all were judged alike. Of equally good ones the strictest.
 */
export function suggestThreshold(pairs: readonly JudgedPair[]): { threshold: number; wrong: number; judged: number } | null {
  if (pairs.length < leastJudged || new Set(pairs.map(({ verdict }) => verdict)).size < 2) return null
  const sorted = pairs.toSorted((a, b) => b.similarity - a.similarity)
  // Above the first pair nothing counts as the same, so every "same" is wrong.
  let wrong = sorted.filter(({ verdict }) => verdict === 'same').length
  let best = { threshold: 1, wrong }
  for (const [index, { similarity, verdict }] of sorted.entries()) {
    wrong += verdict === 'same' ? -1 : 1
    const next = sorted[index + 1]?.similarity
    if (next === similarity || wrong >= best.wrong) continue
    best = { threshold: next === undefined ? similarity : (similarity + next) / 2, wrong }
  }
  return { ...best, judged: pairs.length }
}
