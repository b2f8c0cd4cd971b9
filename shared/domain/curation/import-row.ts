import { LosslessNumber } from 'lossless-json'
import type { Metadata, MetadataScalar, MetadataValue } from '../metadata.ts'
import type { StoredRecord } from '../record.ts'

/** A record of a file, with its vector where the file has one. */
export interface ImportedRecord extends StoredRecord {
  readonly vector: Float32Array | null
}

const documentNames = ['document', 'text', 'content', 'page_content', 'pageContent']
const vectorNames = ['embedding', 'vector']
const taken = new Set([...documentNames, ...vectorNames, 'id', 'metadata', 'uri'])

type Row = Readonly<Record<string, unknown>>
type Read<Value> = { readonly value: Value } | { readonly reason: string }

function isRow(value: unknown): value is Row {
  return typeof value === 'object' && value !== null && !Array.isArray(value) && !(value instanceof LosslessNumber)
}

function isScalar(value: unknown): value is MetadataScalar {
  return typeof value === 'string' || typeof value === 'bigint' || typeof value === 'number' || typeof value === 'boolean'
}

function present(row: Row, names: readonly string[]): unknown {
  const name = names.find((candidate) => Object.hasOwn(row, candidate) && row[candidate] !== null)
  return name === undefined ? undefined : row[name]
}

/** Chroma makes floats of a list that mixes integers and floats. */
function listOf(items: readonly MetadataScalar[]): MetadataValue {
  const isMixed = items.some((item) => typeof item === 'number') && items.some((item) => typeof item === 'bigint')
  return isMixed ? items.map((item) => (typeof item === 'bigint' ? Number(item) : item)) : [...items]
}

function readMetadata(row: Row): Read<Metadata | null> {
  const given = Object.hasOwn(row, 'metadata') ? row['metadata'] : undefined
  if (given !== undefined && given !== null && !isRow(given)) return { reason: 'Its metadata is no object.' }
  const source = isRow(given) ? Object.entries(given) : Object.entries(row).filter(([name]) => !taken.has(name))
  const metadata: Metadata = new Map()
  for (const [key, value] of source) {
    if (value === null) continue
    if (isScalar(value)) metadata.set(key, value)
    else if (Array.isArray(value) && value.every(isScalar)) metadata.set(key, listOf(value))
    else return { reason: `Its metadata ${JSON.stringify(key)} is nested; Chroma keeps texts, numbers, booleans and lists of them.` }
  }
  return { value: metadata.size === 0 ? null : metadata }
}

function readVector(row: Row): Read<Float32Array | null> {
  const given = present(row, vectorNames)
  if (given === undefined) return { value: null }
  const isNumbers = Array.isArray(given) && given.every((item) => typeof item === 'number' || typeof item === 'bigint')
  return isNumbers ? { value: Float32Array.from(given, Number) } : { reason: 'Its embedding is no list of numbers.' }
}

/**
 * The record that an object of a file means: `id`, `document` (or text, content, page_content), `metadata` (else all other values),
 * `uri` and `embedding` (or vector).
 * @param value JSON with integers as bigint @param fallbackId the id where it names none
 */
export function importRow(value: unknown, fallbackId: string): Read<ImportedRecord> {
  if (!isRow(value)) return { reason: 'It is no object.' }
  const id = present(value, ['id'])
  if (id !== undefined && typeof id !== 'string' && typeof id !== 'bigint') return { reason: 'Its id is neither a text nor an integer.' }
  const document = present(value, documentNames)
  if (document !== undefined && typeof document !== 'string') return { reason: 'Its document is no text.' }
  const uri = present(value, ['uri'])
  if (uri !== undefined && typeof uri !== 'string') return { reason: 'Its uri is no text.' }
  const metadata = readMetadata(value)
  if ('reason' in metadata) return metadata
  const vector = readVector(value)
  if ('reason' in vector) return vector
  return {
    value: {
      id: id === undefined ? fallbackId : String(id),
      document: document ?? null,
      uri: uri ?? null,
      metadata: metadata.value,
      vector: vector.value,
    },
  }
}
