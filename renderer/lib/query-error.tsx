import type { ReactNode } from 'react'
import { ErrorState } from '../ui/error-state.tsx'
import { describeError } from './describe-error.ts'

export interface QueryErrorProps {
  error: unknown
  onRetry?: () => void
  retrying?: boolean
  actions?: ReactNode
  className?: string
}

/** Stands where the answer of a query would be. */
export function QueryError({ error, onRetry, retrying, actions, className }: QueryErrorProps) {
  const { message, remedy } = describeError(error)
  return <ErrorState message={message} remedy={remedy} onRetry={onRetry} retrying={retrying} actions={actions} className={className} />
}
