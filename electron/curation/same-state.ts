import type { Metadata, MetadataScalar, MetadataValue } from '../../shared/domain/metadata.ts'
import type { Space } from '../../shared/domain/space.ts'
import type { RecordState } from './change.ts'

/**
 * Chroma keeps vectors of cosine collections as unit vectors and their norms in float32, and answers their product: by measurement
 * that is off by up to 1.2e-7 of the vector's length each time a vector is taken in, from where it was exact or once off already.
 */
const cosineRounding = 3e-7

const bits = new DataView(new ArrayBuffer(8))

function orderOf(value: number): bigint {
  bits.setFloat64(0, value)
  const raw = bits.getBigInt64(0)
  return raw >= 0n ? raw : -(raw & 0x7fffffffffffffffn)
}

/** Chroma's JSON reader, which is passed twice, may come out up to two doubles beside the one that was sent, and gives up the sign of zero. */
function sameFloat(a: number, b: number): boolean {
  if (a === b || Object.is(a, b)) return true
  if (!Number.isFinite(a) || !Number.isFinite(b)) return false
  const distance = orderOf(a) - orderOf(b)
  return distance >= -2n && distance <= 2n
}

function sameScalar(a: MetadataScalar, b: MetadataScalar): boolean {
  return typeof a === 'number' && typeof b === 'number' ? sameFloat(a, b) : a === b
}

function sameValue(a: MetadataValue, b: MetadataValue | undefined): boolean {
  if (b === undefined) return false
  if (!Array.isArray(a)) return !Array.isArray(b) && sameScalar(a, b)
  return Array.isArray(b) && a.length === b.length && a.every((item, index) => sameScalar(item, b[index] as MetadataScalar))
}

/** Whether two records' metadata say the same. The order of keys means nothing, and none is the same as empty. */
export function sameMetadata(a: Metadata | null, b: Metadata | null): boolean {
  if ((a?.size ?? 0) !== (b?.size ?? 0)) return false
  for (const [key, value] of a ?? []) if (!sameValue(value, b?.get(key))) return false
  return true
}

/** Whether two vectors have the same numbers; null is no vector. */
export function identicalVectors(a: Float32Array | null, b: Float32Array | null): boolean {
  if (a === b) return true
  if (a === null || b === null || a.length !== b.length) return false
  for (let index = 0; index < a.length; index += 1) if (a[index] !== b[index] && !Object.is(a[index], b[index])) return false
  return true
}

/** Whether the store may answer one vector where the other was put in. */
function sameVector(a: Float32Array | null, b: Float32Array | null, space: Space): boolean {
  if (identicalVectors(a, b)) return true
  if (space !== 'cosine' || a === null || b === null || a.length !== b.length) return false
  let squares = 0
  let off = 0
  for (let index = 0; index < a.length; index += 1) {
    squares += (a[index] ?? 0) ** 2
    off += ((a[index] ?? 0) - (b[index] ?? 0)) ** 2
  }
  return off <= cosineRounding ** 2 * squares
}

/** Whether two states of a record cannot be told apart by what Chroma keeps. Null means that there is no record. */
export function sameState(a: RecordState | null, b: RecordState | null, space: Space): boolean {
  if (a === null || b === null) return a === b
  return a.document === b.document && a.uri === b.uri && sameMetadata(a.metadata, b.metadata) && sameVector(a.vector, b.vector, space)
}
