import { cosineSimilarity } from '../../shared/domain/similarity.ts'
import type { Space } from '../../shared/domain/space.ts'

/** One record near a query. */
export interface Found {
  /** Place in the block. */
  readonly position: number
  /** Chroma's distance in the ranking's space; null where a number is not finite. */
  readonly distance: number | null
  /** Cosine similarity, -1 to 1; null where a vector is zero or not finite. */
  readonly similarity: number | null
}

function innerProduct(query: ArrayLike<number>, vector: Float32Array): number {
  let sum = 0
  for (let at = 0; at < vector.length; at += 1) sum += (query[at] as number) * (vector[at] as number)
  return sum
}

function squaredDistance(query: ArrayLike<number>, vector: Float32Array): number {
  let sum = 0
  for (let at = 0; at < vector.length; at += 1) sum += ((query[at] as number) - (vector[at] as number)) ** 2
  return sum
}

/** Chroma's distance and the similarity of a query and one vector, in double precision. */
export function compareVectors(
  space: Space,
  query: ArrayLike<number>,
  queryNorm: number,
  vector: Float32Array,
  norm: number,
): Omit<Found, 'position'> {
  const product = innerProduct(query, vector)
  const similarity = cosineSimilarity(product, queryNorm, norm)
  const raw = space === 'l2' ? squaredDistance(query, vector) : 1 - (space === 'ip' ? product : (similarity ?? 0))
  const isFinite = Number.isFinite(norm) && Number.isFinite(queryNorm) && Number.isFinite(raw)
  return { distance: isFinite ? raw : null, similarity }
}

/**
 * Which of two is nearer. Vectors that are not finite come last, in `cosine` zero ones too; between equals the one stored first
 * comes first.
 */
export function nearestFirst(ranking: Space): (a: Found, b: Found) => number {
  const last = (found: Found): boolean => found.distance === null || (ranking === 'cosine' && found.similarity === null)
  return (a, b) => {
    if (last(a) !== last(b)) return last(a) ? 1 : -1
    return (last(a) ? 0 : (a.distance ?? 0) - (b.distance ?? 0)) || a.position - b.position
  }
}
