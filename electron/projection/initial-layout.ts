import { Random } from './random.ts'

/** Side of the square that a layout starts in. */
const side = 10
const noise = 1e-4

/**
 * Scales a first picture as umap-learn scales the start of a layout: the greatest coordinate becomes 10, a little noise parts
 * points at the same place, and then each axis is stretched to 0 to 10. It gives the layout its overall shape (Kobak and
 * Linderman 2021, "Initialization is critical for preserving global data structure").
 * @param rows of the picture to take, which has x and y of each
 */
export function initialLayout(picture: Float32Array, rows: Int32Array, seed: number): Float64Array {
  const random = new Random(seed)
  let greatest = 0
  for (const row of rows) greatest = Math.max(greatest, Math.abs(picture[2 * row] as number), Math.abs(picture[2 * row + 1] as number))
  const scale = greatest > 0 ? side / greatest : 1
  const positions = new Float64Array(rows.length * 2)
  const least = [Infinity, Infinity]
  const most = [-Infinity, -Infinity]
  for (let at = 0; at < positions.length; at += 1) {
    const value = (picture[2 * (rows[at >> 1] as number) + (at & 1)] as number) * scale + noise * random.normal()
    positions[at] = value
    least[at & 1] = Math.min(least[at & 1] as number, value)
    most[at & 1] = Math.max(most[at & 1] as number, value)
  }
  for (let at = 0; at < positions.length; at += 1) {
    const [low, high] = [least[at & 1] as number, most[at & 1] as number]
    positions[at] = high > low ? (side * ((positions[at] as number) - low)) / (high - low) : 0
  }
  return positions
}
