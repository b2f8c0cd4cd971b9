import type { MetadataKey } from '../../../../shared/contract/collections.ts'

/** Most keys that one request may ask for. */
export const maxFacetKeys = 50

/** Values of almost every record differ, and are texts: counting them tells nothing. */
function isUnique(key: MetadataKey): boolean {
  const texts = key.types.reduce((sum, { type, count }) => sum + (type.startsWith('string') ? count : 0), 0)
  return texts * 2 > key.count && (key.distinct >= 1000 || key.distinct > key.count * 0.6) && key.distinct > 30
}

function rank(key: MetadataKey): number {
  if (key.distinct <= 1) return 4
  if (isUnique(key)) return 3
  if (key.longest > 200) return 2
  return key.distinct <= 30 ? 0 : 1
}

/** Keys in the order in which their facets help: few distinct values first, then ranges, then long and unique texts, then what never differs. */
export function facetKeys(keys: readonly MetadataKey[]): MetadataKey[] {
  return [...keys].sort((a, b) => rank(a) - rank(b) || b.count - a.count || a.key.localeCompare(b.key)).slice(0, maxFacetKeys)
}

/** Facets that are unfolded at first. */
export function opensAtFirst(key: MetadataKey, place: number): boolean {
  return rank(key) <= 1 && place < 8
}
