/** Why a vector cannot be stored in a collection of this dimension (null: any), in a sentence; null where it can. */
export function vectorProblem(vector: Float32Array, dimension: number | null): string | null {
  if (vector.length === 0) return 'The vector has no numbers.'
  if (dimension !== null && vector.length !== dimension)
    return `The vector has ${vector.length} dimensions; those of the collection have ${dimension}.`
  return vector.every(Number.isFinite) ? null : 'The vector holds a number that is not finite.'
}
