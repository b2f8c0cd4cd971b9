import { formatScalar } from '../../../shared/domain/metadata.ts'

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

/**
 * A decimal spelling of a finite number that Chroma's server reads as exactly this number. Its reader rounds twice, so the shortest
 * spelling may come out at the number beside; then one with more digits is taken, of which one is read rightly nearly always.
 */
export function floatText(value: number): string {
  const shortest = formatScalar(value)
  if (!Number.isFinite(value) || asServerReads(shortest) === value) return shortest
  const longer = [16, 17, 18].map((digits) => value.toExponential(digits).replace('e+', 'e'))
  return longer.find((text) => asServerReads(text) === value) ?? shortest
}
