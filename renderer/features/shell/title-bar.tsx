import { useQuery } from '@tanstack/react-query'
import { Link } from '@tanstack/react-router'
import { Command, PanelLeft, PanelRight, Settings } from 'lucide-react'
import type { ReactNode } from 'react'
import { useClient } from '../../lib/client-context.tsx'
import { useFrame } from '../../lib/frame.ts'
import { useOverlay } from '../../lib/overlay.ts'
import { useSlots } from '../../lib/slots.tsx'
import { useAddress } from '../../lib/use-address.ts'
import { IconButton } from '../../ui/icon-button.tsx'
import { Kbd } from '../../ui/kbd.tsx'
import { PathText } from '../../ui/path-text.tsx'
import { BrandMark } from './brand-mark.tsx'

function OpenStore({ connectionId, editing }: { connectionId: string; editing: ReactNode }) {
  const client = useClient()
  const { data: connections } = useQuery(client.query('connections.list', {}))
  const connection = connections?.find((item) => item.id === connectionId)
  if (!connection) return null
  return (
    <div className="flex min-w-0 items-center gap-2">
      <Link
        to="/s/$connectionId"
        params={{ connectionId }}
        className="max-w-64 shrink-0 truncate rounded-sm font-strong text-ink"
        activeOptions={{ exact: true }}
      >
        {connection.title}
      </Link>
      <PathText path={connection.location} className="text-small text-ink-faint" />
      {editing}
    </div>
  )
}

/** The bar at the top: what is open and whether it may be changed, the way to every command, and the side panels. */
export function TitleBar({ hasSidebar, editing }: { hasSidebar: boolean; editing: ReactNode }) {
  const { connectionId } = useAddress()
  const { sidebarOpen, setSidebarOpen, inspectorOpen, setInspectorOpen } = useFrame()
  const inspectorFilled = useSlots((store) => store.filled.inspector > 0)
  const show = useOverlay((store) => store.show)
  return (
    <header className="flex h-10 shrink-0 items-center gap-2 px-2">
      {hasSidebar && (
        <IconButton
          label={sidebarOpen ? 'Hide the sidebar' : 'Show the sidebar'}
          shortcut="mod+b"
          icon={<PanelLeft />}
          onClick={() => setSidebarOpen(!sidebarOpen)}
        />
      )}
      <Link to="/" className="flex shrink-0 items-center gap-2 rounded-md p-1">
        <BrandMark className="size-5" />
        <span className={connectionId === null ? 'font-strong' : 'sr-only'}>Mnemoscope</span>
      </Link>
      {connectionId !== null && (
        <>
          <span aria-hidden="true" className="text-line-strong">
            /
          </span>
          <OpenStore connectionId={connectionId} editing={editing} />
        </>
      )}
      <div className="ml-auto flex shrink-0 items-center gap-1">
        <button
          type="button"
          onClick={() => show('palette')}
          className="flex h-7 w-56 items-center gap-2 rounded-md border border-line bg-canvas pr-1 pl-2 text-ink-faint transition-colors hover:border-line-strong hover:text-ink-muted"
        >
          <Command aria-hidden="true" className="size-3.5" />
          <span className="flex-1 text-left">Go to or run…</span>
          <Kbd keys="mod+k" />
        </button>
        <IconButton label="Settings" shortcut="mod+," icon={<Settings />} onClick={() => show('settings')} />
        {inspectorFilled && (
          <IconButton
            label={inspectorOpen ? 'Hide the inspector' : 'Show the inspector'}
            shortcut="mod+i"
            icon={<PanelRight />}
            onClick={() => setInspectorOpen(!inspectorOpen)}
          />
        )}
      </div>
    </header>
  )
}
