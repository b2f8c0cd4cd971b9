import type { EmbedderConfig } from '../../shared/contract/embedders.ts'
import type { SavedEmbedder } from './embedder-file.ts'

export const miniLmId = 'all-minilm-l6-v2'
export const miniLmDimension = 384

/** The model of Chroma's default embedding functions in Python and JavaScript, as converted for transformers.js. */
const miniLm: SavedEmbedder = {
  id: miniLmId,
  title: 'all-MiniLM-L6-v2',
  hasKey: false,
  config: {
    kind: 'transformers',
    model: 'Xenova/all-MiniLM-L6-v2',
    localModelId: null,
    dtype: 'fp32',
    pooling: 'mean',
    normalise: true,
    // Chroma's Python function and sentence-transformers cut this model's texts here, although its files allow 512.
    maxTokens: 256,
    queryPrefix: '',
    documentPrefix: '',
  },
}

export function lexicalId(dimension: number): string {
  return `lexical-${dimension}`
}

function lexical(dimension: number): SavedEmbedder {
  return { id: lexicalId(dimension), title: 'Lexical', hasKey: false, config: { kind: 'lexical', dimension } }
}

/** The embedders that are always there. */
export function builtInEmbedders(dimension: number | null): SavedEmbedder[] {
  return [lexical(dimension ?? miniLmDimension), miniLm]
}

/** A built-in embedder by its id; the lexical one exists with any dimension. */
export function builtInEmbedder(id: string): SavedEmbedder | null {
  if (id === miniLmId) return miniLm
  const dimension = Number(/^lexical-([1-9]\d{0,4})$/.exec(id)?.[1])
  return dimension >= 2 && dimension <= 65_536 ? lexical(dimension) : null
}

/** What an embedder is and where its limits are. */
export function describeEmbedder(config: EmbedderConfig): string {
  switch (config.kind) {
    case 'lexical':
      return 'Compares words and letters, not meaning: texts are near when they share words. Works offline, with any dimension, without a download. It matches stored vectors only where it made them.'
    case 'transformers':
      return `A sentence model that runs on this computer (${config.dtype}, ${config.pooling.replace('_', ' ')} pooling). Texts do not leave it.`
    case 'openai':
      return `The model ${config.model} behind an OpenAI-compatible server. Texts are sent there when they are embedded.`
  }
}
