import { z } from 'zod'
import type { ThresholdAnalysis } from '../../../shared/domain/thresholds/analyse.ts'
import type { Certified } from '../../../shared/domain/thresholds/certified-threshold.ts'
import { evidenceSchema } from '../../../shared/domain/thresholds/evidence.ts'
import { experimentResultSchema, thresholdSettingsSchema } from '../../../shared/domain/thresholds/experiment.ts'
import type { GroupDifference } from '../../../shared/domain/thresholds/group-difference.ts'
import type { GroupThreshold } from '../../../shared/domain/thresholds/group-thresholds.ts'
import { measureNames } from '../../../shared/domain/thresholds/measures.ts'

const settingsSchema = thresholdSettingsSchema.omit({ present: true, candidate: true })

/** What the worker is asked. It keeps the evidence until it is sent another. */
export const analysisRequestSchema = z.discriminatedUnion('kind', [
  z.object({ kind: z.literal('evidence'), evidence: evidenceSchema }),
  z.object({ kind: z.literal('analysis'), request: z.number(), settings: settingsSchema }),
  z.object({ kind: z.literal('groups'), request: z.number(), settings: settingsSchema }),
])
export type AnalysisRequest = z.infer<typeof analysisRequestSchema>

const share = z.number().nullable()
const floats = z.instanceof(Float64Array)
const integers = z.instanceof(Int32Array)
const measures = z.record(z.enum(measureNames), share)
const bands = z.record(z.enum(measureNames), z.object({ low: z.number(), high: z.number() }).nullable())
const best = z.object({ place: z.number(), threshold: z.number(), value: z.number(), measures }).nullable()

const curve = z.object({
  thresholds: floats,
  hits: floats,
  right: floats,
  wrong: floats,
  rightCalls: floats,
  squares: floats,
  rightSquares: floats,
  labelledHits: integers,
  heaviest: floats,
  population: z.number(),
  populationSquares: z.number(),
  rightTotal: z.number(),
  wrongTotal: z.number(),
  squaresTotal: z.number(),
  rightSquaresTotal: z.number(),
  labels: z.number(),
  evenWeights: z.boolean(),
})

const level = z.object({
  threshold: z.number(),
  hitRate: share,
  observed: share,
  upper: z.number(),
  labels: z.number(),
  verdict: z.enum(['skipped', 'passed', 'failed']),
})
const walk = { levels: z.array(level), isExact: z.boolean() }
const certified: z.ZodType<Certified> = z.discriminatedUnion('outcome', [
  z.object({ ...walk, outcome: z.literal('certified'), level }),
  z.object({ ...walk, outcome: z.literal('not-enough-labels'), more: share }),
  z.object({ ...walk, outcome: z.literal('bound-exceeded'), more: share }),
])

const analysis: z.ZodType<ThresholdAnalysis> = z.object({
  part: evidenceSchema,
  rows: integers,
  curve,
  // Without labels no gain can be told.
  readings: z.array(z.object({ threshold: z.number(), measures, bands, gain: z.union([z.number(), z.nan()]) })),
  histogram: z.array(z.object({ from: z.number(), to: z.number(), right: z.number(), wrong: z.number(), unknown: z.number() })),
  precisionRecall: z.object({ thresholds: floats, precision: floats, recall: floats, average: share, baseline: share }),
  empirical: best,
  gainful: best,
  certified,
  result: experimentResultSchema,
})

const group: z.ZodType<GroupThreshold> = z.object({
  group: z.number(),
  curve,
  own: certified,
  basis: z.enum(['own', 'pooled']),
  threshold: share,
})
const difference: z.ZodType<GroupDifference> = z.object({ statistic: z.number(), pValue: z.number(), permutations: z.number() })

/** What the worker answers a request with. */
export const analysisReplySchema = z.discriminatedUnion('kind', [
  z.object({ kind: z.literal('analysis'), request: z.number(), analysis }),
  z.object({
    kind: z.literal('groups'),
    request: z.number(),
    groups: z.array(group),
    pooled: certified,
    difference: difference.nullable(),
  }),
])
export type AnalysisReply = z.infer<typeof analysisReplySchema>
