/**
 * Stands in for the `electron` module where its runtime cannot be had. It shows nothing; it keeps what the shell asks
 * of Electron, raises the events Electron would raise, and carries messages between a preload and the main process
 * with structured clone, as Electron does.
 */
import { spawn } from 'node:child_process'
import { EventEmitter } from 'node:events'

export const seen = {
  /** @type {BrowserWindow[]} */ windows: [],
  /** @type {{ scheme: string, privileges: Record<string, boolean> }[]} */ schemes: [],
  /** @type {Map<string, (request: Request) => Promise<Response> | Response>} */ protocols: new Map(),
  /** @type {any} */ permissions: {},
  /** @type {((details: any, callback: (answer: { cancel: boolean }) => void) => void) | null} */ beforeRequest: null,
  /** @type {Map<string, (event: any, ...values: any[]) => any>} */ handlers: new Map(),
  /** @type {string[]} */ openedOutside: [],
  /** @type {any[]} */ messageBoxes: [],
  /** @type {any[]} */ openDialogs: [],
  /** @type {any[]} */ saveDialogs: [],
  /** @type {any[]} */ menus: [],
  /** @type {any[]} */ forks: [],
  sandboxEnabled: false,
  /** @type {unknown} */ lockData: undefined,
  quits: 0,
  /** @type {number | null} */ exitCode: null,
}

/** What the stand-in answers; tests set it. */
export const answers = {
  isFirstInstance: true,
  isPackaged: false,
  /** @type {string[]} */ chosenDirectories: [],
  /** @type {string[]} */ chosenFiles: [],
  messageBoxButton: 0,
  encryption: true,
  displays: [{ id: 1, workArea: { x: 0, y: 25, width: 1920, height: 1055 } }],
}

class Event {
  defaultPrevented = false
  preventDefault() {
    this.defaultPrevented = true
  }
}

/** An event object as handlers get it. @param {object} details */
export function createEvent(details = {}) {
  return Object.assign(new Event(), details)
}

class App extends EventEmitter {
  get isPackaged() {
    return answers.isPackaged
  }
  /** @type {Record<string, string>} */ paths = {}
  whenReady() {
    return new Promise((resolve) => setImmediate(resolve))
  }
  /** @param {unknown} data */
  requestSingleInstanceLock(data) {
    seen.lockData = structuredClone(data)
    return answers.isFirstInstance
  }
  /** @param {string} name @param {string} value */
  setPath(name, value) {
    this.paths[name] = value
  }
  enableSandbox() {
    seen.sandboxEnabled = true
  }
  quit() {
    const event = createEvent()
    this.emit('before-quit', event)
    if (!event.defaultPrevented) seen.quits += 1
  }
  /** @param {number} code */
  exit(code) {
    seen.exitCode = code
  }
}
export const app = new App()

let frames = 0
/** @param {string} url @param {any} parent */
export function createFrame(url, parent = null) {
  return {
    url,
    parent,
    detached: false,
    destroyed: false,
    frameToken: String((frames += 1)),
    isDestroyed() {
      return this.destroyed
    },
  }
}

class WebContents extends EventEmitter {
  destroyed = false
  mainFrame = createFrame('about:blank')
  reloads = 0
  /** @type {((details: { url: string, disposition: string }) => { action: string }) | null} */ windowOpenHandler = null
  /** @type {EventEmitter} Where messages to the page arrive. */ page = new EventEmitter()
  isDestroyed() {
    return this.destroyed
  }
  /** @param {any} handler */
  setWindowOpenHandler(handler) {
    this.windowOpenHandler = handler
  }
  /** @param {string} channel @param {...unknown} values */
  send(channel, ...values) {
    if (this.destroyed) throw new TypeError('Object has been destroyed')
    this.page.emit(channel, {}, ...structuredClone(values))
  }
  reload() {
    this.reloads += 1
  }
}

export class BrowserWindow extends EventEmitter {
  webContents = new WebContents()
  destroyed = false
  shown = false
  minimized = false
  maximized = false
  focused = 0
  /** @type {any} */ bounds
  /** @param {any} options */
  constructor(options) {
    super()
    this.options = options
    this.bounds = { x: options.x, y: options.y, width: options.width, height: options.height }
    seen.windows.push(this)
    app.emit('web-contents-created', createEvent(), this.webContents)
  }
  /** @param {string} url */
  async loadURL(url) {
    this.webContents.mainFrame = createFrame(url)
    setImmediate(() => this.emit('ready-to-show'))
  }
  show() {
    this.shown = true
  }
  focus() {
    this.focused += 1
  }
  restore() {
    this.minimized = false
  }
  maximize() {
    this.maximized = true
  }
  isMinimized() {
    return this.minimized
  }
  isMaximized() {
    return this.maximized
  }
  isDestroyed() {
    return this.destroyed
  }
  getNormalBounds() {
    return this.bounds
  }
  close() {
    this.emit('close', createEvent())
    this.destroy()
  }
  destroy() {
    this.destroyed = true
    this.webContents.destroyed = true
    this.webContents.emit('destroyed')
    this.emit('closed')
    app.emit('window-all-closed')
  }
}

class IpcMain extends EventEmitter {
  /** @param {string} channel @param {any} handler */
  handle(channel, handler) {
    if (seen.handlers.has(channel)) throw new Error(`Attempted to register a second handler for '${channel}'`)
    seen.handlers.set(channel, handler)
  }
}
export const ipcMain = new IpcMain()

export const protocol = {
  /** @param {any[]} schemes */
  registerSchemesAsPrivileged: (schemes) => void seen.schemes.push(...schemes),
}

class Session extends EventEmitter {
  protocol = { handle: (/** @type {string} */ scheme, /** @type {any} */ handler) => void seen.protocols.set(scheme, handler) }
  webRequest = { onBeforeRequest: (/** @type {any} */ listener) => void (seen.beforeRequest = listener) }
  /** @param {any} handler */ setPermissionRequestHandler(handler) {
    seen.permissions.request = handler
  }
  /** @param {any} handler */ setPermissionCheckHandler(handler) {
    seen.permissions.check = handler
  }
  /** @param {any} handler */ setDevicePermissionHandler(handler) {
    seen.permissions.device = handler
  }
  /** @param {any} handler */ setDisplayMediaRequestHandler(handler) {
    seen.permissions.displayMedia = handler
  }
  /** @param {any} handler */ setBluetoothPairingHandler(handler) {
    seen.permissions.bluetooth = handler
  }
  /** @param {any} handler */ setUSBProtectedClassesHandler(handler) {
    seen.permissions.usbClasses = handler
  }
}
export const session = { defaultSession: new Session() }

export const shell = {
  /** @param {string} url */
  openExternal: async (url) => void seen.openedOutside.push(url),
}

export const dialog = {
  /** @param {any[]} words */
  async showOpenDialog(...words) {
    seen.openDialogs.push(words.at(-1))
    const chosen = answers.chosenDirectories.shift()
    return chosen === undefined ? { canceled: true, filePaths: [] } : { canceled: false, filePaths: [chosen] }
  },
  /** @param {any[]} words */
  async showSaveDialog(...words) {
    seen.saveDialogs.push(words.at(-1))
    const filePath = answers.chosenFiles.shift()
    return filePath === undefined ? { canceled: true, filePath: '' } : { canceled: false, filePath }
  },
  /** @param {any[]} words */
  async showMessageBox(...words) {
    seen.messageBoxes.push(words.at(-1))
    return { response: answers.messageBoxButton, checkboxChecked: false }
  },
}

export const Menu = {
  /** @param {any[]} template */
  buildFromTemplate: (template) => ({ template }),
  /** @param {any} menu */
  setApplicationMenu: (menu) => void seen.menus.push(menu.template),
}

export const nativeTheme = { shouldUseDarkColors: false }
export const screen = { getPrimaryDisplay: () => answers.displays[0], getAllDisplays: () => answers.displays }

/** Turns bytes around: enough to tell sealed from plain. @param {Buffer} bytes */
const flip = (bytes) => Buffer.from(bytes.map((byte) => byte ^ 0x5a))
export const safeStorage = {
  isEncryptionAvailable: () => answers.encryption,
  getSelectedStorageBackend: () => 'gnome_libsecret',
  /** @param {string} text */ encryptString: (text) => flip(Buffer.from(text, 'utf8')),
  /** @param {Buffer} sealed */ decryptString: (sealed) => flip(sealed).toString('utf8'),
}

/** Runs the module as Electron's utility process would: another process, no standard input, a pid only once it runs. */
export const utilityProcess = {
  /** @param {string} module @param {string[]} args @param {any} options */
  fork(module, args, options) {
    seen.forks.push({ module, args, options })
    return new UtilityProcess(module, args, options)
  },
}

class UtilityProcess extends EventEmitter {
  /** @type {number | undefined} */ pid
  /** @param {string} module @param {string[]} args @param {any} options */
  constructor(module, args, options) {
    super()
    const child = spawn(process.execPath, [module, ...args], { env: options.env, cwd: options.cwd, stdio: options.stdio })
    this.stdout = child.stdout
    this.stderr = child.stderr
    child.on('spawn', () => {
      this.pid = child.pid
      this.emit('spawn')
    })
    child.on('exit', (code) => {
      this.pid = undefined
      this.emit('exit', code ?? 1)
    })
  }
}

/**
 * The `electron` module as a sandboxed preload gets it, for one window. What it exposes appears in `world`.
 * @param {WebContents} contents
 */
export function createRendererModule(contents) {
  /** @type {Record<string, any>} */
  const world = {}
  const event = () => ({ sender: contents, senderFrame: contents.mainFrame })
  const ipcRenderer = {
    /** @param {string} channel @param {...unknown} values */
    async invoke(channel, ...values) {
      const handler = seen.handlers.get(channel)
      if (!handler) throw new Error(`No handler registered for '${channel}'`)
      return structuredClone(await handler(event(), ...structuredClone(values)))
    },
    /** @param {string} channel @param {...unknown} values */
    send(channel, ...values) {
      ipcMain.emit(channel, event(), ...structuredClone(values))
    },
    /** @param {string} channel @param {any} listener */
    on(channel, listener) {
      contents.page.on(channel, listener)
      return this
    },
    /** @param {string} channel @param {any} listener */
    off(channel, listener) {
      contents.page.off(channel, listener)
      return this
    },
  }
  const contextBridge = {
    /** @param {string} name @param {any} api */
    exposeInMainWorld(name, api) {
      if (Object.hasOwn(world, name)) throw new Error(`Cannot bind an API on top of an existing property on the window object`)
      world[name] = api
    },
  }
  const webUtils = {
    /** @param {any} file */
    getPathForFile(file) {
      if (!(file instanceof File)) throw new TypeError('getPathForFile takes a File')
      return paths.get(file) ?? ''
    },
  }
  return { world, electron: { contextBridge, ipcRenderer, webUtils } }
}

/** @type {WeakMap<File, string>} */
const paths = new WeakMap()
/** A File as a drop from the file manager gives it: it has a path that only the preload can ask for. @param {string} path */
export function createDroppedFile(path) {
  const file = new File([], path.split('/').at(-1) ?? '')
  paths.set(file, path)
  return file
}
