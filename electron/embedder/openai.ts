import { setTimeout as wait } from 'node:timers/promises'
import { z } from 'zod'
import { AppError } from '../../shared/rpc/errors.ts'
import type { EmbedOptions, Embedded, TextEmbedder } from './embedder.ts'
import { networkFailure } from './network-failure.ts'
import { refusal, type Answer } from './openai-refusal.ts'
import type { OpenAiRecipe } from './protocol.ts'

export interface OpenAiTuning {
  /** Milliseconds that one request may take; a server may have to load the model first. */
  readonly timeout: number
  /** Requests before a busy or failing server counts as unable. */
  readonly attempts: number
  /** Milliseconds before the second request; doubled each time. A server that names a time has its way. */
  readonly firstDelay: number
  /** No single wait is longer than this many milliseconds. */
  readonly longestDelay: number
}

const usualTuning: OpenAiTuning = { timeout: 120_000, attempts: 5, firstDelay: 500, longestDelay: 60_000 }
/** Text Embeddings Inference takes 32 texts at once where nobody told it otherwise; others take more. */
const mostTexts = 32
const mostCharacters = 100_000
const largestAnswer = 200 * 1024 * 1024

const replySchema = z.object({
  data: z.array(z.object({ index: z.number().int().optional(), embedding: z.array(z.number()).min(1) })),
})

/** Texts in the order given, as many to a request as its limits allow. */
function batches(texts: readonly { index: number; text: string }[]): { index: number; text: string }[][] {
  const found: { index: number; text: string }[][] = []
  let characters = 0
  for (const item of texts) {
    const last = found.at(-1)
    if (last && last.length < mostTexts && characters + item.text.length <= mostCharacters) {
      last.push(item)
      characters += item.text.length
    } else {
      found.push([item])
      characters = item.text.length
    }
  }
  return found
}

/** Milliseconds of a Retry-After header, which holds seconds or a date. */
function retryAfter(headers: Headers): number | null {
  const text = headers.get('retry-after')
  if (text === null || text.trim() === '') return null
  const seconds = Number(text)
  const milliseconds = Number.isFinite(seconds) ? seconds * 1000 : Date.parse(text) - Date.now()
  return Number.isFinite(milliseconds) ? Math.max(0, milliseconds) : null
}

async function readText(answer: Response): Promise<string> {
  const chunks: Uint8Array[] = []
  let size = 0
  for await (const chunk of answer.body ?? []) {
    const bytes = chunk as Uint8Array
    size += bytes.byteLength
    if (size > largestAnswer) throw new AppError('unsupported', 'The server sent an answer of more than 200 MB.', 'Check the base URL.')
    chunks.push(bytes)
  }
  return Buffer.concat(chunks).toString('utf8')
}

/**
 * An embedder behind the embeddings endpoint that OpenAI made common (`POST BASE/embeddings`), as OpenAI, Ollama, LM Studio, vLLM
 * and Text Embeddings Inference serve it. Empty texts are not sent and have a row of zeros. Redirects are not followed, so
 * that the key reaches the named host only.
 */
export function createOpenAiEmbedder(recipe: OpenAiRecipe, tuning: OpenAiTuning = usualTuning): TextEmbedder {
  const { baseUrl, model, dimensions, key } = recipe
  const url = new URL(`${baseUrl.replace(/\/+$/, '')}/embeddings`)
  const prefixes = { query: recipe.queryPrefix, document: recipe.documentPrefix }
  const remedy = 'Check the base URL, and that the server runs.'

  async function once(input: readonly string[], signal: AbortSignal | undefined): Promise<Answer> {
    const limit = AbortSignal.timeout(tuning.timeout)
    try {
      const answer = await fetch(url, {
        method: 'POST',
        redirect: 'manual',
        signal: signal ? AbortSignal.any([signal, limit]) : limit,
        headers: {
          'content-type': 'application/json',
          accept: 'application/json',
          ...(key === null ? {} : { authorization: `Bearer ${key}` }),
        },
        body: JSON.stringify({ model, input, encoding_format: 'float', ...(dimensions === null ? {} : { dimensions }) }),
      })
      const type = answer.headers.get('content-type') ?? ''
      return { status: answer.status, type, text: await readText(answer), retryAfter: retryAfter(answer.headers) }
    } catch (error) {
      if (error instanceof AppError) throw error
      if (signal?.aborted) throw new AppError('cancelled', 'The operation was cancelled.')
      if (limit.aborted) {
        const seconds = Math.round(tuning.timeout / 1000)
        throw new AppError(
          'unreachable',
          `${url.host} did not answer within ${seconds} seconds.`,
          'It may still be loading the model: try again.',
        )
      }
      if (error instanceof TypeError && /header|ByteString/i.test(error.message)) {
        throw new AppError('invalid-input', 'The key holds characters that cannot be sent.', 'Enter the key again.')
      }
      throw networkFailure(error, url.host, remedy)
    }
  }

  async function request(input: readonly string[], signal: AbortSignal | undefined): Promise<Answer> {
    for (let attempt = 1; ; attempt += 1) {
      const answer = await once(input, signal)
      const mayPass = answer.status === 429 || answer.status === 408 || answer.status >= 500
      const delay = answer.retryAfter ?? tuning.firstDelay * 2 ** (attempt - 1)
      const isSpent = /insufficient_quota/.test(answer.text)
      if (!mayPass || isSpent || attempt >= tuning.attempts || delay > tuning.longestDelay) return answer
      await wait(delay, undefined, { signal }).catch(() => {
        throw new AppError('cancelled', 'The operation was cancelled.')
      })
    }
  }

  function vectorsOf(answer: Answer, count: number): number[][] {
    let value: unknown
    try {
      value = JSON.parse(answer.text)
    } catch {
      throw refusal(recipe, url, answer)
    }
    const reply = replySchema.safeParse(value)
    if (!reply.success) throw refusal(recipe, url, answer)
    const { data } = reply.data
    const places = data.map(({ index }, place) => index ?? place)
    const isWhole = data.length === count && new Set(places).size === count && places.every((place) => place >= 0 && place < count)
    if (!isWhole) {
      throw new AppError(
        'unsupported',
        `${url.host} sent ${data.length} vectors for ${count} ${count === 1 ? 'text' : 'texts'}, or vectors whose texts it does not name.`,
        'Check that the base URL is that of an OpenAI-compatible server.',
      )
    }
    const vectors: number[][] = []
    for (const [at, { embedding }] of data.entries()) vectors[places[at] ?? 0] = embedding
    return vectors
  }

  async function embedBatch(input: readonly string[], signal: AbortSignal | undefined): Promise<number[][]> {
    const answer = await request(input, signal)
    if (answer.status === 200) return vectorsOf(answer, input.length)
    if (answer.status === 413 && input.length > 1) {
      const half = Math.ceil(input.length / 2)
      return [...(await embedBatch(input.slice(0, half), signal)), ...(await embedBatch(input.slice(half), signal))]
    }
    throw refusal(recipe, url, answer)
  }

  function checkDimension(vector: readonly number[], dimension: number): void {
    if (dimensions !== null && vector.length !== dimensions) {
      throw new AppError(
        'unsupported',
        `${model} answered with ${vector.length} dimensions instead of the ${dimensions} that were asked for.`,
        `Leave the dimensions of the embedder empty, or set them to ${vector.length}: this server does not shorten vectors.`,
      )
    }
    if (vector.length !== dimension) {
      throw new AppError('unsupported', `${model} answered with vectors of ${dimension} and of ${vector.length} dimensions.`, remedy)
    }
  }

  return {
    async embed(texts: readonly string[], { signal, purpose, onProgress }: EmbedOptions): Promise<Embedded> {
      const sent = texts.flatMap((text, index) => (text.trim() === '' ? [] : [{ index, text: prefixes[purpose] + text }]))
      if (sent.length === 0 && dimensions === null && texts.length > 0) {
        throw new AppError('invalid-input', 'There is no text to embed.', 'Enter a text.')
      }
      let dimension = dimensions ?? 0
      let data = new Float32Array(texts.length * dimension)
      let done = texts.length - sent.length
      for (const batch of batches(sent)) {
        if (signal?.aborted) throw new AppError('cancelled', 'The operation was cancelled.')
        const vectors = await embedBatch(
          batch.map(({ text }) => text),
          signal,
        )
        if (dimension === 0) {
          dimension = vectors[0]?.length ?? 0
          data = new Float32Array(texts.length * dimension)
        }
        for (const [place, { index }] of batch.entries()) {
          const vector = vectors[place] ?? []
          checkDimension(vector, dimension)
          data.set(vector, index * dimension)
        }
        done += batch.length
        onProgress?.(done, texts.length)
      }
      return { dimension, data }
    },
  }
}
