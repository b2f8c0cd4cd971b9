/** Scales that thresholds are written in. */
export const unitIds = [
  'similarity',
  'cosine-distance',
  'squared-l2',
  'inner-product',
  'chroma-ip',
  'redisvl',
  'redisvl-normalised',
  'langchain-redis',
  'betterdb',
  'gptcache',
  'mem0',
  'semantic-router',
] as const
export type UnitId = (typeof unitIds)[number]

interface Unit {
  readonly label: string
  /** How the number is compared for a hit. */
  readonly hit: 'at least' | 'at most' | 'below'
  readonly fromSimilarity: (similarity: number) => number
  readonly toSimilarity: (value: number) => number
  /** A line of configuration or code, with the number in it; null for a plain scale. */
  readonly setting: ((value: string) => string) | null
  /** Where the scale is not the cosine similarity or its distance, what to mind. */
  readonly warning: string | null
}

const cosine = { fromSimilarity: (s: number): number => 1 - s, toSimilarity: (d: number): number => 1 - d }
const same = { fromSimilarity: (s: number): number => s, toSimilarity: (s: number): number => s }
const unitVectors = 'It holds for vectors of norm 1 only.'

/** GPTCache: hit where d <= D (1 - T f), with its usual D = 4 for squared L2 and f = 1. */
const gptcacheDistance = 4

const units: Readonly<Record<UnitId, Unit>> = {
  similarity: { label: 'Cosine similarity', hit: 'at least', ...same, setting: null, warning: null },
  'cosine-distance': { label: 'Cosine distance', hit: 'at most', ...cosine, setting: null, warning: null },
  'squared-l2': {
    label: 'Squared L2 of unit vectors',
    hit: 'at most',
    fromSimilarity: (s) => 2 - 2 * s,
    toSimilarity: (d) => 1 - d / 2,
    setting: null,
    warning: `${unitVectors} A rule written for cosine distance, such as distance <= 0.15, asks for a similarity of 0.925 here.`,
  },
  'inner-product': { label: 'Inner product of unit vectors', hit: 'at least', ...same, setting: null, warning: unitVectors },
  'chroma-ip': { label: 'Chroma distance in an ip collection', hit: 'at most', ...cosine, setting: null, warning: unitVectors },
  redisvl: {
    label: 'RedisVL',
    hit: 'at most',
    ...cosine,
    setting: (value) => `SemanticCache(distance_threshold=${value})`,
    warning: 'RedisVL counts cosine distance from 0 to 2, not similarity.',
  },
  'redisvl-normalised': {
    label: 'RedisVL, normalised similarity',
    hit: 'at least',
    fromSimilarity: (s) => (1 + s) / 2,
    toSimilarity: (n) => 2 * n - 1,
    setting: null,
    warning: 'The normalised scale is (1 + similarity) / 2, so that 0.9 on it is a similarity of 0.8.',
  },
  'langchain-redis': {
    label: 'LangChain with Redis',
    hit: 'at most',
    ...cosine,
    setting: (value) => `RedisSemanticCache(distance_threshold=${value})`,
    warning: 'langchain-redis counts cosine distance from 0 to 2, not similarity.',
  },
  betterdb: {
    label: 'BetterDB',
    hit: 'at most',
    ...cosine,
    setting: (value) => `defaultThreshold: ${value}`,
    warning: 'BetterDB counts cosine distance, not similarity.',
  },
  gptcache: {
    label: 'GPTCache',
    hit: 'at least',
    fromSimilarity: (s) => 1 - (2 - 2 * s) / gptcacheDistance,
    toSimilarity: (t) => 1 - (gptcacheDistance * (1 - t)) / 2,
    setting: (value) => `Config(similarity_threshold=${value})`,
    warning: `GPTCache scales squared L2 distance by its largest value, 4: its 0.8 is a similarity of 0.6. ${unitVectors} A cache_factor other than 1 changes it.`,
  },
  mem0: {
    label: 'mem0',
    hit: 'at least',
    fromSimilarity: (s) => 1 / (2 - s),
    toSimilarity: (p) => 2 - 1 / p,
    setting: (value) => `memory.search(query, threshold=${value})`,
    warning: 'mem0 scores 1 / (1 + distance); this is for a collection with cosine distance.',
  },
  'semantic-router': {
    label: 'vLLM semantic router',
    hit: 'at least',
    ...same,
    setting: (value) => `similarity_threshold: ${value}`,
    warning: null,
  },
}

export interface ThresholdInUnit {
  readonly unit: UnitId
  readonly label: string
  readonly hit: Unit['hit']
  readonly value: number
  readonly setting: string | null
  readonly warning: string | null
}

/** A number without the noise of binary fractions, to 6 decimals. */
function tidy(value: number): number {
  return Number(value.toFixed(6)) + 0
}

/** A similarity in another scale. */
export function inUnit(unit: UnitId, similarity: number): number {
  return tidy(units[unit].fromSimilarity(similarity))
}

/** The cosine similarity of a number in another scale. */
export function fromUnit(unit: UnitId, value: number): number {
  return tidy(units[unit].toSimilarity(value))
}

/** A threshold in every scale. @param similarity cosine similarity at and above which a lookup is a hit, -1 to 1 */
export function thresholdUnits(similarity: number): ThresholdInUnit[] {
  return unitIds.map((unit) => {
    const { label, hit, setting, warning } = units[unit]
    const value = inUnit(unit, similarity)
    return { unit, label, hit, value, setting: setting?.(String(value)) ?? null, warning }
  })
}
