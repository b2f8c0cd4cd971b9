import type { Space } from '../../../shared/domain/space.ts'

/** What a space measures, in a few words. */
export const spaceWords: Record<Space, string> = {
  l2: 'squared Euclidean distance',
  cosine: 'cosine distance',
  ip: 'inner product distance',
}
