import { Random } from './random.ts'

const mostLines = 32
/** Rows that a cell gives on average, at least. */
const rowsOfCell = 8

/**
 * Draws rows so that every part of a picture is represented by its share: strata are the cells of a grid of up to 32 x 32
 * whose lines hold equally many points each way, and each cell gives at least one row.
 * @param picture x and y of each row
 * @param rows to draw from
 * @returns about `count` rows, ascending; all where there are no more
 */
export function stratifiedSample(picture: Float32Array, rows: Int32Array, count: number, seed: number): Int32Array {
  if (rows.length <= count) return rows
  const lines = Math.max(1, Math.min(mostLines, Math.floor(Math.sqrt(count / rowsOfCell))))
  const random = new Random(seed)
  const byX = rows.toSorted((a, b) => (picture[2 * a] as number) - (picture[2 * b] as number) || a - b)
  const chosen: number[] = []
  for (let column = 0; column < lines; column += 1) {
    const part = (of: number, length: number): number => Math.floor((length * of) / lines)
    const strip = byX
      .subarray(part(column, byX.length), part(column + 1, byX.length))
      .toSorted((a, b) => (picture[2 * a + 1] as number) - (picture[2 * b + 1] as number) || a - b)
    for (let line = 0; line < lines; line += 1) {
      const cell = strip.subarray(part(line, strip.length), part(line + 1, strip.length))
      const wanted = Math.min(cell.length, Math.max(1, Math.round((cell.length * count) / rows.length)))
      for (let at = 0; at < wanted; at += 1) {
        const other = at + random.below(cell.length - at)
        const held = cell[at] as number
        cell[at] = cell[other] as number
        cell[other] = held
        chosen.push(cell[at] as number)
      }
    }
  }
  return Int32Array.from(chosen).sort()
}
