/** How near two points are on the map, from their distance there: 1 / (1 + a d^2b). */
export interface Curve {
  readonly a: number
  readonly b: number
}

const samples = 300
const mostSteps = 200

/**
 * Fits the curve to one that is 1 up to `minDist` and falls off exponentially beyond, by least squares with the method of
 * Levenberg and Marquardt on 300 distances, as umap-learn's `find_ab_params` does.
 * @param minDist 0 to 0.99
 */
export function fitCurve(minDist: number, spread = 1): Curve {
  const distances = Float64Array.from({ length: samples }, (_, at) => (3 * spread * at) / (samples - 1))
  const wanted = distances.map((distance) => (distance < minDist ? 1 : Math.exp(-(distance - minDist) / spread)))
  const errorOf = (a: number, b: number): number => {
    let error = 0
    for (let at = 0; at < samples; at += 1) error += (1 / (1 + a * (distances[at] as number) ** (2 * b)) - (wanted[at] as number)) ** 2
    return error
  }
  let [a, b, damping] = [1, 1, 1e-3]
  let error = errorOf(a, b)
  for (let step = 0; step < mostSteps && damping < 1e12; step += 1) {
    let [aa, ab, bb, ra, rb] = [0, 0, 0, 0, 0]
    for (let at = 0; at < samples; at += 1) {
      const distance = distances[at] as number
      if (distance === 0) continue
      const power = distance ** (2 * b)
      const value = 1 / (1 + a * power)
      const rest = (wanted[at] as number) - value
      const byA = -value * value * power
      const byB = byA * a * 2 * Math.log(distance)
      aa += byA * byA
      ab += byA * byB
      bb += byB * byB
      ra += byA * rest
      rb += byB * rest
    }
    const determinant = aa * (1 + damping) * bb * (1 + damping) - ab * ab
    const nextA = a + (ra * bb * (1 + damping) - rb * ab) / determinant
    const nextB = b + (rb * aa * (1 + damping) - ra * ab) / determinant
    const nextError = nextA > 0 && nextB > 0 ? errorOf(nextA, nextB) : Infinity
    if (nextError >= error) {
      damping *= 10
      continue
    }
    const isDone = error - nextError < 1e-15
    ;[a, b, error, damping] = [nextA, nextB, nextError, damping / 10]
    if (isDone) break
  }
  return { a, b }
}
