import { mkdirSync } from 'node:fs'
import path from 'node:path'
import packageFile from '../../package.json' with { type: 'json' }
import { createCore, type Core } from '../core.ts'
import type { ShellDialogs } from '../platform/dialogs.ts'
import { log } from '../platform/log.ts'
import { builtFile, dataDirectory, rendererDirectory } from '../platform/paths.ts'
import type { IpcOptions } from '../rpc/ipc.ts'
import { isAppUrl } from './app-origin.ts'
import { targetOfCommandLine } from './command-line.ts'
import { confirmCommands } from './confirm-commands.ts'
import type { ElectronApi } from './electron-api.ts'
import { createExternalLinks } from './external-links.ts'
import { keepMenuCurrent } from './menu-refresh.ts'
import { lockNavigation } from './navigation.ts'
import { createOpenRequests } from './open-requests.ts'
import { denyPermissions } from './permissions.ts'
import { createUtilityLauncher } from './process-launcher.ts'
import { registerAppScheme, serveApp } from './protocol.ts'
import { endInOrder } from './quit.ts'
import { recoverFromCrashes } from './recovery.ts'
import { canSeal, createSealedSecrets } from './secrets.ts'
import { claimSingleInstance } from './single-instance.ts'
import { openWindowState } from './window-state.ts'
import { createWindow } from './window.ts'

type Parts =
  | 'app'
  | 'BrowserWindow'
  | 'Menu'
  | 'nativeTheme'
  | 'protocol'
  | 'safeStorage'
  | 'screen'
  | 'session'
  | 'shell'
  | 'utilityProcess'

export interface DesktopAppOptions {
  readonly electron: Pick<ElectronApi, Parts>
  readonly createDialogs: (window: () => Electron.BrowserWindow | null) => ShellDialogs
  readonly bindIpc: (options: IpcOptions) => void
}

function warnOfDamage(_file: string, setAside: string): void {
  log.warn(`A settings file could not be read and was kept as ${path.basename(setAside)}.`)
}

/**
 * Runs the desktop app until it quits. To be called before Electron is ready.
 * Where another one runs already, that one gets what this start named, and this one ends.
 */
export async function runDesktopApp({ electron, createDialogs, bindIpc }: DesktopAppOptions): Promise<void> {
  const { app, nativeTheme, safeStorage, screen, session, shell } = electron
  const packaged = app.isPackaged
  const data = dataDirectory()
  mkdirSync(data, { recursive: true, mode: 0o700 })
  app.setPath('userData', path.join(data, 'window'))
  app.enableSandbox()
  registerAppScheme(electron.protocol)

  let window: Electron.BrowserWindow | null = null
  const waiting: string[] = []
  let open = (wanted: string): void => void waiting.push(wanted)
  const comeToFront = (): void => {
    if (window?.isMinimized()) window.restore()
    window?.focus()
  }
  const target = targetOfCommandLine(process.argv, packaged, process.cwd())
  const isFirst = claimSingleInstance(app, target, (wanted) => {
    comeToFront()
    if (wanted !== null) open(wanted)
  })
  if (!isFirst) return app.quit()
  app.on('open-file', (event, file) => {
    event.preventDefault()
    open(file)
  })

  const dialogs = createDialogs(() => window)
  const openLink = createExternalLinks({ confirm: dialogs.confirmLink, open: (address) => shell.openExternal(address) })
  app.on('web-contents-created', (_event, contents) => lockNavigation(contents, (url) => void openLink(url)))
  app.on('child-process-gone', (_event, { type, reason, exitCode }) => log.warn(`A ${type} process ended: ${reason} (${exitCode})`))

  await app.whenReady()
  log.keepIn(data)
  denyPermissions(session.defaultSession)
  serveApp(session.defaultSession, { directory: rendererDirectory(), packaged })
  const core: Core = await createCore({
    mode: 'desktop',
    version: packageFile.version,
    data,
    workingDirectory: process.cwd(),
    dialogs,
    ...(canSeal(safeStorage, process.platform)
      ? { secrets: createSealedSecrets(safeStorage, path.join(data, 'sealed-secrets.json'), warnOfDamage) }
      : {}),
    launchHost: createUtilityLauncher(electron.utilityProcess),
  })
  endInOrder(app, () => core.close())

  const requests = createOpenRequests(core)
  const menu = keepMenuCurrent(electron.Menu, {
    platform: process.platform,
    packaged,
    core,
    openDirectory: () => void dialogs.openDirectory().then((directory) => (directory === null ? undefined : open(directory))),
    openRecent: (connectionId) => void requests.openRecent(connectionId).then(menu.refresh),
    runCommand: (id) => core.tell({ type: 'command', id }),
  })
  open = (wanted) => void requests.openTarget(wanted).then(menu.refresh)
  await menu.refresh()
  void core.openFromCommandLine(target).then(menu.refresh)
  for (const wanted of waiting.splice(0)) open(wanted)

  bindIpc({
    dispatch: menu.watch(confirmCommands(core.dispatch, dialogs.confirmCommand)),
    onEvent: core.onEvent,
    isAppUrl,
    onDropped: (paths) => {
      const [first] = paths
      if (first !== undefined) void requests.openTarget(first)
    },
  })

  const state = openWindowState(path.join(data, 'window.json'), warnOfDamage)
  const main = screen.getPrimaryDisplay()
  window = createWindow(electron, {
    preload: builtFile('preload.cjs'),
    packaged,
    dark: nativeTheme.shouldUseDarkColors,
    state: await state.read(),
    areas: [main, ...screen.getAllDisplays().filter(({ id }) => id !== main.id)].map(({ workArea }) => workArea),
    saveState: (next) => state.update(() => next),
  })
  window.on('closed', () => (window = null))
  recoverFromCrashes(window, dialogs.offerReload)
}
