import { setImmediate as nextTurn } from 'node:timers/promises'
import type { FeatureExtractionPipeline } from '@huggingface/transformers'
import { AppError } from '../../shared/rpc/errors.ts'
import type { EmbedOptions, Embedded, TextEmbedder } from './embedder.ts'
import { missingFiles } from './model-files.ts'
import type { TransformersRecipe } from './protocol.ts'

/** Small enough that a cancel is heard soon and memory stays low; larger ones are not faster on a processor. */
const usualBatch = 16

async function load({ folder, title, dtype, maxTokens }: TransformersRecipe): Promise<FeatureExtractionPipeline> {
  const missing = await missingFiles(folder, dtype)
  if (missing.length > 0) {
    throw new AppError('not-found', `${title} lacks ${missing.join(', ')}.`, `Download the model, or put the files into ${folder}.`)
  }
  const { env, pipeline, LogLevel } = await import('@huggingface/transformers')
  env.allowRemoteModels = false
  env.allowLocalModels = true
  env.useFSCache = false
  env.useWasmCache = false
  env.logLevel = LogLevel.NONE
  try {
    // The library takes an absolute path as it is, and remembers what it read under that name.
    const extractor = await pipeline('feature-extraction', folder, { dtype, device: 'cpu', local_files_only: true })
    const { config } = extractor.tokenizer
    if (maxTokens !== null) config.model_max_length = Math.min(maxTokens, Number(config.model_max_length ?? maxTokens))
    return extractor
  } catch (cause) {
    const message = cause instanceof Error ? cause.message : String(cause)
    throw new AppError(
      'damaged',
      `${title} cannot be loaded: ${message.split('\n')[0]}`,
      `A file in ${folder} is broken, or the model is of a kind that is not supported. Remove the download and fetch it again, or use another model.`,
      { cause },
    )
  }
}

/** Texts of like length share a batch, since all are padded to the longest. */
function batchesByLength(texts: readonly string[], size: number): number[][] {
  const order = texts.map((_, index) => index).sort((a, b) => (texts[a]?.length ?? 0) - (texts[b]?.length ?? 0))
  return Array.from({ length: Math.ceil(order.length / size) }, (_, batch) => order.slice(batch * size, (batch + 1) * size))
}

/**
 * A sentence model run by transformers.js on the processor, from files on this computer; nothing is fetched. The library
 * and the model are loaded with the first text. Rows of norm 1 where the recipe normalises; a text that has no tokens at
 * all has a row of zeros.
 */
export function createTransformersEmbedder(recipe: TransformersRecipe): TextEmbedder & { release: () => Promise<void> } {
  const prefixes = { query: recipe.queryPrefix, document: recipe.documentPrefix }
  // The library takes the last place for the last token, which in a shorter text of a batch is padding.
  const size = recipe.pooling === 'last_token' ? 1 : usualBatch
  let loading: Promise<FeatureExtractionPipeline> | null = null

  function loaded(): Promise<FeatureExtractionPipeline> {
    loading ??= load(recipe).catch((error: unknown) => {
      loading = null
      throw error
    })
    return loading
  }

  function checked(row: Float32Array, text: string): Float32Array {
    if (row.every((value) => Number.isFinite(value))) return row
    if (text.trim() === '') return new Float32Array(row.length)
    throw new AppError(
      'damaged',
      `${recipe.title} made numbers that are not finite.`,
      recipe.dtype === 'fp32' ? 'Its files are broken: remove the download and fetch it again.' : 'Use dtype fp32 for this model.',
    )
  }

  return {
    async embed(texts: readonly string[], { signal, purpose, onProgress }: EmbedOptions): Promise<Embedded> {
      if (texts.length === 0) return { dimension: 0, data: new Float32Array() }
      const extractor = await loaded()
      let dimension = 0
      let data = new Float32Array()
      let done = 0
      for (const batch of batchesByLength(texts, size)) {
        await nextTurn()
        if (signal?.aborted) throw new AppError('cancelled', 'The operation was cancelled.')
        const prefixed = batch.map((index) => prefixes[purpose] + (texts[index] ?? ''))
        const output = await extractor(prefixed, { pooling: recipe.pooling, normalize: recipe.normalise })
        const values = output.data as Float32Array
        if (dimension === 0) {
          dimension = output.dims.at(-1) ?? 0
          data = new Float32Array(texts.length * dimension)
        }
        for (const [place, index] of batch.entries()) {
          data.set(checked(values.subarray(place * dimension, (place + 1) * dimension), prefixed[place] ?? ''), index * dimension)
        }
        output.dispose()
        done += batch.length
        onProgress?.(done, texts.length)
      }
      return { dimension, data }
    },
    async release() {
      const extractor = await loading?.catch(() => null)
      await extractor?.dispose()
    },
  }
}
