import { labelCodes, type Evidence } from './evidence.ts'

export interface SimilarityBin {
  /** Inclusive. */
  readonly from: number
  /** Exclusive, but for the last. */
  readonly to: number
  /** Lookups, each once. */
  readonly right: number
  readonly wrong: number
  readonly unknown: number
}

/** How many lookups of each label have which similarity, in bins of one width over the range there is. Exact hits are left out. */
export function similarityHistogram({ similarity, label, exact }: Evidence, bins = 50): SimilarityBin[] {
  const kept = [...similarity.keys()].filter((at) => exact[at] !== 1)
  if (kept.length === 0) return []
  let [low, high] = [Infinity, -Infinity]
  for (const at of kept) {
    low = Math.min(low, similarity[at] ?? 0)
    high = Math.max(high, similarity[at] ?? 0)
  }
  const width = (high - low || 0.01) / bins
  const counts = Array.from({ length: bins }, (_, at) => ({
    from: low + at * width,
    to: low + (at + 1) * width,
    right: 0,
    wrong: 0,
    unknown: 0,
  }))
  for (const at of kept) {
    const bin = counts[Math.min(bins - 1, Math.floor(((similarity[at] ?? 0) - low) / width))]
    if (bin === undefined) continue
    if (label[at] === labelCodes.right) bin.right += 1
    else if (label[at] === labelCodes.wrong) bin.wrong += 1
    else bin.unknown += 1
  }
  return counts
}
