import { maxPageSize } from '../../shared/contract/records.ts'
import { formatMetadataValue } from '../../shared/domain/metadata.ts'
import type { Store, StoreOptions } from '../store/store.ts'

/** Values that are told apart, the most frequent ones: a key such as a time has another for each entry. */
const mostGroups = 40
/** What the rest of them is called. */
export const otherValues = 'other values'

/**
 * What lookups are told apart by: a value of metadata of the entry that each came nearest to.
 * @param entryIds for each lookup its entry, null where it has none
 * @returns for each lookup the value as text; null without an entry, and where the entry has no such key
 */
export async function entryGroups(
  store: Store,
  collectionId: string,
  entryIds: readonly (string | null)[],
  key: string,
  options: StoreOptions,
): Promise<(string | null)[]> {
  const wanted = [...new Set(entryIds.flatMap((id) => id ?? []))]
  const valueOf = new Map<string, string>()
  for (let from = 0; from < wanted.length; from += maxPageSize) {
    for (const { id, metadata } of await store.records(collectionId, wanted.slice(from, from + maxPageSize), options)) {
      const value = metadata?.get(key)
      if (value !== undefined && value !== null) valueOf.set(id, formatMetadataValue(value))
    }
    options.onProgress?.('Reading metadata of entries', Math.min(wanted.length, from + maxPageSize), wanted.length)
  }
  const values = entryIds.map((id) => (id === null ? null : (valueOf.get(id) ?? null)))
  const counts = new Map<string, number>()
  for (const value of values) if (value !== null) counts.set(value, (counts.get(value) ?? 0) + 1)
  if (counts.size <= mostGroups) return values
  const told = new Set(
    [...counts]
      .toSorted((a, b) => b[1] - a[1])
      .slice(0, mostGroups - 1)
      .map(([value]) => value),
  )
  return values.map((value) => (value === null || told.has(value) ? value : otherValues))
}
