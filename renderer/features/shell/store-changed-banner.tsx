import { useQuery } from '@tanstack/react-query'
import { RefreshCw } from 'lucide-react'
import { useClient } from '../../lib/client-context.tsx'
import { formatRelativeTime } from '../../lib/format.ts'
import { useNow } from '../../lib/use-now.ts'
import { useAddress } from '../../lib/use-address.ts'
import { useRefresh } from '../../lib/use-refresh.ts'
import { Button } from '../../ui/button.tsx'

function Banner({ connectionId }: { connectionId: string }) {
  const client = useClient()
  const now = useNow()
  const { data: connections } = useQuery(client.query('connections.list', {}))
  const isOpen = connections?.find((item) => item.id === connectionId)?.isOpen === true
  const { data: status } = useQuery({ ...client.query('connections.status', { connectionId }), enabled: isOpen })
  const refresh = useRefresh()
  if (!isOpen || !status?.changedSince) return null
  return (
    <div role="status" className="flex items-center gap-3 border-t border-line bg-accent-soft px-3 py-1 text-ink">
      <span className="min-w-0">
        Another process changed this store. What is shown was read {formatRelativeTime(status.snapshotAt, now)}.
      </span>
      <Button
        size="small"
        icon={<RefreshCw aria-hidden="true" />}
        busy={refresh.isPending}
        onClick={() => refresh.mutate({ connectionId })}
      >
        Refresh
      </Button>
    </div>
  )
}

/** Says that the store moved on since it was read, and offers to read it again. */
export function StoreChangedBanner() {
  const { connectionId } = useAddress()
  return connectionId === null ? null : <Banner connectionId={connectionId} />
}
