import type { MetadataValue } from '../../shared/domain/metadata.ts'
import type { ProfileMapping } from '../../shared/domain/profiles/profile.ts'
import { readRole } from '../../shared/domain/profiles/read-role.ts'
import type { StoredRecord } from '../../shared/domain/record.ts'

function textOf(value: MetadataValue | null): string | null {
  if (value === null) return null
  return Array.isArray(value) ? value.join(', ') : String(value)
}

/** What an entry answers: its response, else its document where that is not the query. */
export function responseOf(mapping: ProfileMapping, record: StoredRecord): string | null {
  const response = textOf(readRole(mapping, 'response', record))
  if (response !== null) return response
  const { query } = mapping.fields
  return query !== undefined && query.from !== 'document' ? record.document : null
}
