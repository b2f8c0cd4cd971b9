const rowsPerCell = 4

/** Points by cells of a grid over the map; points without a place are in none. */
interface Grid {
  readonly columns: number
  readonly lines: number
  readonly starts: Int32Array
  readonly members: Int32Array
  readonly size: number
  readonly left: number
  readonly top: number
}

function makeGrid(positions: Float32Array): Grid {
  const rows = positions.length / 2
  let [left, right, top, bottom, placed] = [Infinity, -Infinity, Infinity, -Infinity, 0]
  for (let row = 0; row < rows; row += 1) {
    const [x, y] = [positions[2 * row] as number, positions[2 * row + 1] as number]
    if (!Number.isFinite(x) || !Number.isFinite(y)) continue
    placed += 1
    left = Math.min(left, x)
    right = Math.max(right, x)
    top = Math.min(top, y)
    bottom = Math.max(bottom, y)
  }
  const [width, height] = [Math.max(0, right - left) || 1, Math.max(0, bottom - top) || 1]
  const size = Math.max(Math.sqrt((width * height * rowsPerCell) / Math.max(1, placed)), width / 4096, height / 4096)
  const columns = Math.floor(width / size) + 1
  const lines = Math.floor(height / size) + 1
  const starts = new Int32Array(columns * lines + 1)
  const cellOf = (row: number): number => {
    const [x, y] = [positions[2 * row] as number, positions[2 * row + 1] as number]
    if (!Number.isFinite(x) || !Number.isFinite(y)) return -1
    return Math.floor((y - top) / size) * columns + Math.floor((x - left) / size)
  }
  for (let row = 0; row < rows; row += 1) {
    const cell = cellOf(row)
    if (cell >= 0) starts[cell + 1] = (starts[cell + 1] as number) + 1
  }
  for (let cell = 0; cell < columns * lines; cell += 1) starts[cell + 1] = (starts[cell + 1] as number) + (starts[cell] as number)
  const ends = starts.slice()
  const members = new Int32Array(placed)
  for (let row = 0; row < rows; row += 1) {
    const cell = cellOf(row)
    if (cell < 0) continue
    const place = ends[cell] as number
    ends[cell] = place + 1
    members[place] = row
  }
  return { columns, lines, starts, members, size, left, top }
}

/** Finds the nearest points of points on the map, exactly: rings of cells are searched until none can hold a nearer one. */
export class PlanarNeighbours {
  readonly #positions: Float32Array
  readonly #grid: Grid

  /** @param positions x and y of each point, NaN for a point without a place */
  constructor(positions: Float32Array) {
    this.#positions = positions
    this.#grid = makeGrid(positions)
  }

  /**
   * The `k` nearest points of a point that has a place, itself left out; of points at the same distance the first rows.
   * @param found receives the rows, nearest first
   * @returns how many there are
   */
  nearest(row: number, k: number, found: Int32Array, distances: Float64Array): number {
    const positions = this.#positions
    const { columns, lines, starts, members, size, left, top } = this.#grid
    const [x, y] = [positions[2 * row] as number, positions[2 * row + 1] as number]
    const column = Math.floor((x - left) / size)
    const line = Math.floor((y - top) / size)
    let count = 0
    const rings = Math.max(columns, lines)
    for (let ring = 0; ring < rings; ring += 1) {
      // Everything beyond is at least this far from the point.
      const reach = Math.max(0, ring - 1) * size
      if (count === k && (distances[k - 1] as number) < reach * reach) break
      for (let atLine = line - ring; atLine <= line + ring; atLine += 1) {
        if (atLine < 0 || atLine >= lines) continue
        const isEdge = Math.abs(atLine - line) === ring
        for (let atColumn = column - ring; atColumn <= column + ring; atColumn += isEdge || ring === 0 ? 1 : 2 * ring) {
          if (atColumn < 0 || atColumn >= columns) continue
          const cell = atLine * columns + atColumn
          for (let at = starts[cell] as number; at < (starts[cell + 1] as number); at += 1) {
            const other = members[at] as number
            if (other === row) continue
            const dx = (positions[2 * other] as number) - x
            const dy = (positions[2 * other + 1] as number) - y
            const squared = dx * dx + dy * dy
            if (count === k) {
              const worst = distances[k - 1] as number
              if (squared > worst || (squared === worst && other > (found[k - 1] as number))) continue
            } else count += 1
            let place = count - 1
            while (place > 0) {
              const before = distances[place - 1] as number
              if (before < squared || (before === squared && (found[place - 1] as number) < other)) break
              distances[place] = before
              found[place] = found[place - 1] as number
              place -= 1
            }
            distances[place] = squared
            found[place] = other
          }
        }
      }
    }
    return count
  }
}
