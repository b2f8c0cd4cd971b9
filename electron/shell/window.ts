import { log } from '../platform/log.ts'
import { appOrigin } from './app-origin.ts'
import type { ElectronApi } from './electron-api.ts'
import { fitToDisplays, smallest, type Bounds, type WindowState } from './window-state.ts'

export interface WindowOptions {
  /** The built preload. */
  readonly preload: string
  readonly packaged: boolean
  readonly dark: boolean
  readonly state: WindowState
  /** Usable areas of the displays, the main one first. */
  readonly areas: readonly Bounds[]
  readonly saveState: (state: WindowState) => Promise<unknown>
}

const saveAfter = 500

/** The one place where a window is made. The page in it has no Node, no devices and no way out of its origin. */
export function createWindow({ BrowserWindow }: Pick<ElectronApi, 'BrowserWindow'>, options: WindowOptions): Electron.BrowserWindow {
  const window = new BrowserWindow({
    ...fitToDisplays(options.state.bounds, options.areas),
    minWidth: smallest.width,
    minHeight: smallest.height,
    title: 'Mnemoscope',
    backgroundColor: options.dark ? '#16181d' : '#ffffff',
    show: false,
    webPreferences: {
      preload: options.preload,
      contextIsolation: true,
      sandbox: true,
      nodeIntegration: false,
      nodeIntegrationInWorker: false,
      nodeIntegrationInSubFrames: false,
      webSecurity: true,
      allowRunningInsecureContent: false,
      experimentalFeatures: false,
      webviewTag: false,
      plugins: false,
      navigateOnDragDrop: false,
      disableBlinkFeatures: 'Auxclick',
      safeDialogs: true,
      // A spell checker would fetch its dictionaries from the network.
      spellcheck: false,
      devTools: !options.packaged,
    },
  })
  if (options.state.maximized) window.maximize()
  window.once('ready-to-show', () => window.show())
  rememberState(window, options.saveState)
  void window.loadURL(`${appOrigin}/index.html`).catch((error: unknown) => log.error('The window could not be loaded', error))
  return window
}

function rememberState(window: Electron.BrowserWindow, saveState: WindowOptions['saveState']): void {
  let timer: NodeJS.Timeout | undefined
  const save = (): void => {
    clearTimeout(timer)
    if (window.isDestroyed() || window.isMinimized()) return
    const { x, y, width, height } = window.getNormalBounds()
    saveState({ bounds: { x, y, width, height }, maximized: window.isMaximized() }).catch((error: unknown) =>
      log.warn('The window position could not be saved', error),
    )
  }
  const saveSoon = (): void => {
    clearTimeout(timer)
    timer = setTimeout(save, saveAfter)
  }
  window.on('resize', saveSoon).on('move', saveSoon).on('close', save)
}
