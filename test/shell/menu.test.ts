import { expect, test, vi } from 'vitest'
import { menuTemplate, type MenuOptions } from '../../electron/shell/menu.ts'

type Item = Electron.MenuItemConstructorOptions

function options(given: Partial<MenuOptions> = {}): MenuOptions {
  return {
    platform: 'linux',
    packaged: true,
    recent: [],
    openDirectory: vi.fn<() => void>(),
    openRecent: vi.fn<(id: string) => void>(),
    runCommand: vi.fn<(id: string) => void>(),
    ...given,
  }
}

function allItems(items: readonly Item[]): Item[] {
  return items.flatMap((item) => [item, ...(Array.isArray(item.submenu) ? allItems(item.submenu) : [])])
}

function find(items: readonly Item[], label: string): Item {
  const found = allItems(items).find((item) => item.label === label)
  if (!found) throw new Error(`No item ${label}`)
  return found
}

function click(item: Item): void {
  item.click?.({} as never, undefined, {} as never)
}

const roles = (items: readonly Item[]): unknown[] => allItems(items).flatMap(({ role }) => (role === undefined ? [] : [role]))

test.each(['linux', 'win32', 'darwin'] as const)('The menu on %s has the usual items', (platform) => {
  const template = menuTemplate(options({ platform }))
  expect(template.map(({ label, role }) => label?.replace('&', '') ?? role)).toEqual(
    platform === 'darwin' ? ['appMenu', 'File', 'Edit', 'View', 'windowMenu', 'help'] : ['File', 'Edit', 'View', 'windowMenu', 'help'],
  )
  expect(roles(template)).toEqual(
    expect.arrayContaining([
      'undo',
      'redo',
      'cut',
      'copy',
      'paste',
      'selectAll',
      'resetZoom',
      'zoomIn',
      'zoomOut',
      'togglefullscreen',
      'minimize',
      'close',
      'about',
      'quit',
    ]),
  )
  if (platform === 'darwin')
    expect(roles(template)).toEqual(expect.arrayContaining(['hide', 'hideOthers', 'unhide', 'services', 'front', 'zoom']))
  expect(roles(template).filter((role) => role === 'quit')).toHaveLength(1)
})

test('Developer tools are in the menu of an unpackaged app only', () => {
  expect(roles(menuTemplate(options({ packaged: true })))).not.toContain('toggleDevTools')
  expect(roles(menuTemplate(options({ packaged: false })))).toContain('toggleDevTools')
})

test('Items do what they say', () => {
  const given = options({ recent: [{ id: 'one', title: 'chroma', location: '/home/a/chroma' }] })
  const template = menuTemplate(given)
  click(find(template, 'Open directory…'))
  expect(given.openDirectory).toHaveBeenCalledOnce()
  click(find(template, 'chroma  (/home/a/chroma)'))
  expect(given.openRecent).toHaveBeenCalledExactlyOnceWith('one')
  for (const [label, id] of [
    ['Connect to server…', 'connect-server'],
    ['Settings…', 'settings'],
    ['Keyboard shortcuts', 'shortcuts'],
    ['Command palette', 'palette'],
  ] as const) {
    click(find(template, label))
    expect(given.runCommand).toHaveBeenLastCalledWith(id)
  }
})

test('Recent connections are limited, in order, and an ampersand in a name stays one', () => {
  const recent = Array.from({ length: 30 }, (_, index) => ({ id: String(index), title: `a & b ${index}`, location: `/${index}` }))
  const submenu = find(menuTemplate(options({ recent })), 'Open recent').submenu as Item[]
  expect(submenu).toHaveLength(12)
  expect(submenu[0]).toMatchObject({ id: 'recent:0', label: 'a && b 0  (/0)' })
})

test('Without recent connections the submenu says so', () => {
  const submenu = find(menuTemplate(options()), 'Open recent').submenu as Item[]
  expect(submenu).toMatchObject([{ label: 'Nothing opened yet', enabled: false }])
})
