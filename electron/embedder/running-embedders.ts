import type { EmbedOptions, Embedded, TextEmbedder } from './embedder.ts'
import { createHashingEmbedder } from './hashing.ts'
import { createOpenAiEmbedder } from './openai.ts'
import type { Recipe } from './protocol.ts'
import { createTransformersEmbedder } from './transformers.ts'

/** A model takes hundreds of megabytes; two let a comparison of variants go back and forth. */
const mostKept = 2

function createLexical(dimension: number): TextEmbedder {
  const embedder = createHashingEmbedder(dimension)
  return {
    async embed(texts: readonly string[], options: EmbedOptions): Promise<Embedded> {
      return { dimension, data: await embedder.embed(texts, options) }
    },
  }
}

function create(recipe: Recipe): TextEmbedder & { release?: () => Promise<void> } {
  switch (recipe.kind) {
    case 'lexical':
      return createLexical(recipe.dimension)
    case 'transformers':
      return createTransformersEmbedder(recipe)
    case 'openai':
      return createOpenAiEmbedder(recipe)
  }
}

/** Embedders that were used lately, so that a model is loaded once. */
export class RunningEmbedders {
  readonly #kept = new Map<string, ReturnType<typeof create>>()

  get(recipe: Recipe): TextEmbedder {
    const key = JSON.stringify(recipe)
    const embedder = this.#kept.get(key) ?? create(recipe)
    this.#kept.delete(key)
    this.#kept.set(key, embedder)
    for (const [oldest, { release }] of this.#kept) {
      if (this.#kept.size <= mostKept) break
      this.#kept.delete(oldest)
      void release?.()
    }
    return embedder
  }
}
