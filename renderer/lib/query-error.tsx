import { useContext, type ReactNode } from 'react'
import { Button } from '../ui/button.tsx'
import { ErrorState } from '../ui/error-state.tsx'
import { ConnectionContext } from './connection-context.ts'
import { describeError } from './describe-error.ts'
import { useOverlay } from './overlay.ts'

export interface QueryErrorProps {
  error: unknown
  onRetry?: () => void
  retrying?: boolean
  actions?: ReactNode
  className?: string
}

/** Stands where the answer of a query would be. A server that does not take its token any more is given another one from here. */
export function QueryError({ error, onRetry, retrying, actions, className }: QueryErrorProps) {
  const { code, message, remedy } = describeError(error)
  const connectionId = useContext(ConnectionContext)
  const show = useOverlay((store) => store.show)
  const offers =
    code === 'unauthorised' && connectionId !== null ? (
      <>
        <Button onClick={() => show('connect-server', connectionId)}>Enter another token…</Button>
        {actions}
      </>
    ) : (
      actions
    )
  return <ErrorState message={message} remedy={remedy} onRetry={onRetry} retrying={retrying} actions={offers} className={className} />
}
