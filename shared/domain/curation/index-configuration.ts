import type { Space } from '../space.ts'

/** What an index is made with; null leaves a parameter to Chroma. */
export interface IndexSettings {
  readonly space: Space
  readonly efConstruction: number | null
  readonly efSearch: number | null
  readonly maxNeighbors: number | null
}

const parameters = [
  'ef_construction',
  'ef_search',
  'max_neighbors',
  'resize_factor',
  'sync_threshold',
  'batch_size',
  'num_threads',
] as const

function parsed(text: string | null): unknown {
  try {
    return text === null ? null : JSON.parse(text)
  } catch {
    return null
  }
}

function at(value: unknown, ...path: readonly string[]): unknown {
  let current = value
  for (const step of path) {
    if (typeof current !== 'object' || current === null || !Object.hasOwn(current, step)) return undefined
    current = (current as Record<string, unknown>)[step]
  }
  return current
}

/** The configuration, as Chroma's API takes it, of a new collection. */
export function newConfiguration({ space, efConstruction, efSearch, maxNeighbors }: IndexSettings): string {
  const hnsw = { space, ef_construction: efConstruction, ef_search: efSearch, max_neighbors: maxNeighbors }
  return JSON.stringify({ hnsw: Object.fromEntries(Object.entries(hnsw).filter(([, value]) => value !== null)) })
}

/**
 * The configuration, as Chroma's API takes it, of a collection like another one: from its configuration and schema in any form that a
 * version of Chroma left behind. Where vectors are made anew by something else, the embedding function is left out.
 * @param settings JSON texts as the store has them
 */
export function sameConfiguration(
  settings: { readonly configuration: string | null; readonly schema: string | null },
  space: Space,
  keepsEmbedder: boolean,
): string {
  const [configuration, schema] = [parsed(settings.configuration), parsed(settings.schema)]
  const index = at(schema, 'keys', '#embedding', 'float_list', 'vector_index', 'config')
  const known =
    at(index, 'hnsw') ?? at(configuration, 'vector_index', 'hnsw') ?? at(configuration, 'hnsw') ?? at(configuration, 'hnsw_configuration')
  const values = parameters.flatMap((name) => {
    const value = at(known, name)
    return typeof value === 'number' ? [[name, value] as const] : []
  })
  const embedder = at(index, 'embedding_function') ?? at(configuration, 'embedding_function')
  const isKnown = typeof embedder === 'object' && embedder !== null && at(embedder, 'type') === 'known'
  return JSON.stringify({
    hnsw: { space, ...Object.fromEntries(values) },
    ...(keepsEmbedder && isKnown ? { embedding_function: embedder } : {}),
  })
}
