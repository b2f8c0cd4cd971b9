/** Cells along the longer side of the map. */
const cellsAlong = 160
/** Deviation of the blur in cells. */
const blur = 2
/** A peak is one of its own where it rises this much above the pass to a higher one, as a share of its height. */
const prominence = 0.35
/** Cells below this share of the median density of points belong to no cluster. */
const background = 0.12
const leastPoints = 5

export interface DensityClusters {
  /** Most points first; x and y of the densest cell. */
  readonly clusters: readonly { readonly x: number; readonly y: number; readonly count: number }[]
  /** Cluster of each point; -1 for none. */
  readonly members: Int32Array
}

function blurLines(values: Float64Array, columns: number, lines: number, step: number): Float64Array {
  const reach = Math.ceil(3 * blur)
  const weights = Float64Array.from({ length: 2 * reach + 1 }, (_, at) => Math.exp(-((at - reach) ** 2) / (2 * blur * blur)))
  const blurred = new Float64Array(values.length)
  for (let line = 0; line < lines; line += 1) {
    for (let column = 0; column < columns; column += 1) {
      let sum = 0
      for (let at = -reach; at <= reach; at += 1) {
        const moved = (step === 1 ? column : line) + at
        if (moved < 0 || moved >= (step === 1 ? columns : lines)) continue
        sum += (values[line * columns + column + at * step] as number) * (weights[at + reach] as number)
      }
      blurred[line * columns + column] = sum
    }
  }
  return blurred
}

/**
 * Finds the dense parts of a map: points are counted on a blurred grid, and cells are joined from the densest down; where two
 * peaks meet, the lower one stays apart only if it rises enough above their pass (ToMATo: Chazal, Guibas, Oudot and Skraba 2013,
 * "Persistence-based clustering in Riemannian manifolds").
 * @param positions x and y of each point, NaN for a point without a place
 */
export function densityClusters(positions: Float32Array): DensityClusters {
  const rows = positions.length / 2
  const members = new Int32Array(rows).fill(-1)
  let [left, right, top, bottom] = [Infinity, -Infinity, Infinity, -Infinity]
  for (let row = 0; row < rows; row += 1) {
    const [x, y] = [positions[2 * row] as number, positions[2 * row + 1] as number]
    if (Number.isNaN(x)) continue
    left = Math.min(left, x)
    right = Math.max(right, x)
    top = Math.min(top, y)
    bottom = Math.max(bottom, y)
  }
  if (right < left) return { clusters: [], members }
  const size = Math.max(right - left, bottom - top) / (cellsAlong - 1) || 1
  const margin = 3 * blur
  const columns = Math.floor((right - left) / size) + 1 + 2 * margin
  const lines = Math.floor((bottom - top) / size) + 1 + 2 * margin
  const counts = new Float64Array(columns * lines)
  const cells = new Int32Array(rows).fill(-1)
  for (let row = 0; row < rows; row += 1) {
    const [x, y] = [positions[2 * row] as number, positions[2 * row + 1] as number]
    if (Number.isNaN(x)) continue
    const cell = (Math.floor((y - top) / size) + margin) * columns + Math.floor((x - left) / size) + margin
    cells[row] = cell
    counts[cell] = (counts[cell] as number) + 1
  }
  const density = blurLines(blurLines(counts, columns, lines, 1), columns, lines, columns)
  const ofPoints = Float64Array.from(
    cells.filter((cell) => cell >= 0),
    (cell) => density[cell] as number,
  ).sort()
  const floor = background * (ofPoints[ofPoints.length >> 1] ?? 0)

  const order = Int32Array.from(density.keys())
    .filter((cell) => (density[cell] as number) > floor)
    .sort((a, b) => (density[b] as number) - (density[a] as number) || a - b)
  const parents = new Int32Array(columns * lines).fill(-1)
  const peakOf = (cell: number): number => {
    let peak = cell
    while (parents[peak] !== peak) peak = parents[peak] as number
    for (let at = cell; parents[at] !== peak;) {
      const next = parents[at] as number
      parents[at] = peak
      at = next
    }
    return peak
  }
  for (const cell of order) {
    const column = cell % columns
    const around = [-1, 0, 1].flatMap((line) =>
      [-1, 0, 1].map((beside) => ({ cell: cell + line * columns + beside, column: column + beside })),
    )
    const peaks = around
      .filter((other) => other.column >= 0 && other.column < columns && other.cell !== cell && (parents[other.cell] ?? -1) !== -1)
      .map((other) => peakOf(other.cell))
      .toSorted((a, b) => (density[b] as number) - (density[a] as number) || a - b)
    const highest = peaks[0] ?? cell
    parents[cell] = highest
    for (const peak of peaks) {
      const height = density[peak] as number
      if (peakOf(peak) !== peakOf(highest) && height - (density[cell] as number) < prominence * height) parents[peak] = peakOf(highest)
    }
  }

  const countOf = new Map<number, number>()
  for (const cell of cells) {
    if (cell < 0 || (parents[cell] as number) === -1) continue
    const peak = peakOf(cell)
    countOf.set(peak, (countOf.get(peak) ?? 0) + 1)
  }
  const least = Math.max(leastPoints, rows / 2000)
  const kept = [...countOf].filter(([, count]) => count >= least).toSorted((a, b) => b[1] - a[1] || a[0] - b[0])
  const placeOf = new Map(kept.map(([peak], place) => [peak, place]))
  for (const [row, cell] of cells.entries()) {
    if (cell >= 0 && (parents[cell] as number) !== -1) members[row] = placeOf.get(peakOf(cell)) ?? -1
  }
  const clusters = kept.map(([peak, count]) => ({
    x: left + ((peak % columns) - margin + 0.5) * size,
    y: top + (Math.floor(peak / columns) - margin + 0.5) * size,
    count,
  }))
  return { clusters, members }
}
