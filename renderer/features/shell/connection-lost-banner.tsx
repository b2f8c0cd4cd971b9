import { useQuery } from '@tanstack/react-query'
import { useClient } from '../../lib/client-context.tsx'
import { useCoreConnection } from '../../lib/core-connection.ts'
import { describeError } from '../../lib/describe-error.ts'
import { Spinner } from '../../ui/spinner.tsx'

/** Says that the program behind this window does not answer, while it does not. */
export function ConnectionLostBanner() {
  const connected = useCoreConnection((store) => store.connected)
  const client = useClient()
  const { error } = useQuery(client.query('connections.list', {}))
  // Without access the page itself says what to do; waiting would not help.
  if (connected !== false || (error !== null && describeError(error).code === 'unauthorised')) return null
  return (
    <div role="alert" className="flex items-center gap-2 border-t border-line bg-wrong-soft px-3 py-1.5 text-ink">
      <Spinner className="text-wrong" />
      <span className="min-w-0">
        Mnemoscope does not answer. What is shown may be out of date; nothing in any store was changed. This window connects again by itself
        as soon as the program runs.
      </span>
    </div>
  )
}
