import type { MetadataScalar } from '../../../shared/domain/metadata.ts'
import type { StoredRecord } from '../../../shared/domain/record.ts'
import { type KeyedValue, recordParts } from './metadata-rows.ts'
import { type PackedChunk, type PackedRecords, type PackedRows, valueKinds } from './packed-records.ts'

interface PlacedValue extends KeyedValue {
  readonly place: number
}

function arrayOf(json: string): readonly unknown[] {
  const value: unknown = JSON.parse(json)
  return Array.isArray(value) ? value : []
}

/** @param value as the JSON text has it: integers that a double cannot hold are texts there */
function valueOf(kind: unknown, value: unknown): MetadataScalar | null {
  switch (kind) {
    case valueKinds.text:
      return String(value)
    case valueKinds.whole:
      return BigInt(String(value))
    case valueKinds.float:
      return Number(value)
    case valueKinds.truth:
      return value !== 0
    default:
      return null
  }
}

/** Values by the row of their record, each record's in the order in which they were written. */
function byOwner(packed: PackedRows): Map<unknown, PlacedValue[]> {
  const [places, owners, keys] = [arrayOf(packed.places), arrayOf(packed.owners), arrayOf(packed.keys)]
  const [values, kinds] = [arrayOf(packed.values), arrayOf(packed.kinds)]
  const groups = new Map<unknown, PlacedValue[]>()
  for (const [index, owner] of owners.entries()) {
    const place = Number(places[index])
    const kind = kinds[index]
    const value = kind === valueKinds.apart ? (packed.apart.get(place) ?? null) : valueOf(kind, values[index])
    const placed = { place, key: String(keys[index] ?? ''), value }
    const group = groups.get(owner)
    if (group) group.push(placed)
    else groups.set(owner, [placed])
  }
  for (const group of groups.values()) group.sort((a, b) => a.place - b.place)
  return groups
}

function unpackChunk({ rows, found, ids, values, elements }: PackedChunk, records: StoredRecord[]): void {
  const names = arrayOf(ids)
  const idOf = new Map(arrayOf(found).map((row, index) => [row, String(names[index] ?? '')]))
  const valuesOf = byOwner(values)
  const elementsOf = elements && byOwner(elements)
  for (const row of rows) {
    const id = idOf.get(row)
    if (id === undefined) continue
    const { document, metadata, uri } = recordParts(valuesOf.get(row) ?? [], elementsOf?.get(row) ?? [])
    records.push({ id, document, metadata, uri })
  }
}

/** The records that the reader packed, in the order in which their rows were asked for. */
export function unpackRecords(packed: PackedRecords): StoredRecord[] {
  const records: StoredRecord[] = []
  for (const chunk of packed) unpackChunk(chunk, records)
  return records
}
