import type { ScatterLabel } from './scatter/scatter-props.ts'

interface NamedCluster {
  readonly x: number
  readonly y: number
  readonly count: number
  readonly words: readonly string[]
}

/** Points that are looked at to find out how far clusters reach. */
const mostPoints = 100_000
/** Share of a cluster's points that may lie outside of its extent, on each side. */
const outliers = 0.03

/** Two words tell most clusters apart; those that share them get a third. */
function textsOf(clusters: readonly NamedCluster[]): string[] {
  const short = clusters.map(({ words }) => words.slice(0, 2).join(' · '))
  const counts = new Map<string, number>()
  for (const text of short) counts.set(text, (counts.get(text) ?? 0) + 1)
  return clusters.map(({ words }, place) => (counts.get(short[place] ?? '') === 1 ? (short[place] ?? '') : words.slice(0, 3).join(' · ')))
}

function range(values: number[]): [least: number, most: number] {
  values.sort((a, b) => a - b)
  const cut = Math.floor(values.length * outliers)
  return [values[cut] ?? Number.NaN, values[values.length - 1 - cut] ?? Number.NaN]
}

/**
 * What clusters are about, beside their points.
 * @param members for each point its place in `clusters`; -1 for a point in none
 * @param positions x and y of each point
 */
export function clusterLabels(clusters: readonly NamedCluster[], members: Int32Array, positions: Float32Array): ScatterLabel[] {
  const step = Math.max(1, Math.ceil(members.length / mostPoints))
  const own = clusters.map((): { xs: number[]; ys: number[] } => ({ xs: [], ys: [] }))
  for (let point = 0; point < members.length; point += step) {
    const places = own[members[point] ?? -1]
    places?.xs.push(positions[2 * point] ?? Number.NaN)
    places?.ys.push(positions[2 * point + 1] ?? Number.NaN)
  }
  const texts = textsOf(clusters)
  return clusters.flatMap(({ x, y, count }, place) => {
    const text = texts[place] ?? ''
    const { xs, ys } = own[place] ?? { xs: [], ys: [] }
    if (text === '' || xs.length === 0) return []
    const [[minX, maxX], [minY, maxY]] = [range(xs), range(ys)]
    return [{ x, y, text, weight: count, extent: { minX, maxX, minY, maxY } }]
  })
}
