import { readdirSync, readFileSync } from 'node:fs'
import path from 'node:path'
import { expect, test } from 'vitest'
import { z } from 'zod'
import { contract } from '../../shared/contract/index.ts'
import { readSources, root } from './sources.ts'

const delivered = readSources('shared', 'renderer', 'electron')

test('A window is made in one place', () => {
  const making = delivered
    .filter(({ text }) => /new\s+(?:electron\.)?(?:BrowserWindow|BaseWindow|WebContentsView|BrowserView)\b/.test(text))
    .map(({ file }) => file)
  expect(making).toEqual(['electron/shell/window.ts'])
})

test('Addresses leave the app in one place', () => {
  const opening = delivered.filter(({ text }) => /\.openExternal\(|\.openPath\(|\.showItemInFolder\(/.test(text)).map(({ file }) => file)
  expect(opening).toEqual(['electron/shell/desktop-app.ts'])
})

test('No code makes code of text, and no page sets HTML', () => {
  const wrong = delivered
    .filter(({ text }) => /\beval\(|new Function\(|dangerouslySetInnerHTML|\.innerHTML\s*=|insertAdjacentHTML|document\.write\(/.test(text))
    .map(({ file }) => file)
  expect(wrong).toEqual([])
})

test('Nothing imports what a store names: every dynamic import and require has a fixed name', () => {
  const dynamic = delivered.flatMap(({ file, text }) =>
    [...text.matchAll(/\b(?:import|require)\(\s*(?!['"/])([^)\s]+)/g)].map((match) => `${file}: ${match[1]}`),
  )
  expect(dynamic).toEqual([])
})

/** Every property name below a schema. */
function namesIn(schema: unknown, found = new Set<string>()): Set<string> {
  if (schema === null || typeof schema !== 'object') return found
  const node = schema as { properties?: Record<string, unknown> }
  for (const name of Object.keys(node.properties ?? {})) found.add(name)
  for (const part of Object.values(schema)) namesIn(part, found)
  return found
}

/** Where a value stands inside a document that is JSON, not a file. */
const noFiles = new Set(['profiles.set: path'])

test('No method of the contract takes a path: directories are named by handles and ids', () => {
  const taking = Object.entries(contract).flatMap(([namespace, methods]) =>
    Object.entries(methods).flatMap(([name, method]) => {
      const inputs = namesIn(z.toJSONSchema(method.input, { io: 'input', unrepresentable: 'any' }))
      return [...inputs]
        .filter((input) => /path|director|file|folder|location/i.test(input) && !/Ids?$/.test(input))
        .map((input) => `${namespace}.${name}: ${input}`)
    }),
  )
  expect(taking.filter((input) => !noFiles.has(input))).toEqual([])
})

test('Files are kebab-case and none is longer than 450 lines', () => {
  const named = delivered.filter(
    ({ file }) => !/^[a-z0-9]+(?:-[a-z0-9]+)*(?:\.(?:worker|host|config))?\.(?:ts|tsx|mjs)$/.test(path.posix.basename(file)),
  )
  expect(named.map(({ file }) => file)).toEqual([])
  const long = delivered.filter(({ text }) => text.split('\n').length > 450)
  expect(long.map(({ file, text }) => `${file}: ${text.split('\n').length}`)).toEqual([])
})

test('No code is left for later and none is silenced without a reason on the same line or above', () => {
  const marks = [...delivered, ...readSources('test')]
    .filter(({ file }) => !file.startsWith('test/architecture/'))
    .filter(({ text }) => /\b(?:TODO|FIXME|XXX|HACK)\b|@ts-ignore|@ts-nocheck/.test(text))
  expect(marks.map(({ file }) => file)).toEqual([])
})

test('There is no index file but the contract’s', () => {
  const barrels = delivered.filter(({ file }) => /\/index\.tsx?$/.test(file)).map(({ file }) => file)
  expect(barrels).toEqual(['shared/contract/index.ts'])
})

test('The top level is what ARCHITECTURE.md says', () => {
  const described = new Set(
    [...readFileSync(path.join(root, 'ARCHITECTURE.md'), 'utf8').matchAll(/^(?:├──|└──) (\S+?)\/?(?:\s|$)/gm)].map((match) => match[1]),
  )
  const ignored = new Set(['.git', 'node_modules', 'dist', 'release', 'test-results'])
  const present = readdirSync(root).filter((name) => !ignored.has(name) && !name.startsWith('dist-') && !name.endsWith('.log'))
  expect(present.filter((name) => !described.has(name))).toEqual([])
  expect([...described].filter((name) => name !== undefined && !present.includes(name))).toEqual([])
})

test('Every version of a dependency is exact, and no package runs a script on installation', () => {
  const manifest = JSON.parse(readFileSync(path.join(root, 'package.json'), 'utf8')) as Record<string, Record<string, string>>
  for (const kind of ['dependencies', 'devDependencies', 'optionalDependencies']) {
    const loose = Object.entries(manifest[kind] ?? {}).filter(
      ([, version]) => !/^(?:npm:[@\w/-]+@)?\d+\.\d+\.\d+(?:-[\w.]+)?$/.test(version),
    )
    expect([kind, loose]).toEqual([kind, []])
  }
  expect(readFileSync(path.join(root, '.npmrc'), 'utf8')).toMatch(/^ignore-scripts=true$/m)
})

interface LockedPackage {
  readonly version?: string
  readonly integrity?: string
  readonly os?: readonly string[]
  readonly cpu?: readonly string[]
  readonly optional?: boolean
  readonly optionalDependencies?: Record<string, string>
}

test('The lockfile holds every package, those for other systems too (npm run lock adds them), with a checksum where npm could know it', () => {
  const { packages } = JSON.parse(readFileSync(path.join(root, 'package-lock.json'), 'utf8')) as { packages: Record<string, LockedPackage> }
  const missing = Object.entries(packages).flatMap(([from, { optionalDependencies = {} }]) =>
    Object.keys(optionalDependencies).filter((name) => !packages[`node_modules/${name}`] && !packages[`${from}/node_modules/${name}`]),
  )
  expect(missing).toEqual([])
  const forThisSystem = ({ os, cpu }: LockedPackage): boolean =>
    (os?.includes(process.platform) ?? true) && (cpu?.includes(process.arch) ?? true)
  const unlocked = Object.entries(packages).filter(
    ([name, locked]) => name !== '' && locked.integrity === undefined && (locked.optional !== true || !(locked.os || locked.cpu)),
  )
  expect(unlocked.map(([name]) => name)).toEqual([])
  const installedWithoutChecksum = Object.entries(packages).filter(
    ([name, locked]) => locked.integrity === undefined && name !== '' && forThisSystem(locked) && !/musl/.test(name),
  )
  expect(installedWithoutChecksum.map(([name]) => name)).toEqual([])
})
