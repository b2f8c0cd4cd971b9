/**
 * How many of a point's true neighbours are among as many nearest ones on the map, in one pass over all points.
 * @param positions x and y of each point, NaN for a point without a place
 * @param neighbours points of its true neighbours, each once
 * @returns null for a point without a place, and without neighbours
 */
export function nearOnMap(positions: Float32Array, point: number, neighbours: readonly number[]): number | null {
  const [x, y] = [positions[2 * point] ?? Number.NaN, positions[2 * point + 1] ?? Number.NaN]
  const most = neighbours.length
  if (Number.isNaN(x) || most === 0) return null
  const distanceOf = (other: number): number =>
    ((positions[2 * other] ?? Number.NaN) - x) ** 2 + ((positions[2 * other + 1] ?? Number.NaN) - y) ** 2
  // The smallest distances so far, in order.
  const least = new Float64Array(most).fill(Infinity)
  for (let other = 0; other < positions.length / 2; other += 1) {
    const distance = distanceOf(other)
    // A distance that is not known is not smaller.
    if (other === point || !(distance < (least[most - 1] ?? 0))) continue
    let place = most - 1
    for (; place > 0 && (least[place - 1] ?? 0) > distance; place -= 1) least[place] = least[place - 1] ?? 0
    least[place] = distance
  }
  const furthest = least[most - 1] ?? Infinity
  return neighbours.filter((other) => distanceOf(other) <= furthest).length
}
