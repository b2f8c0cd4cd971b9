import type { Curve } from './curve.ts'

/** Pieces of a table for each doubling of the squared distance. */
export const tableSteps = 128
const stepBits = 7
/** Squared distances from 2^-24 to 2^24 are looked up. */
const leastExponent = -24
const mostExponent = 24

/** Shift, mask and offset that make a place in the tables of the bits of a float32, and what is left of them for interpolation. */
export const tableShift = 23 - stepBits
export const tableOffset = (leastExponent + 127) * tableSteps
export const tableRest = (1 << tableShift) - 1
export const tableRestScale = 1 / (1 << tableShift)
export const tableLength = (mostExponent - leastExponent) * tableSteps

/** Force of an edge on its ends for each unit between them, by squared distance; negative, since it draws together. */
export function attraction({ a, b }: Curve, squared: number): number {
  return squared > 0 ? (-2 * a * b * squared ** (b - 1)) / (a * squared ** b + 1) : 0
}

/** The same for a pair that is not joined; positive. */
export function repulsion({ a, b }: Curve, squared: number): number {
  return (2 * b) / ((0.001 + squared) * (a * squared ** b + 1))
}

/**
 * Values of a function of the squared distance at the starts of the pieces, `tableLength` and one more. Between them straight
 * lines are off by less than 0.002 percent; a power and a division for each pair would take most of the layout's time.
 */
export function forceTable(force: (squared: number) => number): Float64Array {
  return Float64Array.from({ length: tableLength + 1 }, (_, place) => {
    const exponent = Math.floor(place / tableSteps) + leastExponent
    return force(2 ** exponent * (1 + (place % tableSteps) / tableSteps))
  })
}
