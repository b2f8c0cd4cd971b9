import type { LabelLine } from './label-file.ts'

/** Labels as JSON lines, with columns that importing pairs recognises. */
export function labelText(lines: readonly LabelLine[]): string {
  return lines
    .map(({ query, matchedQuery, entryId, label, similarity, namespace, at, source, chosenBy }) => {
      const line = { query, matched_query: matchedQuery, entry_id: entryId, label, similarity, namespace }
      return `${JSON.stringify({ ...line, labelled_at: new Date(at).toISOString(), source, chosen_by: chosenBy })}\n`
    })
    .join('')
}
