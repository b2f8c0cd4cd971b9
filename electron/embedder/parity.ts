import type { Parity } from '../../shared/contract/embedders.ts'
import { storedOrder } from '../../shared/contract/records.ts'
import type { ProfileMapping } from '../../shared/domain/profiles/profile.ts'
import { readRole } from '../../shared/domain/profiles/read-role.ts'
import type { StoredRecord } from '../../shared/domain/record.ts'
import { noFilter } from '../../shared/domain/where.ts'
import type { Store, StoreOptions } from '../store/store.ts'
import type { Embedded } from './embedder.ts'

const mostCompared = 20
/** More are looked at than compared, since some have no text or no vector. */
const mostSampled = 60
const sameFrom = 0.99
const closeFrom = 0.95

type Basis = Parity['text']
type Measured = Omit<Parity, 'checkedAt' | 'message'> & { message?: string }

export interface ParitySample {
  readonly record: StoredRecord
  readonly vector: Float32Array
}

/** Up to `count` of `total` places, from the first to the last in even steps. */
function evenly(total: number, count: number): number[] {
  if (total <= count) return Array.from({ length: total }, (_, at) => at)
  return Array.from({ length: count }, (_, at) => Math.round((at * (total - 1)) / (count - 1)))
}

/** Cosine similarity in double precision; null where a vector is zero or not finite. */
function cosine(a: Float32Array, b: Float32Array): number | null {
  let dot = 0
  let aa = 0
  let bb = 0
  for (const [at, x] of a.entries()) {
    const y = b[at] ?? 0
    dot += x * y
    aa += x * x
    bb += y * y
  }
  const similarity = dot / Math.sqrt(aa * bb)
  return Number.isFinite(similarity) ? similarity : null
}

function medianOf(sorted: readonly number[]): number {
  const middle = sorted.length >> 1
  const upper = sorted[middle] ?? NaN
  return sorted.length % 2 === 1 ? upper : ((sorted[middle - 1] ?? NaN) + upper) / 2
}

/** Records from all over a collection with their vectors; those whose vector is absent, zero or not finite are left out. */
export async function sampleForParity(
  store: Store,
  collectionId: string,
  options: StoreOptions,
): Promise<{ total: number; samples: ParitySample[] }> {
  const view = { collectionId, filter: noFilter, sort: storedOrder }
  const { total } = await store.page(view, 0, 1, options)
  const ranges = evenly(total, mostSampled).map((at) => ({ from: at, to: at + 1 }))
  const ids = await store.idsAt(view, ranges, options)
  const [records, vectors] = await Promise.all([store.records(collectionId, ids, options), store.vectors(collectionId, ids, options)])
  const places = new Map(vectors.ids.map((id, place) => [id, place]))
  const samples = records.flatMap((record) => {
    const place = places.get(record.id)
    if (place === undefined) return []
    const vector = vectors.data.subarray(place * vectors.dimension, (place + 1) * vectors.dimension)
    return cosine(vector, vector) === null ? [] : [{ record, vector }]
  })
  return { total, samples }
}

/** What of a record is embedded: its document, or the field that the profile gives this role. Null where there is no text. */
export function embeddedTextOf(basis: Basis, record: StoredRecord, mapping: ProfileMapping): string | null {
  const value = basis === 'document' ? record.document : readRole(mapping, basis, record)
  return typeof value === 'string' && value.trim() !== '' ? value : null
}

/** What a record's vector may have been made of: the document, or a field of the profile that is not the document. */
function basesOf(mapping: ProfileMapping): Basis[] {
  const others = (['query', 'fact', 'input'] as const).filter((role) => {
    const field = mapping.fields[role]
    return field !== undefined && field.from !== 'document'
  })
  return ['document', ...others]
}

function verdictOf(median: number): Parity['verdict'] {
  if (median >= sameFrom) return 'same'
  return median >= closeFrom ? 'close' : 'different'
}

function sentence({ verdict, text, compared, median, min, max }: Measured): string {
  const what =
    text === 'document'
      ? compared === 1
        ? 'document'
        : 'documents'
      : `${compared === 1 ? 'text' : 'texts'} of the profile's ${text} field`
  const measured = `median similarity ${median?.toFixed(3)} over ${compared} ${what} (${min?.toFixed(3)} to ${max?.toFixed(3)})`
  switch (verdict) {
    case 'same':
      return `This embedder makes the same vectors: ${measured}.`
    case 'close':
      return `This embedder makes close but not the same vectors: ${measured}. Another version, dtype, pooling or prefix may be the cause; similarities are approximate.`
    default:
      return `These vectors were not made by this embedder: ${measured}. A text query would find neighbours by chance.`
  }
}

/** Embeds one kind of text of the samples again; null where no sample has it. */
async function measure(
  basis: Basis,
  samples: readonly ParitySample[],
  mapping: ProfileMapping,
  embed: (texts: readonly string[], purpose: 'query' | 'document') => Promise<Embedded>,
): Promise<Measured | null> {
  const withText = samples.flatMap(({ record, vector }) => {
    const text = embeddedTextOf(basis, record, mapping)
    return text === null ? [] : [{ text, vector }]
  })
  const chosen = evenly(withText.length, mostCompared).flatMap((at) => withText[at] ?? [])
  if (chosen.length === 0) return null
  const { dimension, data } = await embed(
    chosen.map(({ text }) => text),
    basis === 'document' ? 'document' : 'query',
  )
  const similarities = chosen
    .flatMap(({ vector }, at) => cosine(vector, data.subarray(at * dimension, (at + 1) * dimension)) ?? [])
    .sort((a, b) => a - b)
  if (similarities.length === 0) return null
  const median = medianOf(similarities)
  return {
    compared: similarities.length,
    median,
    min: similarities[0] ?? null,
    max: similarities.at(-1) ?? null,
    text: basis,
    verdict: verdictOf(median),
  }
}

function unknown(message: string): Omit<Parity, 'checkedAt'> {
  return { compared: 0, median: null, min: null, max: null, text: 'document', verdict: 'unknown', message }
}

/**
 * Compares stored vectors with what an embedder makes of the same records: of their documents and, where these do not give the
 * same, of the fields that the profile calls query, fact or input, since some producers embed one text and store another.
 * Thresholds on the median: 0.99 same, 0.95 close.
 */
export async function compareVectors(
  { total, samples }: { total: number; samples: readonly ParitySample[] },
  mapping: ProfileMapping,
  embed: (texts: readonly string[], purpose: 'query' | 'document') => Promise<Embedded>,
): Promise<Omit<Parity, 'checkedAt'>> {
  if (total === 0) return unknown('The collection holds no record to compare with.')
  if (samples.length === 0) return unknown('No stored vector can be compared: they are absent, zero or not finite.')
  let best: Measured | null = null
  let ofDocuments: Measured | null = null
  for (const basis of basesOf(mapping)) {
    const measured = await measure(basis, samples, mapping, embed)
    if (basis === 'document') ofDocuments = measured
    if (measured !== null && (best === null || (measured.median ?? -1) > (best.median ?? -1))) best = measured
    if (best?.verdict === 'same') break
  }
  if (best === null) return unknown('The records have no text that could be embedded again.')
  const aside =
    best.text !== 'document' && ofDocuments !== null
      ? ` The documents are not what was embedded: they give ${ofDocuments.median?.toFixed(3)}.`
      : ''
  return { ...best, message: sentence(best) + aside }
}
