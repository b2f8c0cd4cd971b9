import type { CollectionSummary } from '../../../shared/contract/collections.ts'

/** Why a collection cannot have a name, by the rules of Chroma; null where it can. `others` are those of the same database. */
export function collectionNameProblem(name: string, others: readonly Pick<CollectionSummary, 'name'>[]): string | null {
  if (name.length < 3 || name.length > 512) return 'A name has 3 to 512 characters.'
  if (!/^[A-Za-z0-9._-]+$/.test(name)) return 'A name has only letters without accents, digits, dots, hyphens and underscores.'
  if (!/^[A-Za-z0-9]/.test(name) || !/[A-Za-z0-9]$/.test(name)) return 'A name begins and ends with a letter or a digit.'
  if (others.some((other) => other.name === name)) return 'The database has a collection of this name.'
  return null
}
