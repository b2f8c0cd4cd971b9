import type { Space } from './space.ts'

/** How far from 1 a norm may be for its vector to count as a unit vector: float32 rounds, and models write few digits. */
export const unitTolerance = 1e-3

/** Whether a Euclidean norm is that of a unit vector. */
export function isUnitNorm(norm: number): boolean {
  return Math.abs(norm - 1) < unitTolerance
}

function clamp(similarity: number): number {
  return Math.min(1, Math.max(-1, similarity))
}

function comparable(queryNorm: number, vectorNorm: number): boolean {
  return queryNorm > 0 && vectorNorm > 0 && Number.isFinite(queryNorm) && Number.isFinite(vectorNorm)
}

/** Cosine similarity, -1 to 1, of two vectors by their inner product and norms; null where one is zero or not finite. */
export function cosineSimilarity(innerProduct: number, queryNorm: number, vectorNorm: number): number | null {
  return comparable(queryNorm, vectorNorm) && Number.isFinite(innerProduct) ? clamp(innerProduct / (queryNorm * vectorNorm)) : null
}

/**
 * Cosine similarity, -1 to 1, from Chroma's distance. Norms matter in l2 and ip: only for unit vectors is it 1 - d / 2 and
 * 1 - d there. Null where a vector is zero or anything is not finite.
 */
export function similarityFromDistance(space: Space, distance: number, queryNorm: number, vectorNorm: number): number | null {
  if (!comparable(queryNorm, vectorNorm) || !Number.isFinite(distance)) return null
  switch (space) {
    case 'cosine':
      return clamp(1 - distance)
    case 'ip':
      return clamp((1 - distance) / (queryNorm * vectorNorm))
    case 'l2':
      return clamp((queryNorm ** 2 + vectorNorm ** 2 - distance) / (2 * queryNorm * vectorNorm))
  }
}

/** The distance that Chroma gives two vectors of these norms and this cosine similarity: the reverse of {@link similarityFromDistance}. */
export function distanceFromSimilarity(space: Space, similarity: number, queryNorm = 1, vectorNorm = 1): number {
  switch (space) {
    case 'cosine':
      return 1 - similarity
    case 'ip':
      return 1 - similarity * queryNorm * vectorNorm
    case 'l2':
      return queryNorm ** 2 + vectorNorm ** 2 - 2 * similarity * queryNorm * vectorNorm
  }
}

/** Norms of the vectors that are neither zero nor broken. */
export interface NormSummary {
  readonly min: number
  readonly max: number
  /** How many are not unit vectors. */
  readonly nonUnit: number
  readonly count: number
}

function short(norm: number): string {
  return String(Number(norm.toPrecision(3)))
}

/** What somebody who takes `1 - distance` for the similarity would get wrong in this collection, in a sentence; null where nothing. */
export function conversionWarning(space: Space, norms: NormSummary, queryNorm: number): string | null {
  const unit = norms.nonUnit === 0 && (isUnitNorm(queryNorm) || queryNorm === 0)
  if (space === 'cosine' || norms.count === 0) return null
  if (unit) {
    if (space === 'ip') return null
    return '1 - distance is not the similarity here: for unit vectors in an l2 collection it is 1 - distance / 2. A rule such as distance <= 0.15 asks for a similarity of 0.925.'
  }
  const range = norms.nonUnit === 0 ? `the query has norm ${short(queryNorm)}` : `norms go from ${short(norms.min)} to ${short(norms.max)}`
  const order = space === 'ip' ? 'longer vectors come nearer' : 'vectors of like length come nearer'
  return `1 - distance is not the similarity here, because not all vectors have norm 1 (${range}). Similarity is calculated from the norms; in an ${space} collection ${order}, so the two may order records differently.`
}
