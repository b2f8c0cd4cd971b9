/** Nearest neighbours of each row, the row itself left out. */
export interface NeighbourRows {
  readonly rows: number
  /** Neighbours of each row. */
  readonly k: number
  /** rows * k, row-major, nearest first; -1 where a row has fewer. */
  readonly indices: Int32Array
  /** rows * k; at least 0, in any unit in which nearer is less. */
  readonly distances: Float32Array
}

/**
 * The first `k` neighbours of each row, in a distance that the layout can use: Chroma's l2 is squared, and its ip may be negative.
 * @returns rows of k, or as many as there are
 */
export function layoutNeighbours(graph: NeighbourRows, k: number, space: 'l2' | 'cosine' | 'ip'): NeighbourRows {
  const kept = Math.min(k, graph.k)
  const { rows } = graph
  const indices = new Int32Array(rows * kept)
  const distances = new Float32Array(rows * kept)
  let least = 0
  for (let row = 0; row < rows; row += 1) {
    for (let place = 0; place < kept; place += 1) {
      const from = row * graph.k + place
      const to = row * kept + place
      const distance = graph.distances[from] as number
      const isNeighbour = (graph.indices[from] as number) >= 0 && Number.isFinite(distance)
      indices[to] = isNeighbour ? (graph.indices[from] as number) : -1
      distances[to] = !isNeighbour ? 0 : space === 'l2' ? Math.sqrt(Math.max(0, distance)) : distance
      least = Math.min(least, distances[to] as number)
    }
  }
  if (least < 0) for (let at = 0; at < distances.length; at += 1) distances[at] = (distances[at] as number) - least
  return { rows, k: kept, indices, distances }
}

/** The neighbours of some rows, which are still numbered among all. */
export function selectRows({ k, indices, distances }: NeighbourRows, rows: Int32Array): NeighbourRows {
  const some = new Int32Array(rows.length * k)
  const someDistances = new Float32Array(rows.length * k)
  for (const [place, row] of rows.entries()) {
    some.set(indices.subarray(row * k, (row + 1) * k), place * k)
    someDistances.set(distances.subarray(row * k, (row + 1) * k), place * k)
  }
  return { rows: rows.length, k, indices: some, distances: someDistances }
}

/** Rows without a place on the map (NaN), ascending. */
export function rowsWithoutPlace(positions: ArrayLike<number>): Int32Array<ArrayBuffer> {
  const rows: number[] = []
  for (let row = 0; row < positions.length / 2; row += 1) if (Number.isNaN(positions[2 * row])) rows.push(row)
  return Int32Array.from(rows)
}
