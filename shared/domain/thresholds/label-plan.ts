import { bandOf as cellOf, usualBandWidth } from './evidence.ts'
import { seededRandom, shuffle } from './seeded-random.ts'

/** Lookups of a range of similarity, from which labels are sampled at one rate. */
export interface LabelBand {
  /** Inclusive. */
  readonly from: number
  /** Exclusive, but for the last band. */
  readonly to: number
  readonly population: number
  /** How many of them are to be labelled. */
  readonly quota: number
}

export interface LabelPlan {
  /** Bands from low to high similarity. */
  readonly bands: readonly LabelBand[]
  /** Band of each lookup. */
  readonly bandOf: Int32Array
  /** Places of the lookups to label, in the order to ask for them. */
  readonly order: Int32Array
}

export interface LabelPlanOptions {
  /** How many labels are wanted. */
  readonly total: number
  /** Where the threshold is now: lookups near it are the most informative. */
  readonly threshold: number
  /** Share of the labels that is spread like the lookups are, 0 to 1; the rest goes to bands near the threshold. */
  readonly spread?: number
  readonly bandWidth?: number
  readonly seed?: number
  /**
   * A random number of each lookup that stays with it. Within a band they are then asked for from small to large, so that the order
   * holds where others are added (permanent random numbers: E. Ohlsson 1995, "Coordination of samples using permanent random numbers").
   */
  readonly numbers?: Float64Array
}

function quotasFor(
  populations: readonly number[],
  middles: readonly number[],
  options: Pick<Required<LabelPlanOptions>, 'total' | 'threshold' | 'spread'>,
): number[] {
  const all = populations.reduce((sum, count) => sum + count, 0)
  const nearness = middles.map((middle, at) => (populations[at] ?? 0) / (1 + (Math.abs(middle - options.threshold) / 0.05) ** 2))
  const near = nearness.reduce((sum, value) => sum + value, 0)
  const wanted = Math.min(options.total, all)
  const ideal = populations.map((count, at) => {
    const even = (options.spread * count) / (all || 1)
    return wanted * (even + ((1 - options.spread) * (nearness[at] ?? 0)) / (near || 1))
  })
  // Every band that holds lookups gets a label, or its share of all would be unknown.
  const quotas = ideal.map((value, at) => Math.min(populations[at] ?? 0, Math.max(1, Math.floor(value))))
  const byNearness = [...quotas.keys()].sort((a, b) => (nearness[b] ?? 0) - (nearness[a] ?? 0))
  let left = wanted - quotas.reduce((sum, quota) => sum + quota, 0)
  while (left > 0) {
    for (const at of byNearness) {
      if (left > 0 && (quotas[at] ?? 0) < (populations[at] ?? 0)) {
        quotas[at] = (quotas[at] ?? 0) + 1
        left -= 1
      }
    }
  }
  return quotas
}

/**
 * Which lookups to ask a person about: bands of similarity, a quota for each that is larger near the threshold, and within a band a
 * random choice, so that {@link labelWeights} makes estimates unbiased. The order goes in rounds, nearest band first, that take the
 * same share of every quota: labelling may stop anywhere. One label per band is kept even where more bands than labels are wanted.
 * @param similarities of lookups without a label, one each
 */
export function labelPlan(similarities: Float64Array, given: LabelPlanOptions): LabelPlan {
  const options = { spread: 0.5, bandWidth: usualBandWidth, seed: 1, ...given }
  const cell = Int32Array.from(similarities, (value) => cellOf(value, options.bandWidth))
  const cells = [...new Set(cell)].sort((a, b) => a - b)
  const members = cells.map((): number[] => [])
  const placeOfCell = new Map(cells.map((value, place) => [value, place]))
  const bandOf = cell.map((value) => placeOfCell.get(value) ?? 0)
  for (let at = 0; at < bandOf.length; at += 1) members[bandOf[at] ?? 0]?.push(at)
  const edges = cells.map((value) => [value * options.bandWidth, (value + 1) * options.bandWidth] as const)
  const quotas = quotasFor(
    members.map((list) => list.length),
    edges.map(([from, to]) => (from + to) / 2),
    options,
  )
  const random = seededRandom(options.seed)
  const { numbers } = options
  const shuffled = members.map((list) => {
    const places = Int32Array.from(list)
    if (numbers) return places.sort((a, b) => (numbers[a] ?? 0) - (numbers[b] ?? 0) || a - b)
    shuffle(places, random)
    return places
  })
  const distance = (band: number): number => {
    const [from, to] = edges[band] ?? [0, 0]
    return Math.abs((from + to) / 2 - options.threshold)
  }
  const nearFirst = [...cells.keys()].sort((a, b) => distance(a) - distance(b))
  const rounds = Math.max(1, Math.ceil(Math.max(...quotas, 1) / 5))
  const order: number[] = []
  for (let round = 1; round <= rounds; round += 1) {
    for (const band of nearFirst) {
      const quota = quotas[band] ?? 0
      const [from, to] = [Math.ceil((quota * (round - 1)) / rounds), Math.ceil((quota * round) / rounds)]
      order.push(...(shuffled[band]?.subarray(from, to) ?? []))
    }
  }
  return {
    bands: edges.map(([from, to], band) => ({ from, to, population: members[band]?.length ?? 0, quota: quotas[band] ?? 0 })),
    bandOf,
    order: Int32Array.from(order),
  }
}

export interface LabelWeights {
  /** Weight of each labelled lookup, in their order: lookups of its band over labels of its band. */
  readonly weights: Float64Array
  /** Share of the lookups whose band has no label yet, 0 to 1: estimates say nothing of them. */
  readonly uncovered: number
}

/**
 * Weights that make sums over labelled lookups estimates of sums over all (D. G. Horvitz and D. J. Thompson 1952; by strata as in
 * W. G. Cochran 1977, "Sampling techniques", 5).
 * @param labelled places of the lookups that have a label; within each band a random choice
 */
export function labelWeights({ bands, bandOf }: LabelPlan, labelled: readonly number[] | Int32Array): LabelWeights {
  const counts = new Float64Array(bands.length)
  for (const at of labelled) counts[bandOf[at] ?? 0] = (counts[bandOf[at] ?? 0] ?? 0) + 1
  const all = bands.reduce((sum, { population }) => sum + population, 0)
  const missing = bands.reduce((sum, { population }, band) => sum + ((counts[band] ?? 0) === 0 ? population : 0), 0)
  return {
    weights: Float64Array.from(labelled, (at) => {
      const band = bandOf[at] ?? 0
      return (bands[band]?.population ?? 0) / (counts[band] || 1)
    }),
    uncovered: all > 0 ? missing / all : 0,
  }
}
