import { mkdir, rm, writeFile } from 'node:fs/promises'
import path from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { parseArguments } from '../../electron/launch/arguments.mjs'
import { temporaryFolder } from '../support/fixtures.ts'

let folder: string
beforeAll(async () => {
  folder = await temporaryFolder('launch')
  await mkdir(path.join(folder, 'my store'))
  await mkdir(path.join(folder, '8200'))
  await writeFile(path.join(folder, 'chroma.sqlite3'), '')
})
afterAll(() => rm(folder, { recursive: true }))

const plain = { target: null, browser: false, port: null, open: true, engine: null, help: false, buildOnly: false, note: null }

/** What npm makes of a command line without two dashes, as npm 11 was seen to do. */
function byNpm(words: string[], took: Record<string, string>): ReturnType<typeof parseArguments> {
  return parseArguments(words, { npm_lifecycle_event: 'start', INIT_CWD: folder, ...took }, '/')
}

test('Words and options are understood in any order', () => {
  const store = path.join(folder, 'my store')
  expect(parseArguments([], {}, folder)).toEqual(plain)
  expect(parseArguments(['my store', '--browser', '--port', '8123', '--no-open'], {}, folder)).toEqual({
    ...plain,
    target: store,
    browser: true,
    port: 8123,
    open: false,
  })
  expect(parseArguments(['--no-open', '--port=0', '--browser', store], {}, '/')).toEqual({
    ...plain,
    target: store,
    browser: true,
    port: 0,
    open: false,
  })
  expect(parseArguments(['my store', '--engine', '/opt/my venv/bin/chroma'], {}, folder)).toEqual({
    ...plain,
    target: store,
    engine: '/opt/my venv/bin/chroma',
  })
  expect(() => parseArguments(['--engine', '--browser'], {}, folder)).toThrow(/--engine takes the command/)
  expect(parseArguments(['--', 'my store'], {}, folder)).toEqual({ ...plain, target: store })
  expect(parseArguments(['http://localhost:8000'], {}, folder)).toEqual({ ...plain, target: 'http://localhost:8000' })
  expect(parseArguments(['--help', 'nothing'], {}, folder)).toMatchObject({ help: true, target: null })
})

test('A directory is relative to where npm was run, not to the app', () => {
  expect(parseArguments(['my store'], { npm_lifecycle_event: 'start', INIT_CWD: folder }, '/')).toMatchObject({
    target: path.join(folder, 'my store'),
    note: null,
  })
  expect(parseArguments(['my store'], { INIT_CWD: '/elsewhere' }, folder)).toMatchObject({ target: path.join(folder, 'my store') })
})

test('Options that npm took for itself are found in its environment', () => {
  const target = path.join(folder, 'my store')
  expect(byNpm(['my store', '8123'], { npm_config_browser: 'true', npm_config_open: '' })).toMatchObject({
    target,
    browser: true,
    port: 8123,
    open: false,
  })
  expect(byNpm(['8123', 'my store'], { npm_config_port: 'true' })).toMatchObject({ target, browser: false, port: 8123 })
  expect(byNpm(['my store'], { npm_config_port: '8123', npm_config_browser: 'true' })).toMatchObject({ target, browser: true, port: 8123 })
  expect(byNpm(['8200'], { npm_config_browser: 'true' })).toMatchObject({ target: path.join(folder, '8200'), port: null })
  expect(byNpm(['my store'], { npm_config_open: '' })).toMatchObject({ target, open: false })
})

test('What was understood of such options is said, with the exact way to write them', () => {
  expect(byNpm(['my store', '8123'], { npm_config_browser: 'true', npm_config_open: '' }).note).toBe(
    'npm kept the options for itself; understood: browser, port 8123, no-open. To be exact write: npm start -- DIRECTORY --browser ...',
  )
})

test('A browser that the person configured for npm is no option', () => {
  expect(byNpm([], { npm_config_browser: '/usr/bin/firefox' })).toEqual(plain)
  expect(parseArguments([], { npm_config_browser: 'true', npm_lifecycle_event: 'test' }, folder)).toEqual(plain)
})

test.each([
  [['nowhere'], /^There is no directory .*nowhere\.$/],
  [['chroma.sqlite3'], /is a file\. Name the directory that holds it\.$/],
  [['--port', 'x'], /^--port takes a number from 0 to 65535, not "x"\.$/],
  [['--port', '70000'], /not "70000"/],
  [['--port'], /not ""/],
  [['--prot', '8123'], /^There is no option --prot\./],
  [['http://'], /is not a complete address/],
  [['ftp://localhost'], /begins with http/],
  [['my store', '8200'], /^One directory or address can be opened at a time, not 2\./],
])('%j is refused with a sentence', (words, sentence) => {
  expect(() => parseArguments(words, {}, folder)).toThrow(sentence)
})
