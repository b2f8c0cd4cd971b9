import type { MetadataScalar } from '../../../shared/domain/metadata.ts'
import type { StoredRecord } from '../../../shared/domain/record.ts'
import { RecordBuilder } from './metadata-rows.ts'
import { type PackedChunk, type PackedRecords, type PackedRows, valueKinds } from './packed-records.ts'

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
      return typeof value === 'number' ? BigInt(value) : BigInt(String(value))
    case valueKinds.float:
      return Number(value)
    case valueKinds.truth:
      return value !== 0
    default:
      return null
  }
}

/** Rows of values, taken apart record by record. */
class Rows {
  readonly #places: readonly unknown[]
  readonly #owners: readonly unknown[]
  readonly #keys: readonly unknown[]
  readonly #values: readonly unknown[]
  readonly #kinds: readonly unknown[]
  readonly #apart: ReadonlyMap<number, string>
  /** One text for all rows of a key, instead of as many as there are rows. */
  readonly #knownKeys: Map<string, string>

  constructor(packed: PackedRows, knownKeys: Map<string, string>) {
    this.#places = arrayOf(packed.places)
    this.#owners = arrayOf(packed.owners)
    this.#keys = arrayOf(packed.keys)
    this.#values = arrayOf(packed.values)
    this.#kinds = arrayOf(packed.kinds)
    this.#apart = packed.apart
    this.#knownKeys = knownKeys
  }

  /** Visits the values of each record in the order in which they were written. Rows of a record follow each other. */
  visit(visit: (owner: unknown, key: string, value: MetadataScalar | null) => void): void {
    const count = this.#owners.length
    for (let from = 0; from < count;) {
      const owner = this.#owners[from]
      let to = from + 1
      let isOrdered = true
      for (; to < count && this.#owners[to] === owner; to += 1) isOrdered &&= this.#place(to - 1) < this.#place(to)
      if (isOrdered) for (let index = from; index < to; index += 1) visit(owner, this.#key(index), this.#value(index))
      else for (const index of this.#inOrder(from, to)) visit(owner, this.#key(index), this.#value(index))
      from = to
    }
  }

  #place(index: number): number {
    return Number(this.#places[index])
  }

  /** By insertion: a record has few values, most of them in order. */
  #inOrder(from: number, to: number): number[] {
    const order: number[] = []
    for (let index = from; index < to; index += 1) {
      let at = order.length
      while (at > 0 && this.#place(order[at - 1] ?? 0) > this.#place(index)) at -= 1
      order.splice(at, 0, index)
    }
    return order
  }

  #key(index: number): string {
    const key = String(this.#keys[index] ?? '')
    const known = this.#knownKeys.get(key)
    if (known === undefined) this.#knownKeys.set(key, key)
    return known ?? key
  }

  #value(index: number): MetadataScalar | null {
    const kind = this.#kinds[index]
    return kind === valueKinds.apart ? (this.#apart.get(this.#place(index)) ?? null) : valueOf(kind, this.#values[index])
  }
}

function unpackChunk({ rows, found, ids, values, elements }: PackedChunk, keys: Map<string, string>, records: StoredRecord[]): void {
  const names = arrayOf(ids)
  const builders = new Map<unknown, { readonly id: string; readonly builder: RecordBuilder }>()
  for (const [index, row] of arrayOf(found).entries()) builders.set(row, { id: String(names[index] ?? ''), builder: new RecordBuilder() })
  new Rows(values, keys).visit((owner, key, value) => builders.get(owner)?.builder.add(key, value))
  const lists = new Map<unknown, Map<string, MetadataScalar[]>>()
  if (elements) {
    new Rows(elements, keys).visit((owner, key, value) => {
      const ofOwner = lists.get(owner) ?? new Map<string, MetadataScalar[]>()
      lists.set(owner, ofOwner)
      const list = ofOwner.get(key) ?? []
      ofOwner.set(key, list)
      if (value !== null) list.push(value)
    })
  }
  for (const [owner, ofOwner] of lists) builders.get(owner)?.builder.addLists(ofOwner)
  for (const row of rows) {
    const record = builders.get(row)
    if (record === undefined) continue
    const { document, metadata, uri } = record.builder.parts()
    records.push({ id: record.id, document, metadata, uri })
  }
}

/** The records that the reader packed, in the order in which their rows were asked for. */
export function unpackRecords(packed: PackedRecords): StoredRecord[] {
  const records: StoredRecord[] = []
  const keys = new Map<string, string>()
  for (const chunk of packed) unpackChunk(chunk, keys, records)
  return records
}
