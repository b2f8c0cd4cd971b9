import type { EmbedderConfig } from '../../shared/contract/embedders.ts'

type Transformers = Extract<EmbedderConfig, { kind: 'transformers' }>
type OpenAi = Extract<EmbedderConfig, { kind: 'openai' }>

/** Base URLs of services whose embedding functions Chroma knows and that speak OpenAI's protocol. */
const services: Readonly<Record<string, { title: string; baseUrl: string; model: string }>> = {
  openai: { title: 'OpenAI', baseUrl: 'https://api.openai.com/v1', model: 'text-embedding-ada-002' },
  jina: { title: 'Jina', baseUrl: 'https://api.jina.ai/v1', model: 'jina-embeddings-v2-base-en' },
  mistral: { title: 'Mistral', baseUrl: 'https://api.mistral.ai/v1', model: 'mistral-embed' },
  together_ai: { title: 'Together', baseUrl: 'https://api.together.xyz/v1', model: 'togethercomputer/m2-bert-80M-8k-retrieval' },
  ollama: { title: 'Ollama', baseUrl: 'http://localhost:11434/v1', model: 'nomic-embed-text' },
  huggingface_server: { title: 'Text Embeddings Inference', baseUrl: 'http://localhost:8080/v1', model: 'text-embeddings-inference' },
}

/** Models that are known by names of their own on an Ollama server. */
const ollamaModels =
  /^(?:nomic-embed-text|mxbai-embed-large|all-minilm|snowflake-arctic-embed2?|bge-m3|bge-large|embeddinggemma|qwen3-embedding|granite-embedding)(?::[\w.-]+)?$/i
const hubFamilies =
  /(?:minilm|mpnet|bge-|e5-|gte-|paraphrase-|distiluse|multi-qa-|nomic-embed|mxbai-embed|arctic-embed|jina-embeddings|labse|albert)/i

/** Name of a model without owner, tag and what conversions add, for comparing. */
export function plainModelName(model: string): string {
  return (model.split('/').at(-1) ?? model)
    .toLowerCase()
    .replace(/:latest$/, '')
    .replace(/-onnx$/, '')
}

function openAi(title: string, baseUrl: string, model: string, dimensions: number | null): { title: string; config: OpenAi } {
  return { title: `${title} ${model}`, config: { kind: 'openai', baseUrl, model, dimensions, queryPrefix: '', documentPrefix: '' } }
}

/** As their authors describe them: E5 with prefixes for questions and texts, BGE and its kin with the first token's vector. */
function sentenceModel(model: string): { title: string; config: Transformers } {
  const name = model.split('/').at(-1) ?? model
  const isE5 = /(?:^|-)e5-/i.test(name)
  return {
    title: name,
    config: {
      kind: 'transformers',
      model: /^(?:Xenova|onnx-community)\//.test(model) ? model : `Xenova/${name}`,
      localModelId: null,
      dtype: 'fp32',
      pooling: /^(?:bge-|mxbai-embed|snowflake-arctic-embed)/i.test(name) ? 'cls' : 'mean',
      normalise: true,
      maxTokens: null,
      queryPrefix: isE5 ? 'query: ' : '',
      documentPrefix: isE5 ? 'passage: ' : '',
    },
  }
}

/** Base URL of a service whose address a configuration names, as its embeddings endpoint wants it. */
function baseUrlOf(address: unknown, usual: string): string {
  if (typeof address !== 'string' || !/^https?:\/\//i.test(address) || !URL.canParse(address)) return usual
  const url = new URL(address)
  return /\/v\d+\/?$/.test(url.pathname) ? `${url.origin}${url.pathname.replace(/\/$/, '')}` : `${url.origin}/v1`
}

function textOf(value: unknown): string | null {
  return typeof value === 'string' && value.trim() !== '' ? value.trim() : null
}

/** An embedder as a form could start with it. Nothing in it is used before a person saves it. */
export interface Suggestion {
  readonly title: string
  readonly config: EmbedderConfig
}

/** What an embedding function's name and configuration, as Chroma keeps them, ask for; null for functions of an unknown kind. */
export function suggestForFunction(name: string, configuration: Readonly<Record<string, unknown>>): Suggestion | null {
  const model = textOf(configuration['model_name']) ?? textOf(configuration['model'])
  if (/^(?:sentence_transformer|huggingface|transformers?)$/.test(name)) return model === null ? null : sentenceModel(model)
  const service = Object.hasOwn(services, name) ? services[name] : undefined
  if (!service) return null
  const address = configuration['api_base'] ?? configuration['base_url'] ?? configuration['url']
  const dimensions = Number(configuration['dimensions'])
  return openAi(service.title, baseUrlOf(address, service.baseUrl), model ?? service.model, dimensions >= 2 ? dimensions : null)
}

/** What the bare name of a model asks for; null where the name is not known as one for embeddings. */
export function suggestForModel(model: string): Suggestion | null {
  const name = plainModelName(model)
  if (/^text-embedding-(?:3-small|3-large|ada-002)$/.test(name)) return openAi('OpenAI', 'https://api.openai.com/v1', name, null)
  if (ollamaModels.test(model)) return openAi('Ollama', 'http://localhost:11434/v1', model, null)
  return hubFamilies.test(name) && /^[\w./-]+$/.test(model) ? sentenceModel(model) : null
}
