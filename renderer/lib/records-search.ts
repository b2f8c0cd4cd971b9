import { z } from 'zod'
import { thresholdWord } from './threshold-word.ts'

const words = z.string().min(1).optional().catch(undefined)

/** What the address of the records page says; everything the page shows follows from it. */
export const recordsSearchSchema = z.object({
  /** Chroma's `where` as JSON text. */
  where: words,
  /** Chroma's `whereDocument` as JSON text. */
  doc: words,
  /** Quick find in documents and ids. */
  find: words,
  /** Periods of dates, as period.ts writes them. */
  dates: words,
  /** Id of a saved set. */
  set: words,
  /** `stored`, `id`, `document` or `key:<metadata key>`; stored order where absent. */
  sort: words,
  dir: z.enum(['ascending', 'descending']).optional().catch(undefined),
  /** Similarity threshold of all views of the collection, on its way from one that draws it to another. */
  threshold: thresholdWord,
  /** Id of the record in the inspector. */
  record: words,
})
export type RecordsSearch = z.infer<typeof recordsSearchSchema>

/** What the records page is given by the router. */
export interface RecordsPageProps {
  connectionId: string
  collectionId: string
  search: RecordsSearch
  /** Goes to the same page with another search. `replace` keeps it out of the history, for what changes with every key. */
  onSearchChange: (search: RecordsSearch, options?: { replace?: boolean }) => void
}

/** Addresses carry plain text: `?find=3` is the text 3 and not a number, and JSON in `where` is not taken apart. */
export function parseSearch(search: string): Record<string, string> {
  return Object.fromEntries(new URLSearchParams(search))
}

/** The reverse of {@link parseSearch}; what is undefined is left out. */
export function stringifySearch(search: Record<string, unknown>): string {
  const parameters = new URLSearchParams()
  for (const [name, value] of Object.entries(search)) if (typeof value === 'string') parameters.set(name, value)
  const text = parameters.toString()
  return text === '' ? '' : `?${text}`
}
