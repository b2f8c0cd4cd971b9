import { mkdtemp, rm, symlink, writeFile } from 'node:fs/promises'
import os from 'node:os'
import path from 'node:path'
import { afterAll, beforeAll, expect, test, vi } from 'vitest'
import { rendererDirectory } from '../../electron/platform/paths.ts'
import type { ElectronApi } from '../../electron/shell/electron-api.ts'
import { answerAppRequest, mayLoad } from '../../electron/shell/protocol.ts'
import { createWindow } from '../../electron/shell/window.ts'
import { permissionNames } from './support/permission-names.ts'
import { startDesktop, until, type Desktop } from './support/desktop.ts'
import { seededRandom } from '../support/random.ts'
import { randomMessage } from './support/random-message.ts'

let desktop: Desktop
beforeAll(async () => {
  desktop = await startDesktop()
})
afterAll(() => desktop.stop())

interface Reply {
  ok: boolean
  error?: { code: string }
}

/** A message to the main process from anywhere. */
async function invoke(event: unknown, ...values: unknown[]): Promise<Reply> {
  return (await desktop.electron.seen.handlers.get('call')!(event, ...values)) as Reply
}

function trustedEvent(): { sender: unknown; senderFrame: unknown } {
  const contents = desktop.window.webContents
  return { sender: contents, senderFrame: contents.mainFrame }
}

test('The window has no Node, is isolated and sandboxed, and keeps the web platform’s own protections', () => {
  expect(desktop.electron.seen.windows).toHaveLength(1)
  expect(desktop.electron.seen.sandboxEnabled).toBe(true)
  expect(desktop.window.options.webPreferences).toMatchObject({
    contextIsolation: true,
    sandbox: true,
    nodeIntegration: false,
    nodeIntegrationInWorker: false,
    nodeIntegrationInSubFrames: false,
    webSecurity: true,
    allowRunningInsecureContent: false,
    experimentalFeatures: false,
    webviewTag: false,
    navigateOnDragDrop: false,
    disableBlinkFeatures: 'Auxclick',
    spellcheck: false,
  })
  expect(desktop.window.options.webPreferences).not.toHaveProperty('enableBlinkFeatures')
  expect(desktop.window.options.webPreferences.preload).toMatch(/dist[\\/]electron[\\/]preload\.cjs$/)
})

test('The preload gives the page four functions in a frozen object and nothing of Electron or Node', () => {
  expect(Object.keys(desktop.world)).toEqual(['bridge'])
  expect(Object.keys(desktop.bridge).toSorted()).toEqual(['call', 'cancel', 'dropped', 'onEvent'])
  expect(Object.values(desktop.bridge).every((member) => typeof member === 'function')).toBe(true)
  expect(Object.isFrozen(desktop.bridge)).toBe(true)
})

test('The page is loaded from app://, which is a standard and secure scheme without further privileges', () => {
  expect(desktop.window.webContents.mainFrame.url).toBe('app://mnemoscope/index.html')
  expect(desktop.electron.seen.schemes).toEqual([{ scheme: 'app', privileges: { standard: true, secure: true, supportFetchAPI: true } }])
})

test('app:// serves the renderer with a strict policy on every document and answer', async () => {
  const serve = desktop.electron.seen.protocols.get('app')!
  for (const url of [
    'app://mnemoscope/',
    'app://mnemoscope/index.html',
    'app://mnemoscope/index.html?x#/s/1',
    'app://mnemoscope/nothing',
  ]) {
    const response = await serve(new Request(url))
    const policy = new Map(
      (response.headers.get('content-security-policy') ?? '').split('; ').map((line) => [line.split(' ')[0], line.split(' ').slice(1)]),
    )
    expect(policy.get('default-src')).toEqual(["'none'"])
    expect(policy.get('script-src')).toEqual(expect.arrayContaining(["'self'"]))
    expect(policy.get('script-src')?.filter((source) => !["'self'", "'wasm-unsafe-eval'"].includes(source))).toEqual([])
    expect(policy.get('connect-src')).toEqual(["'self'"])
    expect(policy.get('img-src')).toEqual(["'self'", 'data:', 'blob:'])
    for (const name of ['object-src', 'base-uri', 'frame-ancestors', 'form-action']) expect(policy.get(name)).toEqual(["'none'"])
    expect(response.headers.get('x-content-type-options')).toBe('nosniff')
    expect(response.headers.get('referrer-policy')).toBe('no-referrer')
  }
  const page = await serve(new Request('app://mnemoscope/'))
  expect(page.status).toBe(200)
  expect(page.headers.get('content-type')).toBe('text/html; charset=utf-8')
  const html = await page.text()
  expect(html).not.toMatch(/<script(?![^>]*\bsrc=)[^>]*>/)
  const script = /src="\.\/(assets\/[^"]+\.js)"/.exec(html)?.[1]
  expect((await serve(new Request(`app://mnemoscope/${script}`))).headers.get('content-type')).toBe('text/javascript; charset=utf-8')
})

test.each([
  'app://mnemoscope/../package.json',
  'app://mnemoscope/assets/../../package.json',
  'app://mnemoscope/%2e%2e/package.json',
  'app://mnemoscope/%2E%2E/%2E%2E/etc/passwd',
  'app://mnemoscope/..%2fpackage.json',
  'app://mnemoscope/..%5cpackage.json',
  'app://mnemoscope/..\\package.json',
  'app://mnemoscope/assets%2findex.js',
  'app://mnemoscope//etc/passwd',
  'app://mnemoscope///index.html',
  'app://mnemoscope/./index.html',
  'app://mnemoscope/index.html%00.js',
  'app://mnemoscope/index.html\u0000',
  'app://mnemoscope/.fingerprint',
  'app://mnemoscope/C:/Windows/win.ini',
  'app://mnemoscope/file:///etc/passwd',
  'app://mnemoscope/index.html/',
  'app://mnemoscope.attacker.example/index.html',
  'app://attacker.example/index.html',
  'app://mnemoscope:80/index.html',
  'app://user@mnemoscope/index.html',
  'app://mnemoscope',
  'app:///index.html',
  'app:index.html',
  'file:///etc/passwd',
  'http://mnemoscope/index.html',
])('app:// refuses %j', async (url) => {
  const response = await answerAppRequest({ url, method: 'GET' }, rendererDirectory())
  expect(response.status).toBe(404)
  expect(await response.text()).toBe('')
})

test('app:// refuses a symbolic link that leads out of the renderer, and every method that changes something', async () => {
  const folder = await mkdtemp(path.join(os.tmpdir(), 'mnemoscope-links-'))
  await writeFile(path.join(folder, 'index.html'), '<!doctype html>')
  await symlink('/etc/passwd', path.join(folder, 'stolen.html'))
  expect((await answerAppRequest({ url: 'app://mnemoscope/index.html', method: 'GET' }, folder)).status).toBe(200)
  expect((await answerAppRequest({ url: 'app://mnemoscope/stolen.html', method: 'GET' }, folder)).status).toBe(404)
  for (const method of ['POST', 'PUT', 'DELETE', 'OPTIONS']) {
    expect((await answerAppRequest({ url: 'app://mnemoscope/index.html', method }, folder)).status).toBe(405)
  }
  await rm(folder, { recursive: true })
})

test('Requests to files, to the network and to other schemes are cut; the app and data it made may load', async () => {
  expect((await desktop.electron.seen.protocols.get('file')!(new Request('file:///etc/passwd'))).status).toBe(403)
  const cancelled = (url: string): boolean => {
    let answer = { cancel: false }
    desktop.electron.seen.beforeRequest!({ url }, (given) => (answer = given))
    return answer.cancel
  }
  for (const url of [
    'https://example.org/',
    'http://127.0.0.1:8000/',
    'ws://127.0.0.1:8000/',
    'file:///etc/passwd',
    'ftp://a/',
    'app://other/index.html',
    'smb://a/b',
    'chrome://gpu',
  ]) {
    expect([url, cancelled(url)]).toEqual([url, true])
  }
  for (const url of ['app://mnemoscope/index.html', 'data:image/png;base64,AA==', 'blob:app://mnemoscope/1'])
    expect([url, cancelled(url)]).toEqual([url, false])
  expect(mayLoad('devtools://devtools/bundled/x.js', false)).toBe(true)
  expect(mayLoad('devtools://devtools/bundled/x.js', true)).toBe(false)
})

test.each(['will-navigate', 'will-frame-navigate', 'will-redirect'])('%s away from the app is prevented', (name) => {
  const outcome = (url: string, isMainFrame = true): boolean => {
    const event = desktop.electron.createEvent({ url, isMainFrame, isSameDocument: false })
    desktop.window.webContents.emit(name, event)
    return (event as { defaultPrevented: boolean }).defaultPrevented
  }
  for (const url of [
    'https://example.org/',
    'file:///etc/passwd',
    'app://mnemoscope.evil/',
    'app://mnemoscope@evil/',
    'javascript:alert(1)',
    'data:text/html,x',
    'about:blank',
  ]) {
    expect([url, outcome(url)]).toEqual([url, true])
  }
  expect(outcome('app://mnemoscope/index.html')).toBe(false)
  if (name === 'will-frame-navigate') expect(outcome('app://mnemoscope/index.html', false)).toBe(true)
})

test('No second window opens, and no web view attaches; a link is offered to the browser only after a question that shows it', async () => {
  const { webContents } = desktop.window
  const { seen, answers } = desktop.electron
  const attach = desktop.electron.createEvent()
  webContents.emit('will-attach-webview', attach)
  expect((attach as { defaultPrevented: boolean }).defaultPrevented).toBe(true)

  const open = (url: string): { action: string } => webContents.windowOpenHandler!({ url, disposition: 'foreground-tab' })
  answers.messageBoxButton = 1
  expect(open('https://example.org/a?b=c')).toEqual({ action: 'deny' })
  await until(() => seen.messageBoxes.length === 1, 'the question')
  expect(seen.messageBoxes[0]).toMatchObject({ detail: 'https://example.org/a?b=c', defaultId: 1, cancelId: 1 })
  await new Promise((resolve) => setTimeout(resolve, 20))
  expect(seen.openedOutside).toEqual([])

  answers.messageBoxButton = 0
  open('https://example.org/a?b=c')
  await until(() => seen.openedOutside.length > 0, 'the address to be opened')
  expect(seen.openedOutside).toEqual(['https://example.org/a?b=c'])

  for (const url of ['file:///etc/passwd', 'javascript:alert(1)', 'smb://host/share', 'app://mnemoscope/index.html'])
    expect(open(url)).toEqual({ action: 'deny' })
  await new Promise((resolve) => setTimeout(resolve, 20))
  expect(seen.messageBoxes).toHaveLength(2)
  expect(seen.windows).toHaveLength(1)
})

test('Every permission but writing sanitised text to the clipboard is refused, when asked and when checked', () => {
  const { request, check } = desktop.electron.seen.permissions
  expect(permissionNames.length).toBeGreaterThan(40)
  for (const name of permissionNames) {
    let granted: unknown
    request(desktop.window.webContents, name, (answer: unknown) => (granted = answer), {})
    const expected = name === 'clipboard-sanitized-write'
    expect([name, granted, check(desktop.window.webContents, name, 'app://mnemoscope', {}), check(null, name, '', {})]).toEqual([
      name,
      expected,
      expected,
      expected,
    ])
  }
})

test('Every device is refused, and so are screens and downloads', () => {
  const { permissions } = desktop.electron.seen
  for (const deviceType of ['hid', 'serial', 'usb'])
    expect(permissions.device({ deviceType, origin: 'app://mnemoscope', device: {} })).toBe(false)
  const streams = vi.fn<(given: unknown) => void>()
  permissions.displayMedia({}, streams)
  expect(streams).toHaveBeenCalledExactlyOnceWith(null)
  const pairing = vi.fn<(given: unknown) => void>()
  permissions.bluetooth({}, pairing)
  expect(pairing).toHaveBeenCalledExactlyOnceWith({ confirmed: false })
  expect(permissions.usbClasses({ protectedClasses: ['audio', 'hid'] })).toEqual(['audio', 'hid'])

  const session = desktop.electron.session.defaultSession
  for (const name of ['select-hid-device', 'select-usb-device', 'select-serial-port']) {
    const event = desktop.electron.createEvent() as { defaultPrevented: boolean }
    const choose = vi.fn<(given: unknown) => void>()
    session.emit(name, event, { deviceList: [{ deviceId: '1' }] }, choose)
    expect([name, event.defaultPrevented, choose.mock.calls]).toEqual([name, true, [['']]])
  }
  const bluetooth = desktop.electron.createEvent() as { defaultPrevented: boolean }
  const choose = vi.fn<(given: unknown) => void>()
  desktop.window.webContents.emit('select-bluetooth-device', bluetooth, [{ deviceId: '1' }], choose)
  expect([bluetooth.defaultPrevented, choose.mock.calls]).toEqual([true, [['']]])
  const download = desktop.electron.createEvent() as { defaultPrevented: boolean }
  session.emit('will-download', download)
  expect(download.defaultPrevented).toBe(true)
})

test('A call is answered for the app’s own page and refused from anywhere else', async () => {
  const { createFrame } = desktop.electron
  const contents = desktop.window.webContents
  expect(await invoke(trustedEvent(), 1, 'app.info', {})).toMatchObject({ ok: true })
  const own = 'app://mnemoscope/index.html'
  const strangers: [string, unknown][] = [
    ['no frame', { sender: contents, senderFrame: null }],
    ['another origin', { sender: contents, senderFrame: createFrame('https://attacker.example/') }],
    ['a look-alike origin', { sender: contents, senderFrame: createFrame('app://mnemoscope.attacker.example/') }],
    ['a sub-frame', { sender: contents, senderFrame: createFrame(own, contents.mainFrame) }],
    ['a frame of another window', { sender: contents, senderFrame: createFrame(own) }],
    [
      'a detached frame',
      { sender: { ...contents, isDestroyed: () => false, mainFrame: null }, senderFrame: { ...createFrame(own), detached: true } },
    ],
    ['a destroyed frame', { sender: contents, senderFrame: { ...createFrame(own), destroyed: true } }],
    ['a destroyed window', { sender: { isDestroyed: () => true }, senderFrame: contents.mainFrame }],
  ]
  for (const [who, event] of strangers) {
    expect([who, await invoke(event, 1, 'app.info', {})]).toMatchObject([who, { ok: false, error: { code: 'forbidden' } }])
  }
})

test('There are exactly four channels', () => {
  expect([...desktop.electron.seen.handlers.keys()]).toEqual(['call'])
  expect(desktop.electron.ipcMain.eventNames().toSorted()).toEqual(['cancel', 'dropped', 'listen'])
})

test('An unknown method, wrong arguments and a path in place of a handle are refused', async () => {
  expect(await invoke(trustedEvent(), 1, 'app.delete', {})).toMatchObject({ ok: false, error: { code: 'not-found' } })
  expect(await invoke(trustedEvent(), 1, 'constructor.constructor', {})).toMatchObject({ ok: false, error: { code: 'not-found' } })
  expect(await invoke(trustedEvent(), 1, 'records.page', { connectionId: 5 })).toMatchObject({
    ok: false,
    error: { code: 'invalid-input' },
  })
  for (const handle of ['/etc', '/', '..', os.homedir(), 'C:\\', 'file:///etc']) {
    const reply = await invoke(trustedEvent(), 1, 'connections.openPlace', { handle })
    expect([handle, reply.ok]).toEqual([handle, false])
  }
})

test('The page cannot name a program to run: the system asks the person, and a refusal keeps the old command', async () => {
  const { seen, answers } = desktop.electron
  const before = seen.messageBoxes.length
  answers.messageBoxButton = 1
  await expect(desktop.call('engine.setCommand', { command: '/tmp/evil --now' })).rejects.toMatchObject({ code: 'cancelled' })
  expect(seen.messageBoxes).toHaveLength(before + 1)
  expect(seen.messageBoxes.at(-1).detail).toContain('/tmp/evil --now')
  expect((await desktop.call('engine.candidates', {})).filter(({ kind }) => kind === 'configured')).toEqual([])
})

test('A thousand malformed messages on every channel are refused, and the app answers afterwards', async () => {
  vi.spyOn(process.stderr, 'write').mockReturnValue(true)
  const random = seededRandom(20)
  const { ipcMain, seen } = desktop.electron
  const opened = seen.windows.length
  for (let turn = 0; turn < 1000; turn += 1) {
    const reply = await invoke(trustedEvent(), ...randomMessage(random))
    expect(reply.ok).toBe(false)
    for (const channel of ['cancel', 'listen', 'dropped']) {
      expect(() => ipcMain.emit(channel, trustedEvent(), ...randomMessage(random))).not.toThrow()
    }
  }
  vi.restoreAllMocks()
  expect(seen.windows).toHaveLength(opened)
  expect(seen.openedOutside.length).toBeLessThan(2)
  expect(await desktop.call('connections.list', {})).toEqual([])
  expect((await desktop.call('app.info', {})).mode).toBe('desktop')
})

test('A packaged app has its developer tools closed', () => {
  const made = [true, false].map((packaged) => {
    const options = {
      preload: '',
      packaged,
      dark: false,
      state: { bounds: null, maximized: false },
      areas: [],
      saveState: async () => undefined,
    }
    return createWindow(desktop.electron as unknown as Pick<ElectronApi, 'BrowserWindow'>, options) as unknown as Desktop['window']
  })
  expect(made.map(({ options }) => options.webPreferences.devTools)).toEqual([false, true])
})

test('A crash of the window’s process is told, and the window can be loaded again', async () => {
  vi.spyOn(process.stderr, 'write').mockReturnValue(true)
  const { seen, answers } = desktop.electron
  const before = seen.messageBoxes.length
  answers.messageBoxButton = 0
  desktop.window.webContents.emit('render-process-gone', desktop.electron.createEvent(), { reason: 'crashed', exitCode: 139 })
  await until(() => desktop.window.webContents.reloads === 1, 'the window to be loaded again')
  expect(seen.messageBoxes).toHaveLength(before + 1)
  expect(seen.messageBoxes.at(-1)).toMatchObject({ message: 'The window stopped working (crashed).', buttons: ['Load again', 'Close'] })
  expect((await desktop.call('app.info', {})).mode).toBe('desktop')
  vi.restoreAllMocks()
})
