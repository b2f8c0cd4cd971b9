import { z } from 'zod'
import { mutation, query } from '../rpc/define.ts'
import { collectionRefSchema } from './collections.ts'
import { neighbourSchema, timingsSchema } from './search.ts'

/** What is made alike before texts are compared: all that is on, in this order. */
export const normalisationSchema = z.object({
  /** Unicode's compatibility form NFKC, so that full-width letters and ligatures equal plain ones. */
  unicode: z.boolean(),
  lowerCase: z.boolean(),
  /** Punctuation and symbols count as white space. */
  stripPunctuation: z.boolean(),
  collapseSpace: z.boolean(),
  trim: z.boolean(),
})
export type Normalisation = z.infer<typeof normalisationSchema>

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

export const missReasonSchema = z.enum(['below-threshold', 'expired', 'other-namespace', 'dimension', 'bypass', 'empty'])
export type MissReason = z.infer<typeof missReasonSchema>

/** One change that would make a lookup come out otherwise. */
export const flipSchema = z.object({
  change: z.enum(['threshold', 'renew-entry', 'namespace', 'turn-on-layer', 'embedder']),
  message: z.string(),
  /** For a changed threshold: the value at which it flips. */
  threshold: z.number().nullable(),
  /** The entry that would answer then, or would no longer; null where none is known. */
  entryId: z.string().nullable(),
  /** For another namespace: which. */
  namespace: z.string().nullable(),
})
export type Flip = z.infer<typeof flipSchema>

export const verdictSchema = z.object({
  outcome: z.enum(['exact-hit', 'semantic-hit', 'miss']),
  /** The entry that answers; null for a miss. */
  entryId: z.string().nullable(),
  missReason: missReasonSchema.nullable(),
  /** The verdict in a sentence. */
  message: z.string(),
  /** What would make it come out otherwise, nearest change first. */
  flips: z.array(flipSchema),
})
export type Verdict = z.infer<typeof verdictSchema>

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
  setSettings: mutation(collectionRefSchema.extend({ settings: lookupSettingsSchema }), z.object({}), ['lookups.settings']),
  /** Looks a query up as the cache would, without touching it. */
  dryRun: query(collectionRefSchema.extend({ query: z.string().max(100_000), settings: lookupSettingsSchema }), dryRunSchema),
}
