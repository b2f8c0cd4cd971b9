import { useMutation } from '@tanstack/react-query'
import { Send } from 'lucide-react'
import type { CollectionRef } from '../../../shared/contract/collections.ts'
import { AppError } from '../../../shared/rpc/errors.ts'
import { useClient } from '../../lib/client-context.tsx'
import { Button } from '../../ui/button.tsx'
import { EmptyState } from '../../ui/empty-state.tsx'

interface SendingQuestionProps {
  readonly collection: CollectionRef
  /** What would be sent, and where to. */
  readonly error: AppError
  readonly onAllowed: () => void
}

/** Whether an answer waits for somebody to allow that texts are sent. */
export function isConsentNeeded(error: unknown): error is AppError {
  return error instanceof AppError && error.code === 'consent'
}

/** Stands where an answer would be that needs texts to leave this computer. */
export function SendingQuestion({ collection, error, onAllowed }: SendingQuestionProps) {
  const client = useClient()
  const allow = useMutation(client.mutation('thresholds.allowSending'))
  return (
    <EmptyState
      icon={<Send aria-hidden="true" />}
      title={error.message}
      action={
        <Button variant="primary" onClick={() => allow.mutate(collection, { onSuccess: onAllowed })}>
          Send them
        </Button>
      }
    >
      {error.remedy}
    </EmptyState>
  )
}
