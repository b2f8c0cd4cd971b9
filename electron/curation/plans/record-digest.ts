import { createHash } from 'node:crypto'
import { formatMetadataValue, metadataTypeOf } from '../../../shared/domain/metadata.ts'
import type { RecordState } from '../change.ts'

/** A short name of everything a record holds: records with the same name are the same. */
export function recordDigest({ id, document, uri, metadata, vector }: RecordState): string {
  const values = [...(metadata ?? [])]
    .map(([key, value]) => [key, metadataTypeOf(value), formatMetadataValue(value)])
    .sort(([a = ''], [b = '']) => (a < b ? -1 : 1))
  const hash = createHash('sha256').update(JSON.stringify([id, document, uri, values]))
  if (vector) hash.update(new Uint8Array(vector.buffer, vector.byteOffset, vector.byteLength))
  return hash.digest('base64')
}
