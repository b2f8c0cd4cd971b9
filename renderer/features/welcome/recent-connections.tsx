import { useMutation } from '@tanstack/react-query'
import { Link } from '@tanstack/react-router'
import { Ellipsis, Pin, PinOff, Trash2, Unplug } from 'lucide-react'
import type { Connection } from '../../../shared/contract/connections.ts'
import { useClient } from '../../lib/client-context.tsx'
import { connectionIcon } from '../../lib/connection-icon.tsx'
import { formatQuantity, formatRelativeTime, formatTime } from '../../lib/format.ts'
import { useCloseConnection } from '../../lib/use-close-connection.ts'
import { useNow } from '../../lib/use-now.ts'
import { Badge } from '../../ui/badge.tsx'
import { IconButton } from '../../ui/icon-button.tsx'
import { Menu, type MenuEntry } from '../../ui/menu.tsx'
import { PathText } from '../../ui/path-text.tsx'

function Row({ connection, now }: { connection: Connection; now: number }) {
  const client = useClient()
  const pin = useMutation(client.mutation('connections.pin'))
  const forget = useMutation(client.mutation('connections.forget'))
  const close = useCloseConnection()
  const connectionId = connection.id
  const { holds, pinned, title } = connection
  const entries: MenuEntry[] = [
    ...(connection.isOpen ? [{ label: 'Close', icon: <Unplug />, onSelect: () => close.mutate({ connectionId }) }] : []),
    { label: 'Forget', icon: <Trash2 />, onSelect: () => forget.mutate({ connectionId }) },
  ]
  return (
    <li className="group relative flex items-center gap-3 px-3 py-2 hover:bg-hover">
      <span className="text-ink-faint [&_svg]:size-4 [&_svg]:stroke-[1.75]">{connectionIcon(connection)}</span>
      <div className="min-w-0 flex-1">
        <div className="flex items-center gap-2">
          <Link
            to="/s/$connectionId"
            params={{ connectionId }}
            className="min-w-0 truncate rounded-sm font-strong after:absolute after:inset-0 focus-visible:outline-none focus-visible:after:rounded-md focus-visible:after:outline-2 focus-visible:after:-outline-offset-2 focus-visible:after:outline-accent"
          >
            {title}
          </Link>
          {connection.isOpen && <Badge tone="accent">open</Badge>}
        </div>
        <PathText path={connection.location} className="text-small text-ink-muted" />
      </div>
      <div className="flex shrink-0 flex-col items-end text-small text-ink-muted">
        <span>
          {holds ? `${formatQuantity(holds.collections, 'collection')} · ${formatQuantity(holds.records, 'record')}` : 'contents unknown'}
        </span>
        <time
          dateTime={new Date(connection.lastOpenedAt).toISOString()}
          title={formatTime(connection.lastOpenedAt)}
          className="text-ink-faint"
        >
          {formatRelativeTime(connection.lastOpenedAt, now)}
        </time>
      </div>
      <div className="z-10 flex shrink-0">
        <IconButton
          size="small"
          label={pinned ? `Unpin ${title}` : `Pin ${title} to the top`}
          icon={pinned ? <PinOff /> : <Pin />}
          onClick={() => pin.mutate({ connectionId, pinned: !pinned })}
        />
        <Menu align="end" trigger={<IconButton size="small" label={`More for ${title}`} icon={<Ellipsis />} />} entries={entries} />
      </div>
    </li>
  )
}

/** Connections of now and before, the pinned ones first, then the latest. */
export function RecentConnections({ connections }: { connections: readonly Connection[] }) {
  const now = useNow()
  const sorted = connections.toSorted((left, right) => Number(right.pinned) - Number(left.pinned) || right.lastOpenedAt - left.lastOpenedAt)
  return (
    <ul aria-label="Recent connections" className="flex flex-col divide-y divide-line overflow-hidden rounded-md border border-line">
      {sorted.map((connection) => (
        <Row key={connection.id} connection={connection} now={now} />
      ))}
    </ul>
  )
}
