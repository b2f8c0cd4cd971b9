import { z } from 'zod'
import { AppError } from '../../shared/rpc/errors.ts'
import type { OpenAiRecipe } from './protocol.ts'

export interface Answer {
  readonly status: number
  readonly type: string
  readonly text: string
  /** Milliseconds that the server asks to wait; null where it does not. */
  readonly retryAfter: number | null
}

const longestQuote = 300

/** Servers put their words into different places. */
const errorSchema = z.union([
  z.object({ error: z.object({ message: z.string() }) }).transform(({ error }) => error.message),
  z.object({ error: z.string() }).transform(({ error }) => error),
  z.object({ message: z.string() }).transform(({ message }) => message),
  z.object({ detail: z.string() }).transform(({ detail }) => detail),
])

/** What the server says, without the key, shortened; null where it says nothing a person could read. */
function wordsOf({ text }: Answer, key: string | null): string | null {
  let value: unknown
  try {
    value = JSON.parse(text)
  } catch {
    return null
  }
  const parsed = errorSchema.safeParse(value)
  if (!parsed.success) return null
  const words = (key === null ? parsed.data : parsed.data.replaceAll(key, '(the key)')).replaceAll(/\s+/g, ' ').trim()
  return words.length > longestQuote ? `${words.slice(0, longestQuote)}…` : words
}

function isPage({ type, text }: Answer): boolean {
  return /html/i.test(type) || /^\s*</.test(text)
}

/** Why an answer of an embeddings endpoint has no vectors, as an error that says what to do. */
export function refusal({ model, key, dimensions }: OpenAiRecipe, url: URL, answer: Answer): AppError {
  const { host } = url
  const words = wordsOf(answer, key)
  const quoted = words === null ? '' : ` It says: ${words}`
  const endpoint = `${url.origin}${url.pathname}`
  const { status } = answer
  if (status === 401 || status === 403) {
    return key === null
      ? new AppError('unauthorised', `${host} asks for a key.${quoted}`, 'Enter the key of this embedder.')
      : new AppError(
          'unauthorised',
          `${host} does not accept the key.${quoted}`,
          'Enter the key again, and check that it may use this model.',
        )
  }
  if (status >= 300 && status < 400) {
    return new AppError(
      'unsupported',
      `${host} sends requests for ${endpoint} elsewhere, which is not followed.`,
      'Enter the address it leads to as base URL.',
    )
  }
  if (isPage(answer)) {
    return new AppError(
      'unsupported',
      `${endpoint} answered with a web page (status ${status}).`,
      'The base URL is that of an API, and usually ends with /v1.',
    )
  }
  if (status === 404 || status === 405) {
    return words !== null && /model/i.test(words)
      ? new AppError(
          'not-found',
          `${host} does not offer the model ${model}.${quoted}`,
          'Check the name of the model, or load it on the server first.',
        )
      : new AppError('not-found', `There is no embeddings endpoint at ${endpoint}.${quoted}`, 'The base URL usually ends with /v1.')
  }
  if (status === 429) {
    return /insufficient_quota|quota|billing/i.test(answer.text)
      ? new AppError('busy', `The account at ${host} has used up its quota.${quoted}`, 'Check the account, or use another embedder.')
      : new AppError('busy', `${host} asks to send fewer requests.${quoted}`, 'Wait a while, then try again.')
  }
  if (status >= 500)
    return new AppError(
      'unreachable',
      `${host} failed with status ${status}.${quoted}`,
      'Try again later, or look at the log of the server.',
    )
  if (status === 200) {
    return new AppError(
      'unsupported',
      `${endpoint} answered with something other than vectors.${quoted}`,
      'Check that the base URL is that of an OpenAI-compatible server, and that the model is one for embeddings.',
    )
  }
  const remedy =
    dimensions === null
      ? 'Check the model; a text may also be longer than it takes.'
      : 'Check the model and the dimensions: not every model can shorten its vectors.'
  return new AppError('invalid-input', `${host} did not take the request (status ${status}).${quoted}`, remedy)
}
