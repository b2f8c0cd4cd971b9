/**
 * Outline of a long row of numbers for a drawing of `width` x `height` pixels: for every pixel column the span from the smallest to the largest
 * number in it. Numbers that are not finite are left out. Returns an SVG path, empty where nothing can be drawn.
 */
export function sparklinePath(values: Float32Array, width: number, height: number): string {
  let low = 0
  let high = 0
  for (const value of values) {
    if (!Number.isFinite(value)) continue
    low = Math.min(low, value)
    high = Math.max(high, value)
  }
  if (values.length === 0 || width <= 0) return ''
  const span = high - low || 1
  const y = (value: number) => (height - ((value - low) / span) * height).toFixed(1)
  const columns = Math.min(width, values.length)
  const step = width / columns
  const parts: string[] = []
  for (let column = 0; column < columns; column += 1) {
    const from = Math.floor((column * values.length) / columns)
    const to = Math.max(from + 1, Math.floor(((column + 1) * values.length) / columns))
    let top = -Infinity
    let bottom = Infinity
    for (let at = from; at < to; at += 1) {
      const value = values[at] ?? Number.NaN
      if (!Number.isFinite(value)) continue
      top = Math.max(top, value, 0)
      bottom = Math.min(bottom, value, 0)
    }
    if (top >= bottom) parts.push(`M${(column * step + step / 2).toFixed(1)} ${y(top)}V${y(bottom)}`)
  }
  return parts.join('')
}
