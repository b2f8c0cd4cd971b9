import type { RecordFacts } from '../../shared/domain/cleanup/record-facts.ts'
import { isSameQuestion, plainWords } from '../../shared/domain/cleanup/same-question.ts'
import { isEmptyText } from '../../shared/domain/cleanup/text-rules.ts'
import type { VectorFacts } from './vector-facts.ts'

function gather(rows: Iterable<number>, keyOf: (row: number) => string | null): number[][] {
  const groups = new Map<string, number[]>()
  for (const row of rows) {
    const key = keyOf(row)
    if (key === null) continue
    const group = groups.get(key)
    if (group) group.push(row)
    else groups.set(key, [row])
  }
  return [...groups.values()].filter((group) => group.length > 1)
}

/** A text as it is compared: texts of nothing but punctuation as they are. */
function comparable(text: string): string {
  return plainWords(text).join(' ') || text.trim()
}

/**
 * Rows with the same text and answer, but for capitals, spaces and punctuation, within a scope; and rows without any text with the
 * same vector to the last bit.
 */
export function exactGroups(facts: readonly RecordFacts[], vectors: VectorFacts | null, scopeOf: (row: number) => string): number[][] {
  const byText = gather(facts.keys(), (row) => {
    const { text, answer } = facts[row] as RecordFacts
    if (text === null || isEmptyText(text)) return null
    return JSON.stringify([scopeOf(row), comparable(text), answer === null ? null : comparable(answer)])
  })
  const withoutText = (vectors?.identical() ?? []).map((rows) => rows.filter((row) => isEmptyText(facts[row]?.text ?? null)))
  return [...byText, ...withoutText.flatMap((rows) => gather(rows, scopeOf))]
}

/** Rows that share one vector to the last bit although their texts ask or say something else. */
export function sameVectorGroups(facts: readonly RecordFacts[], vectors: VectorFacts | null, scopeOf: (row: number) => string): number[][] {
  const groups = (vectors?.identical() ?? []).flatMap((rows) => gather(rows, scopeOf))
  return groups.flatMap((rows) => {
    const byWords = new Map<string, number>()
    for (const row of rows) {
      const text = facts[row]?.text ?? null
      const key = text === null || isEmptyText(text) ? null : comparable(text)
      if (key !== null && !byWords.has(key)) byWords.set(key, row)
    }
    const [first, ...others] = [...byWords]
    const different = first === undefined ? [] : others.filter(([key]) => !isSameQuestion(first[0].split(' '), key.split(' ')))
    return first === undefined || different.length === 0 ? [] : [[first[1], ...different.map(([, row]) => row)]]
  })
}
