import { useQuery } from '@tanstack/react-query'
import { Cloud, HardDrive, Lock, Pencil, Server, Unplug } from 'lucide-react'
import type { ReactNode } from 'react'
import { useClient } from '../../lib/client-context.tsx'
import { collectionsOf } from '../../lib/collections-of.ts'
import { useCoreConnection } from '../../lib/core-connection.ts'
import { formatBytes, formatQuantity } from '../../lib/format.ts'
import { useSlots } from '../../lib/slots.tsx'
import { useAddress } from '../../lib/use-address.ts'
import { Tooltip } from '../../ui/tooltip.tsx'
import { SelectionStatus } from './selection-status.tsx'

const accessWords = { 'read-only': 'Read-only', editing: 'Editing', remote: 'Remote' }
const accessIcons = { 'read-only': Lock, editing: Pencil, remote: Server }
const kindIcons = { directory: HardDrive, server: Server, cloud: Cloud }

function StoreStatus({ connectionId, collectionId }: { connectionId: string; collectionId: string | null }) {
  const client = useClient()
  const { data: connections } = useQuery(client.query('connections.list', {}))
  const connection = connections?.find((item) => item.id === connectionId)
  const enabled = connection?.isOpen === true
  const { data: status } = useQuery({ ...client.query('connections.status', { connectionId }), enabled })
  const { data: catalog } = useQuery({ ...client.query('collections.catalog', { connectionId }), enabled })
  const { data: engines } = useQuery(client.query('engine.status', {}))
  if (!connection) return null
  if (!status) return <span>{enabled ? 'Opening…' : 'Not open'}</span>

  const collections = catalog ? collectionsOf(catalog) : []
  const collection = collections.find((item) => item.id === collectionId)
  const engine = engines?.find((item) => item.connectionId === connectionId)
  const AccessIcon = accessIcons[status.access]
  const KindIcon = kindIcons[connection.kind]
  const facts = collection
    ? [
        collection.count === null ? 'count unknown' : formatQuantity(collection.count, 'record'),
        collection.dimension === null ? null : `${collection.dimension}-d`,
        collection.space,
      ]
    : [
        catalog ? formatQuantity(collections.length, 'collection') : null,
        catalog
          ? formatQuantity(
              collections.reduce((sum, item) => sum + (item.count ?? 0), 0),
              'record',
            )
          : null,
        status.bytesOnDisk === null ? null : formatBytes(status.bytesOnDisk),
      ]
  return (
    <>
      <Tooltip side="top" content={status.access === 'read-only' ? `Nothing is written to ${connection.location}` : connection.location}>
        <span className="flex shrink-0 items-center gap-1.5" tabIndex={-1}>
          <AccessIcon aria-hidden="true" className="size-3" />
          {accessWords[status.access]} · {status.reader}
        </span>
      </Tooltip>
      {connection.kind === 'directory' && (
        <span className="shrink-0">
          {engine && engine.state !== 'off'
            ? `engine ${engine.state}${engine.candidate?.version ? ` · ${engine.candidate.version}` : ''}`
            : 'engine off'}
        </span>
      )}
      <span className="flex min-w-0 items-center gap-1.5 truncate">
        {!collection && <KindIcon aria-hidden="true" className="size-3 shrink-0" />}
        {facts.filter(Boolean).join(' · ')}
      </span>
    </>
  )
}

function OpenCount() {
  const client = useClient()
  const { data: connections = [] } = useQuery(client.query('connections.list', {}))
  const open = connections.filter((connection) => connection.isOpen).length
  return <span>{open === 0 ? 'No store is open' : `${formatQuantity(open, 'store')} open`}</span>
}

/** The bar at the bottom: what is open, how, and what is running. `jobs` stands at its right. */
export function StatusBar({ jobs }: { jobs: ReactNode }) {
  const { connectionId, collectionId } = useAddress()
  const connected = useCoreConnection((store) => store.connected)
  const setSlot = useSlots((store) => store.setElement)
  return (
    <footer aria-label="Status" className="flex h-7 shrink-0 items-center gap-4 border-t border-line px-3 text-small text-ink-muted">
      {connectionId !== null && <StoreStatus connectionId={connectionId} collectionId={collectionId} />}
      {connectionId === null && <OpenCount />}
      {connectionId !== null && collectionId !== null && <SelectionStatus collection={{ connectionId, collectionId }} />}
      <div ref={(element) => setSlot('status', element)} className="flex min-w-0 items-center gap-4" />
      <div className="ml-auto flex shrink-0 items-center gap-4">
        {jobs}
        {connected === false && (
          <span role="status" className="flex items-center gap-1.5 text-wrong">
            <Unplug aria-hidden="true" className="size-3" />
            Not connected
          </span>
        )}
      </div>
    </footer>
  )
}
