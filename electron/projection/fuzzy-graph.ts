import type { NeighbourRows } from './neighbour-rows.ts'
import type { SmoothDistances } from './smooth-distances.ts'

/** A symmetric graph with weights of 0 to 1: the edges of row i are those from `starts[i]` to `starts[i + 1]`, by ascending column. */
export interface FuzzyGraph {
  readonly rows: number
  /** rows + 1. */
  readonly starts: Int32Array
  readonly columns: Int32Array
  readonly weights: Float64Array
}

/** How much each neighbour belongs to its row, 0 to 1, in the order of the neighbours; 0 where there is none. */
export function membershipStrengths(neighbours: NeighbourRows, { nearest, widths }: SmoothDistances): Float64Array {
  const { rows, k, indices, distances } = neighbours
  const strengths = new Float64Array(rows * k)
  for (let at = 0; at < strengths.length; at += 1) {
    const row = Math.floor(at / k)
    const column = indices[at] as number
    if (column < 0) continue
    const beyond = (distances[at] as number) - (nearest[row] as number)
    strengths[at] = beyond <= 0 || widths[row] === 0 ? 1 : Math.exp(-(beyond / (widths[row] as number)))
  }
  return strengths
}

/** Edges by row, columns ascending: a counting sort by column, then by row. */
function sortEdges(rows: number, k: number, indices: Int32Array, strengths: Float64Array): { forward: FuzzyGraph; backward: FuzzyGraph } {
  const count = (of: (at: number) => number): Int32Array => {
    const starts = new Int32Array(rows + 1)
    for (let at = 0; at < indices.length; at += 1) if ((indices[at] as number) >= 0) starts[of(at) + 1] = (starts[of(at) + 1] as number) + 1
    for (let row = 0; row < rows; row += 1) starts[row + 1] = (starts[row + 1] as number) + (starts[row] as number)
    return starts
  }
  const byColumn = count((at) => indices[at] as number)
  const byRow = count((at) => Math.floor(at / k))
  const edges = byRow[rows] as number
  const backward = { rows, starts: byColumn, columns: new Int32Array(edges), weights: new Float64Array(edges) }
  const forward = { rows, starts: byRow, columns: new Int32Array(edges), weights: new Float64Array(edges) }
  const columnEnds = byColumn.slice()
  for (let at = 0; at < indices.length; at += 1) {
    const column = indices[at] as number
    if (column < 0) continue
    const place = columnEnds[column] as number
    columnEnds[column] = place + 1
    backward.columns[place] = Math.floor(at / k)
    backward.weights[place] = strengths[at] as number
  }
  const rowEnds = byRow.slice()
  for (let column = 0; column < rows; column += 1) {
    for (let at = byColumn[column] as number; at < (byColumn[column + 1] as number); at += 1) {
      const row = backward.columns[at] as number
      const place = rowEnds[row] as number
      rowEnds[row] = place + 1
      forward.columns[place] = column
      forward.weights[place] = backward.weights[at] as number
    }
  }
  return { forward, backward }
}

/**
 * The fuzzy simplicial set of a neighbour graph: two rows are joined as much as one or the other says, a + b - ab (McInnes, Healy
 * and Melville 2018, arXiv 1802.03426, section 3; `fuzzySimplicialSet` of umap-js with a mix ratio of 1). Edges without weight
 * are left out.
 */
export function fuzzyGraph(neighbours: NeighbourRows, strengths: Float64Array): FuzzyGraph {
  const { rows, k, indices } = neighbours
  const { forward, backward } = sortEdges(rows, k, indices, strengths)
  const starts = new Int32Array(rows + 1)
  const columns = new Int32Array(2 * forward.columns.length)
  const weights = new Float64Array(columns.length)
  let edges = 0
  for (let row = 0; row < rows; row += 1) {
    let [mine, theirs] = [forward.starts[row] as number, backward.starts[row] as number]
    const [mineEnd, theirsEnd] = [forward.starts[row + 1] as number, backward.starts[row + 1] as number]
    while (mine < mineEnd || theirs < theirsEnd) {
      const myColumn = mine < mineEnd ? (forward.columns[mine] as number) : Infinity
      const theirColumn = theirs < theirsEnd ? (backward.columns[theirs] as number) : Infinity
      const a = myColumn <= theirColumn ? (forward.weights[mine++] as number) : 0
      const b = theirColumn <= myColumn ? (backward.weights[theirs++] as number) : 0
      const weight = a + b - a * b
      if (weight === 0) continue
      columns[edges] = Math.min(myColumn, theirColumn)
      weights[edges] = weight
      edges += 1
    }
    starts[row + 1] = edges
  }
  return { rows, starts, columns: columns.slice(0, edges), weights: weights.slice(0, edges) }
}
