import type { Connection } from '../../shared/contract/connections.ts'

type Item = Electron.MenuItemConstructorOptions

export interface MenuOptions {
  readonly platform: NodeJS.Platform
  readonly packaged: boolean
  /** Connections that were opened before, as the welcome page lists them. */
  readonly recent: readonly Pick<Connection, 'id' | 'title' | 'location'>[]
  readonly openDirectory: () => void
  readonly openRecent: (connectionId: string) => void
  /** Runs a command of the window by its id. */
  readonly runCommand: (id: string) => void
}

const mostRecent = 12
const separator: Item = { type: 'separator' }

/** Menus read & as the mark of an access key. */
function asLabel(text: string): string {
  return text.replaceAll('&', '&&')
}

function recentItems({ recent, openRecent }: MenuOptions): Item[] {
  if (recent.length === 0) return [{ label: 'Nothing opened yet', enabled: false }]
  return recent.slice(0, mostRecent).map(({ id, title, location }) => ({
    id: `recent:${id}`,
    label: asLabel(title === location ? title : `${title}  (${location})`),
    click: () => openRecent(id),
  }))
}

function fileMenu(options: MenuOptions, mac: boolean): Item {
  const settings: Item = { label: 'Settings…', click: () => options.runCommand('settings') }
  return {
    label: '&File',
    submenu: [
      { id: 'open-directory', label: 'Open directory…', accelerator: 'CmdOrCtrl+O', click: () => options.openDirectory() },
      { id: 'open-recent', label: 'Open recent', submenu: recentItems(options) },
      { id: 'connect-server', label: 'Connect to server…', click: () => options.runCommand('connect-server') },
      separator,
      ...(mac ? [] : [settings, separator]),
      { role: 'close' },
      ...(mac ? [] : [{ role: 'quit' as const }]),
    ],
  }
}

function applicationMenu(options: MenuOptions): Item {
  return {
    role: 'appMenu',
    submenu: [
      { role: 'about' },
      separator,
      { label: 'Settings…', accelerator: 'Cmd+,', click: () => options.runCommand('settings') },
      separator,
      { role: 'services' },
      separator,
      { role: 'hide' },
      { role: 'hideOthers' },
      { role: 'unhide' },
      separator,
      { role: 'quit' },
    ],
  }
}

/** The menu of the app, with what each operating system's people expect in it. */
export function menuTemplate(options: MenuOptions): Item[] {
  const mac = options.platform === 'darwin'
  const roles = (names: readonly Item['role'][]): Item[] => names.map((role) => ({ role }))
  return [
    ...(mac ? [applicationMenu(options)] : []),
    fileMenu(options, mac),
    { label: '&Edit', submenu: [...roles(['undo', 'redo']), separator, ...roles(['cut', 'copy', 'paste', 'delete', 'selectAll'])] },
    {
      label: '&View',
      submenu: [
        ...roles(['reload']),
        separator,
        ...roles(['resetZoom', 'zoomIn', 'zoomOut']),
        separator,
        ...roles(['togglefullscreen']),
        ...(options.packaged ? [] : [separator, ...roles(['toggleDevTools'])]),
      ],
    },
    { role: 'windowMenu', submenu: mac ? [...roles(['minimize', 'zoom']), separator, ...roles(['front'])] : roles(['minimize', 'close']) },
    {
      role: 'help',
      submenu: [
        { label: 'Keyboard shortcuts', click: () => options.runCommand('shortcuts') },
        { label: 'Command palette', click: () => options.runCommand('palette') },
        ...(mac ? [] : [separator, { role: 'about' as const }]),
      ],
    },
  ]
}
