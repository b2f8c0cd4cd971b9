import { z } from 'zod'
import { labelSourceSchema, type LabelSource } from '../../shared/domain/thresholds/evidence.ts'
import {
  thresholdSettingsSchema,
  usualThresholdSettings,
  type EvidenceRef,
  type ThresholdSettings,
} from '../../shared/domain/thresholds/experiment.ts'
import { thresholdWord } from './threshold-word.ts'

const words = z.string().min(1).optional().catch(undefined)

export const thresholdsTabs = ['curves', 'label', 'flips', 'groups', 'entries', 'hard', 'use', 'experiments'] as const
export type ThresholdsTab = (typeof thresholdsTabs)[number]

/** What the address of the threshold lab says; everything the page shows follows from it. */
export const thresholdsSearchSchema = z.object({
  /** `log:<id>`, `pairs:<id>`, `sample` or `self-calibration`; the first that there is where absent. */
  evidence: words,
  /** Curves where absent. */
  tab: z.enum(thresholdsTabs).optional().catch(undefined),
  /** What the bound counts wrong answers among, the bound itself and its confidence, 0 to 1. */
  of: thresholdSettingsSchema.shape.guarantee.shape.of.optional().catch(undefined),
  bound: words,
  confidence: words,
  beta: words,
  /** What a hit is worth, and what a wrong answer and a lookup cost. */
  hit: words,
  wrong: words,
  lookup: words,
  /** Whether every hit is worth the same, though the log tells what calls cost. */
  calls: z.enum(['same']).optional().catch(undefined),
  /** Whose labels count, with commas between them. */
  labels: words,
  exact: z.enum(['count']).optional().catch(undefined),
  /** Key of the entries' metadata that lookups are told apart by; their namespaces where absent. */
  per: words,
  /** A namespace, or value of the other key. */
  group: words,
  /** The threshold the cache has now; what the log says where absent. */
  present: thresholdWord,
  /** The threshold it might have, of all views of the collection; what its lookups are set to where absent. */
  threshold: thresholdWord,
  /** Id of the record in the inspector. */
  record: words,
})
export type ThresholdsSearch = z.infer<typeof thresholdsSearchSchema>

/** What can be set, but for the two thresholds. */
export type LabSettings = Omit<ThresholdSettings, 'present' | 'candidate'>

/** Evidence as an address names it. */
export function evidenceWord(ref: EvidenceRef): string {
  if (ref.from === 'log') return `log:${ref.logId}`
  return ref.from === 'pairs' ? `pairs:${ref.pairsId}` : ref.from
}

/** Whose labels count where nothing is said: those of the collection only where it is itself the evidence. */
export function usualSources(evidence: string | undefined): LabelSource[] {
  return evidence === 'self-calibration' ? ['human', 'weak'] : usualThresholdSettings.sources
}

function sourcesOf(text: string | undefined, evidence: string | undefined): LabelSource[] {
  const named = text?.split(',').flatMap((word) => labelSourceSchema.safeParse(word).data ?? []) ?? []
  return named.length === 0 ? usualSources(evidence) : named
}

function numberOf(text: string | undefined, schema: z.ZodType<number>, usual: number): number {
  const parsed = schema.safeParse(text === undefined ? usual : Number(text))
  return parsed.success ? parsed.data : usual
}

/** What a wrong answer costs where nothing is said, in hits. */
const usualWrong = usualThresholdSettings.costs.wrong

/** Costs where nothing is said: a hit is worth what a call costs on the mean, where that is known. */
function usualCosts(meanCall: number | null): ThresholdSettings['costs'] {
  const hit = meanCall === null ? usualThresholdSettings.costs.hit : Number(meanCall.toPrecision(4))
  return { hit, wrong: Number((hit * usualWrong).toPrecision(4)), lookup: 0, perCall: meanCall !== null }
}

/**
 * The settings an address means; what is not valid is as usual.
 * @param evidence the evidence that is shown, as the address would name it
 * @param meanCall what its calls cost on the mean; null where it does not tell
 */
export function labSettingsOf(search: ThresholdsSearch, evidence: string | undefined, meanCall: number | null = null): LabSettings {
  const { guarantee, costs, beta } = thresholdSettingsSchema.shape
  const usual = { ...usualThresholdSettings, costs: usualCosts(meanCall) }
  return {
    sources: sourcesOf(search.labels, evidence),
    exact: search.exact ?? usual.exact,
    groupBy: search.per ?? null,
    group: search.group ?? null,
    beta: numberOf(search.beta, beta, usual.beta),
    guarantee: {
      of: search.of ?? usual.guarantee.of,
      bound: numberOf(search.bound, guarantee.shape.bound, usual.guarantee.bound),
      confidence: numberOf(search.confidence, guarantee.shape.confidence, usual.guarantee.confidence),
    },
    costs: {
      hit: numberOf(search.hit, costs.shape.hit, usual.costs.hit),
      wrong: numberOf(search.wrong, costs.shape.wrong, usual.costs.wrong),
      lookup: numberOf(search.lookup, costs.shape.lookup, usual.costs.lookup),
      perCall: search.calls === undefined && usual.costs.perCall,
    },
  }
}

function changed(value: number, usual: number): string | undefined {
  return value === usual ? undefined : String(value)
}

/** The reverse of {@link labSettingsOf}: only what is not as usual. */
export function searchOfLabSettings(settings: LabSettings, evidence: string | undefined, meanCall: number | null = null): ThresholdsSearch {
  const usual = { ...usualThresholdSettings, costs: usualCosts(meanCall) }
  const { sources, exact, groupBy, group, beta, guarantee, costs } = settings
  const usualLabels = usualSources(evidence)
  const isUsual = sources.length === usualLabels.length && usualLabels.every((source) => sources.includes(source))
  return {
    of: guarantee.of === usual.guarantee.of ? undefined : guarantee.of,
    bound: changed(guarantee.bound, usual.guarantee.bound),
    confidence: changed(guarantee.confidence, usual.guarantee.confidence),
    beta: changed(beta, usual.beta),
    hit: changed(costs.hit, usual.costs.hit),
    wrong: changed(costs.wrong, usual.costs.wrong),
    lookup: changed(costs.lookup, usual.costs.lookup),
    calls: usual.costs.perCall && !costs.perCall ? 'same' : undefined,
    labels: isUsual || sources.length === 0 ? undefined : sources.join(','),
    exact: exact === 'count' ? 'count' : undefined,
    per: groupBy ?? undefined,
    group: group ?? undefined,
  }
}
