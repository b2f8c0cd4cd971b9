import type { Metadata, MetadataValue } from '../metadata.ts'
import type { StoredRecord } from '../record.ts'

/** Whether two values are the same with their types: 3 and 3n are not, and floats are told apart by their bits. */
export function sameMetadataValue(a: MetadataValue, b: MetadataValue): boolean {
  if (Array.isArray(a) || Array.isArray(b)) {
    return Array.isArray(a) && Array.isArray(b) && a.length === b.length && a.every((item, at) => Object.is(item, b[at]))
  }
  return Object.is(a, b)
}

/** Whether two records have the same metadata in any order of keys. Chroma does not tell none from empty metadata. */
export function sameMetadata(a: Metadata | null, b: Metadata | null): boolean {
  if ((a?.size ?? 0) !== (b?.size ?? 0)) return false
  for (const [key, value] of a ?? []) {
    const other = b?.get(key)
    if (other === undefined || !sameMetadataValue(value, other)) return false
  }
  return true
}

/** Whether two records are the same but for their vectors. */
export function sameRecord(a: StoredRecord, b: StoredRecord): boolean {
  return a.id === b.id && a.document === b.document && a.uri === b.uri && sameMetadata(a.metadata, b.metadata)
}
