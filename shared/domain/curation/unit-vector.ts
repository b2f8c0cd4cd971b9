import { isUnitNorm } from '../similarity.ts'

/** What becomes of a vector that is brought to norm 1; `same` where it has that norm already. */
export type VectorOutcome =
  | { readonly kind: 'changed'; readonly vector: Float32Array }
  | { readonly kind: 'same' }
  | { readonly kind: 'refused'; readonly reason: string }

/** The vector of the same direction with Euclidean norm 1; the norm is calculated in double precision. Null is a vector that cannot be read. */
export function unitVector(vector: Float32Array | null): VectorOutcome {
  if (vector === null) return { kind: 'refused', reason: 'It has no vector that can be read.' }
  let squares = 0
  for (const value of vector) squares += value * value
  const norm = Math.sqrt(squares)
  if (!Number.isFinite(norm)) return { kind: 'refused', reason: 'Its vector holds a number that is not finite.' }
  if (norm === 0) return { kind: 'refused', reason: 'All numbers of its vector are zero, so it has no direction.' }
  return isUnitNorm(norm) ? { kind: 'same' } : { kind: 'changed', vector: vector.map((value) => value / norm) }
}
