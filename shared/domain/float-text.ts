import { formatScalar } from './metadata.ts'

/** As Rust's serde_json reads a number by default (`f64_from_parts`): digits as a double, times or divided by a power of ten. */
function asServerReads(text: string): number {
  const [digits = '', exponent = '0'] = text.split('e')
  const [whole = '', fraction = ''] = digits.replace('-', '').split('.')
  let power = Number(exponent) - fraction.length
  let value = Number(BigInt(whole + fraction))
  while (power < -308) {
    value /= 1e308
    power += 308
  }
  value = power < 0 ? value / Number(`1e${-power}`) : value * Number(`1e${power}`)
  return digits.startsWith('-') ? -value : value
}

/** What ends up in the store: the server writes what it read into its queue, in its shortest spelling, and reads it again from there. */
function asServerKeeps(text: string): number {
  return asServerReads(formatScalar(asServerReads(text)))
}

const bits = new DataView(new ArrayBuffer(8))

/** The double beside, away from zero or towards it. */
function beside(value: number, step: bigint): number {
  bits.setFloat64(0, value)
  bits.setBigUint64(0, bits.getBigUint64(0) + step)
  return bits.getFloat64(0)
}

function spellings(value: number): string[] {
  return [formatScalar(value), ...[16, 17, 18].map((digits) => value.toExponential(digits))].map((text) => text.replace('e+', 'e'))
}

/**
 * The decimal spelling of a number with which a Chroma server keeps it best. Its reader rounds twice, and is passed twice, so that the
 * shortest spelling of about one number in six ends up a place or two beside. Most of those cannot be kept exactly by any spelling;
 * then the one is taken that ends up nearest.
 */
export function floatText(value: number): string {
  const shortest = formatScalar(value)
  const off = (text: string): number => Math.abs(asServerKeeps(text) - value)
  if (!Number.isFinite(value) || value === 0 || off(shortest.replace('e+', 'e')) === 0) return shortest
  const candidates = [value, beside(value, 1n), beside(value, -1n)].flatMap(spellings)
  return candidates.reduce((best, text) => (off(text) < off(best) ? text : best))
}

/** The number that is there once a Chroma server was sent this one: it itself for most, or one a place or two beside it. */
export function keptFloat(value: number): number {
  return Number.isFinite(value) && value !== 0 ? asServerKeeps(floatText(value).replace('e+', 'e')) : value
}
