import { z } from 'zod'
import { thresholdWord } from './threshold-word.ts'

const words = z.string().min(1).optional().catch(undefined)

/** What the address of the query page says; everything the page shows follows from it. */
export const querySearchSchema = z.object({
  /** What `q` is; a text where absent. */
  by: z.enum(['record', 'vector', 'list']).optional().catch(undefined),
  /** The text, the record's id, the numbers of a vector, or one query on each line. */
  q: words,
  /** Which query of a list is looked at, counted from 1; the first where absent. */
  at: z
    .string()
    .regex(/^[1-9]\d{0,2}$/)
    .optional()
    .catch(undefined),
  /** How many results, 10 where absent. */
  n: z
    .string()
    .regex(/^[1-9]\d{0,3}$/)
    .optional()
    .catch(undefined),
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
  /** Through the server's own index; compared with every vector where absent. */
  method: z.enum(['engine']).optional().catch(undefined),
  /** The variant beside it, as JSON text. */
  versus: words,
  /** Similarity threshold that is drawn, of all views of the collection; what its lookups are set to where absent. */
  threshold: thresholdWord,
  /** Id of the record in the inspector. */
  record: words,
})
export type QuerySearch = z.infer<typeof querySearchSchema>

/** What the address of the lookups page says. */
export const lookupsSearchSchema = z.object({
  /** The query that is looked up. */
  q: words,
  /** Similarity threshold of all views of the collection; what its lookups are set to where absent. */
  threshold: thresholdWord,
  /** Id of the record in the inspector. */
  record: words,
})
export type LookupsSearch = z.infer<typeof lookupsSearchSchema>
