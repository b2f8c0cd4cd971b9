import type { Curve } from './curve.ts'

const bitsOfPieces = 7
/** Pieces of a table for each doubling of the squared distance. */
const pieces = 1 << bitsOfPieces
/** Squared distances from 2^-40 to 2^40 are told apart; nearer ones count as the first of these, beyond there is no force. */
const leastExponent = -40
const mostExponent = 40
const exponentBias = 127

/** Two numbers of a piece, so that the force is the first and the second times the squared distance. */
const pieceNumbers = 2
/** For each exponent that a float32 may have. */
export const tableNumbers = 256 * pieces * pieceNumbers
/** The bits of a squared distance shifted to the right by this, and with only those of `pieceMask`, are the place of its piece in bytes. */
export const pieceShift = 23 - bitsOfPieces - 3
export const pieceMask = tableNumbers * 4 - pieceNumbers * 4

/** Force of an edge on its ends for each unit between them, by squared distance; negative, since it draws together. */
export function attraction({ a, b }: Curve, squared: number): number {
  return (-2 * a * b * squared ** (b - 1)) / (a * squared ** b + 1)
}

/** The same for a pair that is not joined; positive. */
export function repulsion({ a, b }: Curve, squared: number): number {
  return (2 * b) / ((0.001 + squared) * (a * squared ** b + 1))
}

/**
 * Writes the pieces of a force, each the line through its values at the two Chebyshev points: off by less than 0.001 percent. A power and
 * a division for each pair would take most of the layout's time.
 * @param table `tableNumbers`
 */
export function writeForces(force: (squared: number) => number, table: Float32Array): void {
  table.fill(0)
  const nearest = force(2 ** leastExponent)
  const firstPlace = (leastExponent + exponentBias) * pieces
  for (let place = 0; place < firstPlace; place += 1) table[place * pieceNumbers] = nearest
  for (let place = firstPlace; place < (mostExponent + exponentBias) * pieces; place += 1) {
    const length = 2 ** (Math.floor(place / pieces) - exponentBias) / pieces
    const middle = length * (pieces + (place % pieces) + 0.5)
    const reach = (length / 2) * Math.SQRT1_2
    const [before, after] = [force(middle - reach), force(middle + reach)]
    const slope = (after - before) / (2 * reach)
    table[place * pieceNumbers] = (before + after) / 2 - slope * middle
    table[place * pieceNumbers + 1] = slope
  }
}
