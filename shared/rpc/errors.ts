import { z } from 'zod'

/** What kind of trouble it is; the person reads the sentence, programs read the code. */
export const errorCodeSchema = z.enum([
  'invalid-input',
  'not-found',
  'not-a-store',
  'damaged',
  'stale',
  'unsupported',
  'unreachable',
  'unauthorised',
  'forbidden',
  'consent',
  'conflict',
  'busy',
  'no-space',
  'engine-failed',
  'cancelled',
  'internal',
])
export type ErrorCode = z.infer<typeof errorCodeSchema>

export const wireErrorSchema = z.object({
  code: errorCodeSchema,
  message: z.string(),
  remedy: z.string().nullable(),
})
export type WireError = z.infer<typeof wireErrorSchema>

/**
 * An expected failure, told in a sentence that names the cause.
 * `remedy` is a second sentence that says what to do about it.
 */
export class AppError extends Error {
  readonly code: ErrorCode
  readonly remedy: string | null

  constructor(code: ErrorCode, message: string, remedy?: string | null, options?: { cause?: unknown }) {
    super(message, options)
    this.name = 'AppError'
    this.code = code
    this.remedy = remedy ?? null
  }
}

/** Turns anything thrown into the form that crosses the wire; unknown failures become 'internal'. */
export function toWireError(error: unknown): WireError {
  if (error instanceof AppError) return { code: error.code, message: error.message, remedy: error.remedy }
  if (error instanceof Error && error.name === 'AbortError') {
    return { code: 'cancelled', message: 'The operation was cancelled.', remedy: null }
  }
  const message = error instanceof Error ? error.message : String(error)
  return {
    code: 'internal',
    message: `Something went wrong inside Mnemoscope: ${message}`,
    remedy: 'Nothing in the store was changed. Try again; if it happens again, the log has the details.',
  }
}

/** The reverse of {@link toWireError}. Never throws: a malformed error becomes an 'internal' one. */
export function fromWireError(value: unknown): AppError {
  const parsed = wireErrorSchema.safeParse(value)
  if (!parsed.success) return new AppError('internal', 'The application sent an error that could not be read.')
  return new AppError(parsed.data.code, parsed.data.message, parsed.data.remedy)
}
