import type { CacheEntry, QuestionGroup } from './support-cache.ts'
import type { LookalikeKind, SampleTruth } from './truth.ts'
import { dot, rounded, row, type VectorRows } from './vectors.ts'

/** Below this nobody would take one for the other. */
const leastSimilarity = 0.8

const opposites = new Set(
  'not no dont without enable disable add remove before after upgrade downgrade connect disconnect monthly yearly'.split(' '),
)
const units = new Set('minutes hours days weeks months quarter month year'.split(' '))

function words(text: string): string[] {
  return (
    text
      .toLowerCase()
      .replaceAll(/['’]/g, '')
      .match(/[\p{L}\p{N}]+/gu) ?? []
  )
}

/** What sets two questions apart that use almost the same words. */
function kindOf(a: string, b: string): LookalikeKind {
  const left = new Map<string, number>()
  for (const word of words(a)) left.set(word, (left.get(word) ?? 0) + 1)
  for (const word of words(b)) left.set(word, (left.get(word) ?? 0) - 1)
  const different = [...left].filter(([, count]) => count !== 0).map(([word]) => word)
  if (different.length === 0) return 'order'
  if (different.some((word) => opposites.has(word))) return 'negation'
  if (different.every((word) => /^\d+$/.test(word))) return 'number'
  return different.every((word) => units.has(word)) ? 'unit' : 'entity'
}

/**
 * Pairs of entries that ask different things in nearly the same words: the first wording of each question against the first
 * wordings of all others in its namespace, from a similarity of 0.8.
 */
export function findLookalikes(
  entries: readonly CacheEntry[],
  groups: readonly QuestionGroup[],
  vectors: VectorRows,
): SampleTruth['supportCache']['lookalikes'] {
  const indexByText = new Map(entries.map((entry, index) => [`${entry.group} ${entry.query}`, index]))
  const firsts = groups.flatMap((group) => {
    const index = indexByText.get(`${group.id} ${group.wordings[0]}`)
    const entry = index === undefined ? undefined : entries[index]
    return index === undefined || entry === undefined ? [] : [{ entry, vector: row(vectors, index) }]
  })
  const found: SampleTruth['supportCache']['lookalikes'] = []
  for (const [index, left] of firsts.entries()) {
    for (const right of firsts.slice(index + 1)) {
      if (left.entry.namespace !== right.entry.namespace) continue
      const similarity = dot(left.vector, right.vector)
      if (similarity < leastSimilarity) continue
      found.push({
        kind: kindOf(left.entry.query, right.entry.query),
        ids: [left.entry.id, right.entry.id],
        similarity: rounded(similarity),
      })
    }
  }
  return found.toSorted((a, b) => b.similarity - a.similarity || (a.ids[0] < b.ids[0] ? -1 : 1))
}
