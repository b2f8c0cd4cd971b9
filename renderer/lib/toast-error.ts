import { toast } from '../ui/toast.tsx'
import { describeError, isCancelled } from './describe-error.ts'

/** Tells about a failed action in a toast. Cancelling is not a failure. */
export function toastError(error: unknown): void {
  if (isCancelled(error)) return
  const { message, remedy } = describeError(error)
  toast({ severity: 'error', message, remedy, key: message })
}
