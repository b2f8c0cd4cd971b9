import { ZodError } from 'zod'
import { AppError, type ErrorCode } from '../../shared/rpc/errors.ts'

export interface DescribedError {
  code: ErrorCode
  /** What happened. */
  message: string
  /** What it means for the data and what to do. */
  remedy: string | null
}

/** The one place that turns anything thrown into sentences for people. */
export function describeError(error: unknown): DescribedError {
  if (error instanceof AppError) return { code: error.code, message: error.message, remedy: error.remedy }
  if (error instanceof ZodError) {
    return {
      code: 'internal',
      message: 'The answer had a form that this window does not understand.',
      remedy: 'Nothing was changed. Reload the window; if it happens again, the log has the details.',
    }
  }
  const message = error instanceof Error ? error.message : String(error)
  return {
    code: 'internal',
    message: `This view stopped working: ${message}`,
    remedy: 'Nothing was changed. Try again or reload the window.',
  }
}

/** True for an error that only says that the person changed their mind. */
export function isCancelled(error: unknown): boolean {
  return error instanceof AppError && error.code === 'cancelled'
}
