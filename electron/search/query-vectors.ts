import type { CollectionRef } from '../../shared/contract/collections.ts'
import type { EmbedderInfo } from '../../shared/contract/embedders.ts'
import type { Probe } from '../../shared/contract/search.ts'
import { AppError } from '../../shared/rpc/errors.ts'
import type { Embedders } from '../embedder/embedders.ts'
import type { Store, StoreOptions } from '../store/store.ts'
import { wrongDimension } from './exact-search.ts'
import type { VectorBlock } from './vector-block.ts'

/** A query as numbers. */
export interface QueryVector {
  readonly vector: Float32Array
  /** What made it of a text; null for a record's or a pasted vector. */
  readonly embedder: EmbedderInfo | null
}

export interface QueryVectorsOptions {
  readonly ref: CollectionRef
  readonly store: Store
  readonly embedders: Embedders
  /** Null for a collection that has none yet. */
  readonly dimension: number | null
  /** Vectors that are in memory already. */
  readonly block: VectorBlock | null
  readonly signal: AbortSignal
  readonly onProgress?: StoreOptions['onProgress']
}

function storable(numbers: readonly number[]): Float32Array {
  const vector = Float32Array.from(numbers)
  if (vector.every(Number.isFinite)) return vector
  throw new AppError(
    'invalid-input',
    'The vector has a number that is too large for a vector of Chroma, which goes to 3.4e38.',
    'Check where the numbers come from.',
  )
}

async function recordVector(id: string, { store, ref, block, signal }: QueryVectorsOptions): Promise<Float32Array> {
  const position = block?.positionOf(id) ?? null
  if (block !== null && position !== null) return block.vector(position).slice()
  const { vector, reason } = await store.vector(ref.collectionId, id, { signal })
  if (vector) return vector.values
  throw new AppError('not-found', reason ?? 'The record has no vector.', 'Search by the text of the record, or by another record.')
}

async function embedTexts(texts: readonly string[], embedderId: string | null, options: QueryVectorsOptions): Promise<QueryVector[]> {
  const { ref, embedders, signal, onProgress } = options
  const stage = texts.length === 1 ? 'Embedding the query' : 'Embedding queries'
  onProgress?.(stage, 0, null)
  const embedder = await embedders.embedderFor(ref, embedderId, signal)
  const { dimension, data } = await embedder.embed(texts, {
    purpose: 'query',
    signal,
    onProgress: (done, total) => onProgress?.(stage, done, total),
  })
  return texts.map((_, index) => ({ vector: data.slice(index * dimension, (index + 1) * dimension), embedder: embedder.info }))
}

/**
 * Turns what is looked for into vectors, texts of one embedder together. Nothing is embedded or sent where a dimension is known
 * to be wrong.
 * @throws AppError 'invalid-input' for another dimension, 'not-found' for an unknown record or embedder, and whatever embedding
 * throws
 */
export async function queryVectors(probes: readonly Probe[], options: QueryVectorsOptions): Promise<QueryVector[]> {
  const { dimension } = options
  const found: QueryVector[] = []
  const texts = new Map<string | null, { places: number[]; texts: string[] }>()
  for (const [place, probe] of probes.entries()) {
    switch (probe.kind) {
      case 'vector':
        if (dimension !== null && probe.vector.length !== dimension) throw wrongDimension(probe.vector.length, dimension)
        found[place] = { vector: storable(probe.vector), embedder: null }
        break
      case 'record':
        found[place] = { vector: await recordVector(probe.id, options), embedder: null }
        break
      case 'text': {
        const batch = texts.get(probe.embedderId) ?? { places: [], texts: [] }
        batch.places.push(place)
        batch.texts.push(probe.text)
        texts.set(probe.embedderId, batch)
      }
    }
  }
  for (const [embedderId, batch] of texts) {
    const vectors = await embedTexts(batch.texts, embedderId, options)
    for (const [index, place] of batch.places.entries()) {
      const vector = vectors[index]
      if (vector) found[place] = vector
    }
  }
  return found
}
