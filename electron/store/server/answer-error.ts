import { AppError } from '../../../shared/rpc/errors.ts'
import { wireErrorBodySchema } from './api-schemas.ts'
import type { HttpAnswer } from './http.ts'
import { parseLossless } from './lossless-json.ts'

const longestMessage = 300

/** What the server itself said about a failure, or null. */
function ownWords(answer: HttpAnswer): string | null {
  if (/html/i.test(answer.type) || /^\s*</.test(answer.text)) return null
  try {
    const body = wireErrorBodySchema.parse(parseLossless(answer.text))
    const words = body.message ?? (typeof body.detail === 'string' ? body.detail : undefined) ?? body.error
    return words?.slice(0, longestMessage) ?? null
  } catch {
    return answer.text.trim() === '' ? null : answer.text.trim().slice(0, longestMessage)
  }
}

/** An unsuccessful answer as an error with a sentence and a way out; `isRead` where nothing was to be changed. */
export function answerError(answer: HttpAnswer, host: string, isRead: boolean): AppError {
  const words = ownWords(answer)
  const said = words === null ? '' : ` It said: ${words}`
  switch (answer.status) {
    case 401:
      return new AppError(
        'unauthorised',
        `${host} asks for a token, or does not know this one.${said}`,
        'Enter the token, and check which header the server expects.',
      )
    case 403:
      return new AppError(
        'unauthorised',
        `${host} does not allow this with the given token.${said}`,
        'Use a token with rights to this tenant and database.',
      )
    case 404:
      if (words === null) break
      return new AppError('not-found', `${host} does not have what was asked for.${said}`, 'Refresh the view.')
    case 400:
    case 412:
    case 422:
      return new AppError('invalid-input', `Chroma refused this.${said}`, null)
    case 405:
    case 410:
    case 501:
      return new AppError('unsupported', `${host} does not offer this.${said}`, 'A newer Chroma server is needed.')
    case 409:
      return new AppError('conflict', `Chroma refused this because it exists already.${said}`, null)
    case 413:
      return new AppError('invalid-input', `The request is larger than ${host} takes.`, 'Send fewer or smaller records at once.')
    case 503:
    case 504:
    case 502:
      return new AppError('unreachable', `${host} is not available now (${answer.status}).${said}`, 'Try again in a while.')
    default:
      break
  }
  if (answer.status >= 300 && answer.status <= 399) {
    return new AppError('not-a-store', `${host} sends requests on to another address.`, 'Enter the address that it leads to.')
  }
  if (answer.status >= 500 && words !== null && /disk is full|no space left/i.test(words)) {
    return new AppError(
      'no-space',
      'The disk of the store is full, so Chroma could not write.',
      'What was asked may or may not have been done. Free some space there, then read it again.',
    )
  }
  if (answer.status >= 500) {
    return new AppError(
      'engine-failed',
      `Chroma failed with an internal error (${answer.status}).${said}`,
      isRead
        ? 'Try again. If it stays so, the log of the server says why.'
        : 'What was asked may or may not have been done: read it again.',
    )
  }
  return new AppError(
    'not-a-store',
    `${host} answers with ${answer.status}, not as a Chroma server does.${said}`,
    'Check the address and the path of the server.',
  )
}
