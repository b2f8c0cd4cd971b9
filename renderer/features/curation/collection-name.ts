import type { CollectionSummary } from '../../../shared/contract/collections.ts'
import { collectionNameProblem } from '../../../shared/domain/curation/collection-name-problem.ts'

/** Why a collection cannot get a name; null where it can. `others` are the collections of the same database. */
export function newNameProblem(name: string, others: readonly Pick<CollectionSummary, 'name'>[]): string | null {
  const isTaken = others.some((other) => other.name === name)
  return collectionNameProblem(name) ?? (isTaken ? 'The database has a collection of this name.' : null)
}
