import { readdir, readFile, rm, writeFile } from 'node:fs/promises'
import path from 'node:path'
import { afterAll, beforeAll, expect, test, vi } from 'vitest'
import { storedOrder } from '../../shared/contract/records.ts'
import { temporaryFolder } from '../support/fixtures.ts'
import { makeSmallStore, smallMetadata, type SmallStore } from '../support/small-store.ts'
import { treeHash } from '../support/tree-hash.ts'
import { startDesktop, startMain, until, type Desktop } from './support/desktop.ts'

type MenuItem = Electron.MenuItemConstructorOptions

let store: SmallStore | null
beforeAll(async () => {
  // Each start of the app in this process listens for its own end.
  process.setMaxListeners(50)
  store = await makeSmallStore()
})
afterAll(async () => {
  if (store) await rm(store.directory, { recursive: true })
})

/** Runs `work` with a started app, which it ends. */
async function withDesktop(options: Parameters<typeof startDesktop>[0], work: (desktop: Desktop) => Promise<void>): Promise<void> {
  const desktop = await startDesktop(options)
  try {
    await work(desktop)
  } finally {
    await desktop.stop()
  }
}

function menuItem(desktop: Desktop, label: string | RegExp): MenuItem | undefined {
  const all = (items: MenuItem[]): MenuItem[] => items.flatMap((item) => [item, ...(Array.isArray(item.submenu) ? all(item.submenu) : [])])
  return all((desktop.electron.seen.menus.at(-1) ?? []) as MenuItem[]).find((item) =>
    typeof label === 'string' ? item.label === label : label.test(item.label ?? ''),
  )
}

function clickMenu(desktop: Desktop, label: string | RegExp): void {
  const item = menuItem(desktop, label)
  if (!item?.click) throw new Error(`The menu has no item ${label}`)
  item.click({} as never, undefined, {} as never)
}

async function navigation(desktop: Desktop, after = 0): Promise<string> {
  return until(
    () => desktop.events.slice(after).flatMap((event) => (event.type === 'navigate' ? [event.to] : []))[0],
    'the window to be sent somewhere',
  )
}

test('Records travel from the store through the core, the main process and the preload, with their types', async () => {
  if (!store) return
  const { directory, count } = store
  const before = await treeHash(directory)
  await withDesktop({ words: [directory] }, async (desktop) => {
    const { startConnectionId: connectionId } = await desktop.call('app.info', {})
    expect(connectionId).not.toBeNull()
    const catalog = await desktop.call('collections.catalog', { connectionId: connectionId! })
    const [collection] = catalog.tenants.flatMap(({ databases }) => databases).flatMap(({ collections }) => collections)
    expect(collection).toMatchObject({ name: 'answers', count, dimension: 3, space: 'cosine' })
    const view = {
      connectionId: connectionId!,
      collectionId: collection!.id,
      filter: { where: null, whereDocument: null, find: '' },
      sort: storedOrder,
    }
    const page = await desktop.call('records.page', { view, offset: 5, limit: 4 })
    expect(page.total).toBe(count)
    expect(page.records.map(({ id }) => id)).toEqual(['answer-5', 'answer-6', 'answer-7', 'answer-8'])
    expect(page.records.map(({ metadata }) => metadata)).toEqual([5, 6, 7, 8].map(smallMetadata))
    expect(page.records[2]!.document).toBeNull()
    const { vector } = await desktop.call('records.vector', { connectionId: connectionId!, collectionId: collection!.id, id: 'answer-5' })
    expect(vector?.values).toBeInstanceOf(Float32Array)
    expect(vector).toMatchObject({ dimension: 3 })
  })
  expect(await treeHash(directory)).toBe(before)
})

test('A call that the window cancels answers as cancelled', async () => {
  if (!store) return
  const { directory } = store
  await withDesktop({ words: [directory] }, async (desktop) => {
    const { startConnectionId } = await desktop.call('app.info', {})
    const controller = new AbortController()
    const call = desktop.call('connections.refresh', { connectionId: startConnectionId! }, controller.signal)
    controller.abort()
    await expect(call).rejects.toMatchObject({ code: 'cancelled' })
  })
})

test('A file dropped on the window opens its store, and the page never learns a path', async () => {
  if (!store) return
  const { directory } = store
  await withDesktop({}, async (desktop) => {
    const { createDroppedFile } = desktop.electron
    desktop.bridge.dropped([createDroppedFile(path.join(directory, 'chroma.sqlite3'))])
    const to = await navigation(desktop)
    const [connection] = await desktop.call('connections.list', {})
    expect(connection).toMatchObject({ isOpen: true, location: directory })
    expect(to).toBe(`/s/${connection!.id}`)
    const seen = desktop.events.length
    desktop.bridge.dropped([new File(['chroma.sqlite3'], '/etc/passwd')])
    desktop.bridge.dropped([])
    expect(() => desktop.bridge.dropped([{ path: '/etc' } as never])).toThrow(/takes a File/)
    await new Promise((resolve) => setTimeout(resolve, 50))
    expect(desktop.events.slice(seen).filter(({ type }) => type === 'navigate' || type === 'notice')).toEqual([])
  })
})

test('A dropped folder that is no store becomes a sentence, not a crash', async () => {
  const folder = await temporaryFolder('no-store')
  await writeFile(path.join(folder, 'notes.txt'), 'nothing')
  await withDesktop({}, async (desktop) => {
    desktop.bridge.dropped([desktop.electron.createDroppedFile(folder)])
    const notice = await until(() => desktop.events.find(({ type }) => type === 'notice'), 'a notice')
    expect(notice).toMatchObject({ severity: 'error' })
  })
  await rm(folder, { recursive: true })
})

test('The directory chosen in the system’s dialog opens, from the menu and from the page; a cancelled one changes nothing', async () => {
  if (!store) return
  const { directory } = store
  await withDesktop({}, async (desktop) => {
    const { answers, seen } = desktop.electron
    expect(await desktop.call('connections.openWithDialog', {})).toBeNull()
    expect(seen.openDialogs[0]).toMatchObject({ properties: expect.arrayContaining(['openDirectory']) })
    answers.chosenDirectories.push(directory)
    expect(await desktop.call('connections.openWithDialog', {})).toMatchObject({ isOpen: true, location: directory })
    const seenEvents = desktop.events.length
    answers.chosenDirectories.push(directory)
    clickMenu(desktop, 'Open directory…')
    const [connection] = await desktop.call('connections.list', {})
    expect(await navigation(desktop, seenEvents)).toBe(`/s/${connection!.id}`)
  })
})

test('A file is written where the system’s dialog says, under no name that leads elsewhere, and nowhere where it is cancelled', async () => {
  const folder = await temporaryFolder('saved')
  await withDesktop({}, async (desktop) => {
    const { answers, seen } = desktop.electron
    const content = Uint8Array.of(0, 255, 10, 13)
    expect(await desktop.call('app.saveFile', { name: '../../etc/map.png', content })).toEqual({ saved: false })
    expect(seen.saveDialogs[0]).toMatchObject({ defaultPath: '-..-etc-map.png' })
    const target = path.join(folder, 'map.png')
    answers.chosenFiles.push(target)
    expect(await desktop.call('app.saveFile', { name: 'map.png', content })).toEqual({ saved: true })
    expect([...(await readFile(target))]).toEqual([...content])
    answers.chosenFiles.push(path.join(folder, 'absent', 'map.png'))
    await expect(desktop.call('app.saveFile', { name: 'map.png', content })).rejects.toMatchObject({ code: 'forbidden' })
  })
  await rm(folder, { recursive: true })
})

test('What was opened is in the menu as recent, also after a restart, and opens from there', async () => {
  if (!store) return
  const { directory } = store
  const data = await temporaryFolder('data')
  await withDesktop({ words: [directory], data }, async (desktop) => {
    await until(() => menuItem(desktop, new RegExp(`${path.basename(directory)} `)), 'the recent connection in the menu')
  })
  await withDesktop({ data }, async (desktop) => {
    clickMenu(desktop, new RegExp(`${path.basename(directory)} `))
    expect(await navigation(desktop)).toMatch(/^\/s\//)
    const [connection] = await desktop.call('connections.list', {})
    expect(connection).toMatchObject({ isOpen: true, location: directory })
    await desktop.call('connections.forget', { connectionId: connection!.id })
    await until(() => menuItem(desktop, 'Nothing opened yet'), 'the menu to forget it')
  })
  await rm(data, { recursive: true })
})

test('Menu items run commands of the window', async () => {
  await withDesktop({}, async (desktop) => {
    clickMenu(desktop, 'Connect to server…')
    expect(desktop.events.at(-1)).toEqual({ type: 'command', id: 'connect-server' })
  })
})

test('A second start hands over what it names and ends; the first comes to the front and opens it', async () => {
  if (!store) return
  const { directory } = store
  await withDesktop({}, async (desktop) => {
    const second = await startMain({
      words: [directory],
      prepare: ({ answers }) => {
        answers.isFirstInstance = false
      },
    })
    await until(() => second.electron.seen.quits > 0, 'the second start to end')
    expect(second.electron.seen.windows).toEqual([])
    expect(second.electron.seen.lockData).toEqual({ target: directory })
    desktop.window.minimized = true
    desktop.electron.app.emit('second-instance', desktop.electron.createEvent(), ['electron', '.'], '/', second.electron.seen.lockData)
    expect(await navigation(desktop)).toMatch(/^\/s\//)
    expect([desktop.window.minimized, desktop.window.focused]).toEqual([false, 1])
    for (const broken of [undefined, null, 5, { target: 7 }, { target: {} }]) {
      expect(() => desktop.electron.app.emit('second-instance', desktop.electron.createEvent(), [], '/', broken)).not.toThrow()
    }
    await rm(second.data, { recursive: true, force: true })
  })
})

test('The window comes back where it was, moved onto a display that is there', async () => {
  const data = await temporaryFolder('data')
  await withDesktop({ data }, async (desktop) => {
    expect(desktop.window.bounds).toEqual({ x: 320, y: 142, width: 1280, height: 820 })
    desktop.window.bounds = { x: 900, y: 300, width: 1000, height: 700 }
    desktop.window.emit('resize')
    await until(() => desktop.window.shown, 'the window to be shown')
    const file = path.join(data, 'window.json')
    await vi.waitFor(async () => expect(JSON.parse(await readFile(file, 'utf8'))).toMatchObject({ bounds: { x: 900, width: 1000 } }), 5000)
  })
  const prepare = ({ answers }: Desktop['electron']): void => {
    answers.displays = [{ id: 1, workArea: { x: 0, y: 0, width: 1280, height: 800 } }]
  }
  await withDesktop({ data, prepare }, async (desktop) => {
    expect(desktop.window.bounds).toEqual({ x: 280, y: 100, width: 1000, height: 700 })
  })
  await rm(data, { recursive: true })
})

test('Closing the window ends the app, after the core has closed its stores and removed its private copies', async () => {
  if (!store) return
  const desktop = await startDesktop({ words: [store.directory] })
  const { startConnectionId } = await desktop.call('app.info', {})
  await desktop.call('collections.catalog', { connectionId: startConnectionId! })
  desktop.window.close()
  await until(() => desktop.electron.seen.quits === 1, 'the app to quit')
  expect(await readdir(path.join(desktop.data, 'scratch')).catch(() => [])).toEqual([])
  await rm(desktop.data, { recursive: true, force: true })
})

test('The engine runs in a utility process, without Node as the runtime and with a minimal environment', async () => {
  process.env['OPENAI_API_KEY'] = 'sk-must-not-travel'
  await withDesktop({}, async (desktop) => {
    const candidates = await desktop.call('engine.candidates', {})
    const { forks } = desktop.electron.seen
    if (!candidates.some(({ kind, usable }) => usable && kind.endsWith('binding'))) return console.log('Skipped: no binding runs here.')
    expect(forks.length).toBeGreaterThan(0)
    for (const { module, options } of forks) {
      expect(module).toMatch(/engine-host\.js$/)
      expect(options.stdio[0]).toBe('ignore')
      expect(options.env).not.toHaveProperty('ELECTRON_RUN_AS_NODE')
      expect(JSON.stringify(options.env)).not.toContain('sk-must-not-travel')
    }
  })
  delete process.env['OPENAI_API_KEY']
})
