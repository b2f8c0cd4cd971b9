import type { Metadata } from '../../../shared/domain/metadata.ts'
import { type Space, spaceSchema } from '../../../shared/domain/space.ts'

interface SpaceHints {
  readonly schema: string | null
  readonly configuration: string | null
  readonly metadata: Metadata | null
  readonly segmentMetadata: Metadata | null
}

/** Follows a path of keys into JSON text; undefined where the text is no JSON or the path ends early. */
export function jsonAt(text: string | null, ...keys: readonly string[]): unknown {
  if (text === null) return undefined
  let value: unknown
  try {
    value = JSON.parse(text)
  } catch {
    return undefined
  }
  for (const key of keys) {
    if (typeof value !== 'object' || value === null || !Object.hasOwn(value, key)) return undefined
    value = (value as Record<string, unknown>)[key]
  }
  return value
}

/** The distance function that a collection's distances really have, and where that is written. The first place that says so wins. */
export function findSpace(hints: SpaceHints): { space: Space; spaceSource: string } {
  const vectorIndex = ['keys', '#embedding', 'float_list', 'vector_index', 'config']
  const places: readonly (readonly [source: string, value: unknown])[] = [
    ['schema, vector index of #embedding', jsonAt(hints.schema, ...vectorIndex, 'space')],
    ['schema, default vector index', jsonAt(hints.schema, 'defaults', 'float_list', 'vector_index', 'config', 'space')],
    ['configuration, vector_index.hnsw.space', jsonAt(hints.configuration, 'vector_index', 'hnsw', 'space')],
    ['configuration, hnsw.space', jsonAt(hints.configuration, 'hnsw', 'space')],
    ['configuration, hnsw_configuration.space', jsonAt(hints.configuration, 'hnsw_configuration', 'space')],
    ['told from the stored vectors, because the database is lost', jsonAt(hints.configuration, 'recovered_space')],
    ['collection metadata hnsw:space', hints.metadata?.get('hnsw:space')],
    ['index segment metadata hnsw:space', hints.segmentMetadata?.get('hnsw:space')],
  ]
  for (const [source, value] of places) {
    const parsed = spaceSchema.safeParse(value)
    if (parsed.success) return { space: parsed.data, spaceSource: source }
  }
  return { space: 'l2', spaceSource: 'default of Chroma' }
}
