import { seededRandom } from '../random.ts'

const clusters = 24
// Okabe and Ito's palette.
const colours = ['#e69f00', '#56b4e9', '#009e73', '#d4bd00', '#0072b2', '#d55e00', '#cc79a7', '#7a7a7a']

/** Points in clusters of different size and shape with some scattered between them, like a projection; the same every time. */
export function clusteredPoints(count: number): {
  positions: Float32Array
  codes: Uint8Array
  palette: Uint8Array
  centres: [number, number][]
} {
  const random = seededRandom(5)
  const centres = Array.from({ length: clusters }, (): [number, number] => [random.normal() * 6, random.normal() * 4])
  const widths = centres.map(() => 0.25 + Math.abs(random.normal()) * 0.6)
  const positions = new Float32Array(2 * count)
  const codes = new Uint8Array(count)
  for (let index = 0; index < count; index += 1) {
    const cluster = Math.min(random.below(clusters), random.below(clusters))
    const [x, y] = centres[cluster] ?? [0, 0]
    const width = (widths[cluster] ?? 1) * (index % 40 === 0 ? 4 : 1)
    positions[2 * index] = x + random.normal() * width
    positions[2 * index + 1] = y + random.normal() * width * 0.7
    codes[index] = cluster % colours.length
  }
  const palette = Uint8Array.from(
    colours.flatMap((colour) => [...[1, 3, 5].map((at) => Number.parseInt(colour.slice(at, at + 2), 16)), 255]),
  )
  return { positions, codes, palette, centres }
}
