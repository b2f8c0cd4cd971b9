import { embedderConfigSchema, type EmbedderConfig, type EmbedderInfo } from '../../../shared/contract/embedders.ts'

/** The form of an embedder: every field as it is written. */
export interface EmbedderDraft {
  readonly id: string | null
  readonly title: string
  readonly kind: EmbedderConfig['kind']
  readonly dimension: string
  readonly model: string
  readonly localModelId: string | null
  readonly dtype: 'fp32' | 'fp16' | 'q8' | 'q4'
  readonly pooling: 'mean' | 'cls' | 'last_token'
  readonly normalise: boolean
  readonly maxTokens: string
  readonly baseUrl: string
  readonly queryPrefix: string
  readonly documentPrefix: string
}

export const newDraft: EmbedderDraft = {
  id: null,
  title: '',
  kind: 'transformers',
  dimension: '384',
  model: 'Xenova/all-MiniLM-L6-v2',
  localModelId: null,
  dtype: 'fp32',
  pooling: 'mean',
  normalise: true,
  maxTokens: '',
  baseUrl: 'http://127.0.0.1:11434/v1',
  queryPrefix: '',
  documentPrefix: '',
}

/** The form of an embedder that is there, or of a suggested one. */
export function draftOf({ id, title, config }: { id: string | null; title: string; config: EmbedderConfig }): EmbedderDraft {
  const base = { ...newDraft, id, title, kind: config.kind }
  switch (config.kind) {
    case 'lexical':
      return { ...base, dimension: String(config.dimension) }
    case 'transformers': {
      const { kind: _, maxTokens, ...fields } = config
      return { ...base, ...fields, maxTokens: maxTokens === null ? '' : String(maxTokens) }
    }
    case 'openai': {
      const { kind: _, dimensions, ...fields } = config
      return { ...base, ...fields, dimension: dimensions === null ? '' : String(dimensions) }
    }
  }
}

function wholeNumber(text: string): number | null {
  return text.trim() === '' ? null : Number(text)
}

const names: Readonly<Record<string, string>> = {
  dimension: 'The dimension is a whole number from 2 to 65,536.',
  dimensions: 'The dimension is a whole number from 2 to 65,536, or empty.',
  maxTokens: 'The limit is a whole number from 8 to 131,072, or empty.',
  baseUrl: 'The base URL starts with http:// or https://.',
  model: 'A model has a name, such as Xenova/all-MiniLM-L6-v2.',
}

/** What a form stands for, or what is wrong with it in a sentence. */
export function configOf(draft: EmbedderDraft): { ok: true; config: EmbedderConfig } | { ok: false; message: string } {
  const prefixes = { queryPrefix: draft.queryPrefix, documentPrefix: draft.documentPrefix }
  const { kind, model, localModelId, dtype, pooling, normalise, baseUrl } = draft
  const written = {
    lexical: { kind, dimension: wholeNumber(draft.dimension) },
    transformers: { kind, model, localModelId, dtype, pooling, normalise, maxTokens: wholeNumber(draft.maxTokens), ...prefixes },
    openai: { kind, baseUrl: baseUrl.trim(), model: model.trim(), dimensions: wholeNumber(draft.dimension), ...prefixes },
  }[kind]
  const parsed = embedderConfigSchema.safeParse(written)
  if (parsed.success) return { ok: true, config: parsed.data }
  const [issue] = parsed.error.issues
  return { ok: false, message: names[String(issue?.path[0])] ?? issue?.message ?? 'The form is not complete.' }
}

/** What kinds of embedders are called. */
export const kindNames: Readonly<Record<EmbedderInfo['config']['kind'], string>> = {
  lexical: 'Lexical',
  transformers: 'Sentence model on this computer',
  openai: 'OpenAI-compatible server',
}
