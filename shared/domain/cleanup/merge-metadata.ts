import type { Metadata, MetadataValue } from '../metadata.ts'
import type { ProfileMapping, Role } from '../profiles/profile.ts'
import { readTime } from '../time.ts'

/** The top-level key of a role; null where it is not one. */
function keyOf(mapping: ProfileMapping, role: Role): string | null {
  const field = mapping.fields[role]
  return field?.from === 'metadata' && field.path === null ? field.key : null
}

function better(a: MetadataValue, b: MetadataValue, isBetter: (b: number, a: number) => boolean): MetadataValue {
  const number = (value: MetadataValue): number => {
    if (typeof value === 'bigint' || typeof value === 'number') return Number(value)
    return typeof value === 'string' ? (readTime(value) ?? Number.NaN) : Number.NaN
  }
  return isBetter(number(b), number(a)) ? b : a
}

/**
 * The keeper's metadata with what its duplicates add: keys it lacks, the highest count of hits, the earliest creation and the latest
 * use. Values keep their type and the way they are written.
 */
export function mergeMetadata(mapping: ProfileMapping, keeper: Metadata | null, others: readonly (Metadata | null)[]): Metadata | null {
  const merged: Metadata = new Map(keeper ?? [])
  const [hits, created, used] = (['hitCount', 'createdAt', 'lastHitAt'] as const).map((role) => keyOf(mapping, role))
  for (const metadata of others) {
    for (const [key, value] of metadata ?? []) {
      const own = merged.get(key)
      if (own === undefined) merged.set(key, value)
      else if (key === created)
        merged.set(
          key,
          better(own, value, (b, a) => b < a),
        )
      else if (key === hits || key === used)
        merged.set(
          key,
          better(own, value, (b, a) => b > a),
        )
    }
  }
  return merged.size === 0 ? keeper : merged
}
