import { useLocation, useNavigate } from '@tanstack/react-router'
import { useEffect } from 'react'
import { collectionViews, sharedSearch } from '../../lib/collection-views.ts'
import { useCommands, type Command } from '../../lib/commands.ts'
import { useFrame } from '../../lib/frame.ts'
import { useOverlay } from '../../lib/overlay.ts'
import { listenForShortcuts } from '../../lib/shortcuts.ts'
import { useCloseConnection } from '../../lib/use-close-connection.ts'
import { useAddress } from '../../lib/use-address.ts'
import { useRefresh } from '../../lib/use-refresh.ts'

/** Commands that every page has, and the keys of all commands. */
export function useFrameCommands(): void {
  const navigate = useNavigate()
  const { search } = useLocation()
  const show = useOverlay((store) => store.show)
  const { sidebarOpen, setSidebarOpen, inspectorOpen, setInspectorOpen } = useFrame()
  const { connectionId, collectionId } = useAddress()
  const { mutate: refresh } = useRefresh()
  const { mutate: close } = useCloseConnection()
  useEffect(() => listenForShortcuts(), [])

  const commands: Command[] = [
    {
      id: 'open-directory',
      title: 'Open a directory…',
      group: 'Connections',
      shortcut: 'mod+o',
      keywords: 'folder persist store',
      run: () => show('open-directory'),
    },
    {
      id: 'connect-server',
      title: 'Connect to a server or Chroma Cloud…',
      group: 'Connections',
      keywords: 'url http remote token',
      run: () => show('connect-server'),
    },
    {
      id: 'go-welcome',
      title: 'Welcome',
      group: 'Go to',
      shortcut: 'g w',
      keywords: 'home recent sample',
      run: () => void navigate({ to: '/' }),
    },
    { id: 'palette', title: 'Command palette', group: 'Window', shortcut: 'mod+k', keyboardOnly: true, run: () => show('palette') },
    {
      id: 'toggle-sidebar',
      title: 'Show or hide the sidebar',
      group: 'Window',
      shortcut: 'mod+b',
      run: () => setSidebarOpen(!sidebarOpen),
    },
    {
      id: 'toggle-inspector',
      title: 'Show or hide the inspector',
      group: 'Window',
      shortcut: 'mod+i',
      run: () => setInspectorOpen(!inspectorOpen),
    },
    {
      id: 'settings',
      title: 'Settings…',
      group: 'Window',
      shortcut: 'mod+,',
      keywords: 'preferences theme dark light density engine',
      run: () => show('settings'),
    },
    {
      id: 'shortcuts',
      title: 'Keyboard shortcuts',
      group: 'Window',
      shortcut: '?',
      keywords: 'cheat sheet keys help',
      run: () => show('shortcuts'),
    },
  ]
  if (connectionId !== null) {
    commands.push(
      {
        id: 'refresh',
        title: 'Read the store again',
        group: 'Store',
        shortcut: 'shift+r',
        keywords: 'refresh reload',
        run: () => refresh({ connectionId }),
      },
      {
        id: 'close',
        title: 'Close this connection',
        group: 'Store',
        run: () => close({ connectionId }),
      },
      {
        id: 'go-store',
        title: 'Store overview',
        group: 'Go to',
        shortcut: 'g s',
        run: () => void navigate({ to: '/s/$connectionId', params: { connectionId } }),
      },
      {
        id: 'go-history',
        title: 'History of changes',
        group: 'Go to',
        shortcut: 'g h',
        keywords: 'undo redo journal',
        run: () => void navigate({ to: '/s/$connectionId/history', params: { connectionId } }),
      },
    )
  }
  if (connectionId !== null && collectionId !== null) {
    const params = { connectionId, collectionId }
    for (const { name, to, label, shortcut } of collectionViews) {
      commands.push({
        id: `go-${name}`,
        title: `${label} of this collection`,
        group: 'Go to',
        shortcut,
        run: () => void navigate({ to, params, search: sharedSearch(search) }),
      })
    }
  }
  useCommands(commands)
}
