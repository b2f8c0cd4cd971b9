import { useMutation } from '@tanstack/react-query'
import { useRef } from 'react'
import type { Input, MutationName } from '../rpc/client.ts'
import { useClient } from './client-context.tsx'
import { isCancelled } from './describe-error.ts'

/** A mutation that takes long: `cancel` ends it, and one that was cancelled has no error. Its view shows its errors itself. */
export function useCancellableMutation<Name extends MutationName>(name: Name) {
  const client = useClient()
  const running = useRef<AbortController | null>(null)
  const { mutate, data, error, isPending } = useMutation({
    ...client.mutation(name),
    mutationFn: (input: Input<Name>) => {
      running.current = new AbortController()
      return client.call(name, input, running.current.signal)
    },
    meta: { showsError: true },
  })
  return { mutate, data, isPending, error: isCancelled(error) ? null : error, cancel: () => running.current?.abort() }
}
