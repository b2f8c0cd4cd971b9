import { z } from 'zod'
import { normalisationSchema } from '../domain/lookup-normalise.ts'
import { verdictSchema } from '../domain/lookup-verdict.ts'
import { mutation, query } from '../rpc/define.ts'
import { collectionRefSchema } from './collections.ts'
import { neighbourSchema, timingsSchema } from './search.ts'

/** How a layered cache looks a query up. */
export const lookupSettingsSchema = z.object({
  /** Null looks in all namespaces; an entry without a namespace has the namespace ''. */
  namespace: z.string().nullable(),
  /** Similarity at or above which the semantic layer answers. */
  threshold: z.number().min(-1).max(1),
  normalise: normalisationSchema,
  /** What the semantic layer embeds: most caches embed what was asked, some the normalised text. */
  embed: z.enum(['as-asked', 'normalised']),
  exactLayer: z.boolean(),
  semanticLayer: z.boolean(),
  /** Expired entries are skipped, as if the cache had deleted them; where false they answer like others. */
  honourExpiry: z.boolean(),
  /** Null uses the embedder that is chosen for the collection. */
  embedderId: z.string().nullable(),
  /** Time of the lookup, milliseconds since 1970; null means now. Entries made later are skipped. */
  at: z.number().nullable(),
})
export type LookupSettings = z.infer<typeof lookupSettingsSchema>

/** An entry near a query, and what the layers of the cache make of it. */
export const rungSchema = neighbourSchema.extend({
  /** The text that the exact layer compares: the profile's query, else the document. */
  text: z.string().nullable(),
  /** Null where the profile knows no namespaces. */
  namespace: z.string().nullable(),
  inNamespace: z.boolean(),
  /** Milliseconds since 1970; null while it is good, and where it never expires. */
  expiredSince: z.number().nullable(),
  /** Made after the time of the lookup. */
  madeLater: z.boolean(),
  aboveThreshold: z.boolean(),
  /** Its normalised text is that of the query. */
  exactText: z.boolean(),
  /** Could have answered, but for its similarity: in the namespace, not expired, made in time. */
  eligible: z.boolean(),
})
export type Rung = z.infer<typeof rungSchema>

export const dryRunSchema = z.object({
  /** The query as the exact layer compares it. */
  normalised: z.string(),
  verdict: verdictSchema,
  /** Of the entry that answers, or else of the nearest that could have; null where there is none or nothing was embedded. */
  similarity: z.number().nullable(),
  /** Similarity of the first less that of the second entry that could have answered. */
  margin: z.number().nullable(),
  /** The nearest entries of all namespaces, near first; then entries with the same text that are not among them. */
  ladder: z.array(rungSchema),
  /** Entries that could have answered and are at most 0.05 below the threshold. */
  nearMisses: z.number(),
  /** Entries of the namespace. */
  entries: z.number(),
  /** Namespaces of the collection, most entries first, at most 1,000. */
  namespaces: z.array(z.object({ namespace: z.string(), entries: z.number() })),
  timings: timingsSchema,
  warnings: z.array(z.string()),
})
export type DryRun = z.infer<typeof dryRunSchema>

export const lookups = {
  /** Threshold 0.85 where the person has set nothing. */
  settings: query(collectionRefSchema, lookupSettingsSchema),
  /** Settings that are left out stay as they are, so that views that change different ones do not undo each other. */
  setSettings: mutation(collectionRefSchema.extend({ settings: lookupSettingsSchema.partial() }), z.object({}), ['lookups.settings']),
  /** Looks a query up as the cache would, without touching it. */
  dryRun: query(collectionRefSchema.extend({ query: z.string().max(100_000), settings: lookupSettingsSchema }), dryRunSchema),
}
