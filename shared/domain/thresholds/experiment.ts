import { z } from 'zod'
import { spaceSchema } from '../space.ts'
import { costsSchema } from './cost.ts'
import { labelSourceSchema } from './evidence.ts'
import { guaranteeSchema } from './guarantee.ts'

/** Where evidence comes from. What it is called is kept, so that an experiment can say so when its source is gone. */
export const evidenceRefSchema = z.discriminatedUnion('from', [
  z.object({ from: z.literal('log'), logId: z.string(), name: z.string() }),
  z.object({ from: z.literal('pairs'), pairsId: z.string(), name: z.string() }),
  z.object({ from: z.literal('sample') }),
  z.object({ from: z.literal('self-calibration') }),
])
export type EvidenceRef = z.infer<typeof evidenceRefSchema>

const similaritySchema = z.number().min(-1).max(1)

/** How evidence is read and what is asked of it. */
export const thresholdSettingsSchema = z.object({
  sources: z.array(labelSourceSchema),
  exact: z.enum(['leave-out', 'count']),
  /** Key of the entries' metadata that lookups are told apart by; null for their namespaces. */
  groupBy: z.string().nullable().default(null),
  /** Namespace, or value of the other key; null for all. */
  group: z.string().nullable(),
  beta: z.number().positive().max(10),
  guarantee: guaranteeSchema,
  costs: costsSchema,
  /** The threshold the cache has now, and the one it might have. */
  present: similaritySchema,
  candidate: similaritySchema,
})
export type ThresholdSettings = z.infer<typeof thresholdSettingsSchema>

export const usualThresholdSettings: ThresholdSettings = {
  sources: ['human', 'log'],
  exact: 'leave-out',
  groupBy: null,
  group: null,
  beta: 0.5,
  guarantee: { of: 'lookups', bound: 0.02, confidence: 0.95 },
  costs: { hit: 1, wrong: 20, lookup: 0, perCall: false },
  present: 0.85,
  candidate: 0.85,
}

const share = z.number().min(0).max(1).nullable()
const measuresSchema = z.object({
  hitRate: share,
  precision: share,
  recall: share,
  fBeta: share,
  falseHitShare: share,
  errorRate: share,
  accuracy: share,
})
const labelCountsSchema = z.object({ right: z.number().int().min(0), wrong: z.number().int().min(0), unknown: z.number().int().min(0) })

/** What came of an experiment, as it is saved and compared. */
export const experimentResultSchema = z.object({
  labels: labelCountsSchema,
  averagePrecision: share,
  /** Best on these labels by F-beta, and by expected gain; null without labels. */
  empirical: z.object({ threshold: z.number(), measures: measuresSchema }).nullable(),
  gainful: z.object({ threshold: z.number(), gain: z.number() }).nullable(),
  /** Null where none could be certified; `statement` says why. */
  certified: z
    .object({ threshold: z.number(), upper: z.number(), hitRate: share, labels: z.number().int(), isExact: z.boolean() })
    .nullable(),
  more: z.number().nullable(),
  statement: z.string(),
})
export type ExperimentResult = z.infer<typeof experimentResultSchema>

export const experimentSchema = z.object({
  id: z.string(),
  name: z.string().min(1).max(200),
  /** Milliseconds since 1970. */
  createdAt: z.number(),
  evidence: evidenceRefSchema,
  settings: thresholdSettingsSchema,
  result: experimentResultSchema,
})
export type Experiment = z.infer<typeof experimentSchema>

/** A threshold with all that is needed to use it and to doubt it, as it is exported. */
export const thresholdReportSchema = z.object({
  format: z.literal('mnemoscope-threshold-report'),
  version: z.literal(1),
  /** ISO 8601, UTC. */
  date: z.string(),
  collection: z.string(),
  embedder: z.string().nullable(),
  metric: z.literal('cosine similarity'),
  space: spaceSchema,
  threshold: similaritySchema,
  /** The same as Chroma's distance in this space, for unit vectors. */
  distance: z.number(),
  labels: labelCountsSchema.extend({ sources: z.array(labelSourceSchema) }),
  guarantee: guaranteeSchema,
  result: experimentResultSchema,
  units: z.array(z.object({ unit: z.string(), label: z.string(), hit: z.string(), value: z.number(), warning: z.string().nullable() })),
})
export type ThresholdReport = z.infer<typeof thresholdReportSchema>
