import type { CollectionDetail } from '../../shared/contract/collections.ts'
import { hashingEmbedderName } from './hashing.ts'
import { lexicalId, miniLmDimension, miniLmId } from './built-in.ts'
import type { SavedEmbedder } from './embedder-file.ts'
import { plainModelName, suggestForFunction, suggestForModel, type Suggestion } from './model-clue.ts'

export interface ChoiceFacts {
  readonly dimension: number | null
  readonly metadata: CollectionDetail['metadata']
  readonly embeddingFunction: CollectionDetail['embeddingFunction']
}

export interface Proposal {
  readonly embedderId: string | null
  readonly reason: string
  readonly suggestion: Suggestion | null
}

/** Something a collection says about what made its vectors. */
interface Clue {
  readonly says: string
  readonly embedderId: string | null
  readonly dimension: number | null
  readonly suggestion: Suggestion | null
  /** Plain name of the model it names; null where it names none. */
  readonly model: string | null
}

const modelKeys = new Set([
  'embeddingmodel',
  'embeddingmodelname',
  'embedmodel',
  'embedder',
  'embeddingfunction',
  'embeddings',
  'vectormodel',
])
const openAiDimensions: Readonly<Record<number, string>> = { 1536: 'text-embedding-3-small', 3072: 'text-embedding-3-large' }
const numbers = new Intl.NumberFormat('en')

function shortened(text: string): string {
  return text.length > 80 ? `${text.slice(0, 80)}…` : text
}

function modelOf({ config }: { config: Suggestion['config'] }): string | null {
  return config.kind === 'lexical' ? null : plainModelName(config.model)
}

function isMiniLm(model: string): boolean {
  return /^(?:onnx[-_])?(?:all[-_])?mini[-_]?lm[-_]l6[-_]v2$/.test(plainModelName(model))
}

/** The clue that a model's name gives; `suggestion` where its configuration was named too. */
function clueOfModel(says: string, model: string, suggestion: Suggestion | null, dimension: number | null): Clue {
  const clue = { says, model: plainModelName(model), embedderId: null, dimension: null, suggestion }
  if (clue.model === hashingEmbedderName) return { ...clue, embedderId: dimension === null ? null : lexicalId(dimension), suggestion: null }
  if (isMiniLm(model) && suggestion?.config.kind !== 'openai') {
    return { ...clue, embedderId: miniLmId, dimension: miniLmDimension, suggestion: null }
  }
  return clue
}

function configurationOf(text: string | null): Record<string, unknown> {
  if (text === null) return {}
  try {
    const value: unknown = JSON.parse(text)
    return typeof value === 'object' && value !== null && !Array.isArray(value) ? { ...value } : {}
  } catch {
    return {}
  }
}

function clueOfFunction({ embeddingFunction, dimension }: ChoiceFacts): Clue | null {
  if (embeddingFunction === null || embeddingFunction.name === 'legacy') return null
  const name = embeddingFunction.name.toLowerCase()
  if (name === 'default' || isMiniLm(name.replaceAll('_', '-'))) {
    const says = "The collection names Chroma's default embedding function, which is all-MiniLM-L6-v2."
    return clueOfModel(says, 'all-minilm-l6-v2', null, dimension)
  }
  const configuration = configurationOf(embeddingFunction.configuration)
  const suggestion = suggestForFunction(name, configuration)
  const named = configuration['model_name'] ?? configuration['model']
  const model = typeof named === 'string' ? named : suggestion === null ? null : modelOf(suggestion)
  const says = `The collection names the embedding function ${shortened(embeddingFunction.name)}${model === null ? '' : ` with the model ${shortened(model)}`}.`
  return clueOfModel(says, model ?? name, suggestion, dimension)
}

function cluesOfMetadata({ metadata, dimension }: ChoiceFacts): Clue[] {
  return [...(metadata ?? [])].flatMap(([key, value]) => {
    if (!modelKeys.has(key.toLowerCase().replace(/[^a-z]/g, '')) || typeof value !== 'string') return []
    const says = `The metadata of the collection says ${shortened(key)}: ${shortened(value)}.`
    return [clueOfModel(says, value, suggestForModel(value), dimension)]
  })
}

function clueOfDimension({ dimension }: ChoiceFacts): Clue | null {
  if (dimension === null) return null
  const says = (model: string): string =>
    `The collection does not say what made its vectors. Their ${numbers.format(dimension)} dimensions are those of ${model}; the parity check tells.`
  if (dimension === miniLmDimension) return clueOfModel(says("all-MiniLM-L6-v2, Chroma's default"), 'all-minilm-l6-v2', null, dimension)
  const model = openAiDimensions[dimension]
  return model === undefined ? null : clueOfModel(says(`OpenAI's ${model}, among others`), model, suggestForModel(model), dimension)
}

/** In order of how much they weigh. "default" also stands where vectors came ready-made, so the metadata comes first. */
function cluesOf(facts: ChoiceFacts): Clue[] {
  const named = clueOfFunction(facts)
  const isDefault = facts.embeddingFunction?.name.toLowerCase() === 'default'
  const clues = [isDefault ? null : named, ...cluesOfMetadata(facts), isDefault ? named : null, clueOfDimension(facts)]
  return clues.filter((clue) => clue !== null)
}

/**
 * Which embedder a collection asks for: its embedding function, its metadata, else its dimension. Only built-in embedders and
 * those a person saved are named; what the collection names beyond them is suggested, never set up.
 * @param saved embedders a person set up, and their dimensions where they are known
 */
export function proposeEmbedder(
  facts: ChoiceFacts,
  saved: readonly SavedEmbedder[],
  dimensionOf: (embedder: SavedEmbedder) => number | null,
): Proposal {
  const fits = (dimension: number | null): boolean => dimension === null || facts.dimension === null || dimension === facts.dimension
  const contradictions: string[] = []
  for (const { says, embedderId, dimension, suggestion, model } of cluesOf(facts)) {
    if (!fits(dimension)) {
      contradictions.push(
        `${says} That makes ${numbers.format(dimension ?? 0)} dimensions, but the vectors have ${numbers.format(facts.dimension ?? 0)}: something else made them.`,
      )
      continue
    }
    const own = saved.find((embedder) => model !== null && modelOf(embedder) === model && fits(dimensionOf(embedder)))
    const reason = [...contradictions, says].join(' ')
    if (own || embedderId !== null) return { embedderId: own?.id ?? embedderId, reason, suggestion: null }
    return { embedderId: null, reason: `${reason} No embedder is set up for it.`, suggestion }
  }
  const nothing = contradictions.length > 0 ? contradictions : ['The collection does not say what made its vectors.']
  return {
    embedderId: null,
    reason: [...nothing, 'Choose an embedder; the parity check tells whether it fits.'].join(' '),
    suggestion: null,
  }
}
