import { z } from 'zod'
import {
  entryRankingSchema,
  logOutcomeSchema,
  lookupSortSchema,
  wholeLog,
  type LogFilter,
  type LogOutcome,
  type LookupSort,
} from '../../shared/contract/lookup-logs.ts'
import { thresholdWord } from './threshold-word.ts'

const words = z.string().min(1).optional().catch(undefined)
const number = words.refine((text) => text === undefined || (text.trim() !== '' && Number.isFinite(Number(text)))).catch(undefined)
const time = words.refine((text) => text === undefined || !Number.isNaN(Date.parse(text))).catch(undefined)

/** What the address of the lookup log says; everything the page shows follows from it. */
export const logSearchSchema = z.object({
  /** Id of the log; the first one where absent. */
  log: words,
  /** Outcomes, with commas between them. */
  outcome: words,
  near: z.enum(['miss']).optional().catch(undefined),
  namespace: words,
  /** Lookups without a namespace. */
  without: z.enum(['namespace']).optional().catch(undefined),
  /** Id of the entry that answered or was nearest. */
  entry: words,
  /** Half-open, ISO 8601. */
  from: time,
  to: time,
  /** Similarities, half-open. */
  min: number,
  max: number,
  /** Part of the query. */
  query: words,
  sort: lookupSortSchema.shape.by.optional().catch(undefined),
  dir: z.enum(['ascending']).optional().catch(undefined),
  /** What is listed; lookups where absent. */
  list: entryRankingSchema.optional().catch(undefined),
  /** How many entries of the list come before those that are shown. */
  skip: z
    .string()
    .regex(/^[1-9]\d{0,8}$/)
    .optional()
    .catch(undefined),
  /** Similarity threshold that is drawn, of all views of the collection; what its lookups are set to where absent. */
  threshold: thresholdWord,
  /** Id of the record in the inspector. */
  record: words,
})
export type LogSearch = z.infer<typeof logSearchSchema>

type FilterSearch = Pick<LogSearch, 'outcome' | 'near' | 'namespace' | 'without' | 'entry' | 'from' | 'to' | 'min' | 'max' | 'query'>

function outcomesOf(text: string | undefined): LogOutcome[] | null {
  const found = (text ?? '').split(',').flatMap((word) => {
    const outcome = logOutcomeSchema.safeParse(word)
    return outcome.success ? [outcome.data] : []
  })
  return found.length === 0 ? null : found
}

function namespaceOf({ namespace, without }: FilterSearch): LogFilter['namespace'] {
  if (without === 'namespace') return { is: null }
  return namespace === undefined ? null : { is: namespace }
}

function numberOf(text: string | undefined): number | null {
  return text === undefined ? null : Number(text)
}

function timeOf(text: string | undefined): number | null {
  return text === undefined ? null : Date.parse(text)
}

/** Which lookups an address means. @param threshold of near misses, where the log names none */
export function logFilterOf(search: FilterSearch, threshold: number): LogFilter {
  return {
    threshold,
    outcomes: outcomesOf(search.outcome),
    namespace: namespaceOf(search),
    entryId: search.entry ?? null,
    from: timeOf(search.from),
    to: timeOf(search.to),
    minSimilarity: numberOf(search.min),
    maxSimilarity: numberOf(search.max),
    nearMisses: search.near !== undefined,
    find: (search.query ?? wholeLog.find).slice(0, 1000),
  }
}

function textOf(value: string | number | null): string | undefined {
  return value === null || value === '' ? undefined : String(value)
}

function isoOf(ms: number | null): string | undefined {
  return ms === null ? undefined : new Date(ms).toISOString()
}

/** The part of an address that says which lookups are meant: the reverse of {@link logFilterOf}. */
export function searchOfLogFilter(filter: LogFilter): Record<keyof FilterSearch, string | undefined> & FilterSearch {
  const { outcomes, namespace, entryId, from, to, minSimilarity, maxSimilarity, nearMisses, find } = filter
  return {
    outcome: outcomes === null ? undefined : outcomes.join(','),
    near: nearMisses ? 'miss' : undefined,
    namespace: textOf(namespace?.is ?? null),
    without: namespace !== null && namespace.is === null ? 'namespace' : undefined,
    entry: textOf(entryId),
    from: isoOf(from),
    to: isoOf(to),
    min: textOf(minSimilarity),
    max: textOf(maxSimilarity),
    query: textOf(find),
  }
}

/** The order of lookups that an address means: newest first where it says nothing. */
export function logSortOf({ sort, dir }: Pick<LogSearch, 'sort' | 'dir'>): LookupSort {
  return { by: sort ?? 'time', descending: dir === undefined }
}

/** The reverse of {@link logSortOf}. */
export function searchOfLogSort({ by, descending }: LookupSort): Pick<LogSearch, 'sort' | 'dir'> {
  return { sort: by === 'time' ? undefined : by, dir: descending ? undefined : 'ascending' }
}
