import type { MetadataKey } from '../../shared/contract/collections.ts'
import { metadataTypeOf, type Metadata, type MetadataType, type MetadataValue } from '../../shared/domain/metadata.ts'

const countedValues = 1000

interface Tally {
  readonly types: Map<MetadataType, number>
  readonly values: Set<string>
  count: number
  longest: number
}

function nameOf(value: MetadataValue): string {
  return Array.isArray(value) ? `[${value.map(nameOf).join()}]` : `${typeof value} ${String(value)}`
}

/** Length in code points, as SQLite counts. */
function characters(text: string): number {
  let pairs = 0
  for (let at = 0; at < text.length; at += 1) if (text.charCodeAt(at) >> 10 === 0x37) pairs += 1
  return text.length - pairs
}

/** The keys of a collection's metadata with their types, commonest first. */
export function metadataKeys(metadatas: Iterable<Metadata | null>): MetadataKey[] {
  const tallies = new Map<string, Tally>()
  for (const metadata of metadatas) {
    for (const [key, value] of metadata ?? []) {
      const tally = tallies.get(key) ?? { types: new Map(), values: new Set(), count: 0, longest: 0 }
      tallies.set(key, tally)
      const type = metadataTypeOf(value)
      tally.count += 1
      tally.types.set(type, (tally.types.get(type) ?? 0) + 1)
      if (tally.values.size < countedValues) tally.values.add(nameOf(value))
      if (typeof value === 'string') tally.longest = Math.max(tally.longest, characters(value))
    }
  }
  return [...tallies]
    .map(([key, { types, values, count, longest }]) => ({
      key,
      types: [...types].map(([type, number]) => ({ type, count: number })).toSorted((a, b) => b.count - a.count),
      count,
      distinct: values.size,
      longest,
    }))
    .toSorted((a, b) => b.count - a.count || (a.key < b.key ? -1 : 1))
}
