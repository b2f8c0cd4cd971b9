import { readFileSync } from 'node:fs'
import path from 'node:path'
import { expect, test } from 'vitest'
import { packageOf, readSources, resolveImport, root, type Source } from './sources.ts'

const shared = readSources('shared')
const renderer = readSources('renderer')
const electron = readSources('electron')

/** "file -> import" for every import that `isWrong`. */
function offences(sources: readonly Source[], isWrong: (imported: string, target: string | null, file: string) => boolean): string[] {
  return sources.flatMap(({ file, imports }) =>
    imports.filter((imported) => isWrong(imported, resolveImport(file, imported), file)).map((imported) => `${file} -> ${imported}`),
  )
}

test('The sources are found', () => {
  expect(shared.length).toBeGreaterThan(15)
  expect(renderer.length).toBeGreaterThan(30)
  expect(electron.length).toBeGreaterThan(50)
  expect(electron.find(({ file }) => file === 'electron/main.ts')?.imports).toContain('electron')
  expect(renderer.flatMap(({ imports }) => imports)).toContain('react')
})

test('shared/ imports zod, lossless-json, re2js and itself, and nothing else', () => {
  const allowed = ['zod', 'lossless-json', 're2js']
  expect(offences(shared, (imported, target) => (target === null ? !allowed.includes(imported) : !target.startsWith('shared/')))).toEqual(
    [],
  )
})

test('The renderer imports itself, shared/ and packages without Node, never electron/', () => {
  expect(
    offences(renderer, (imported, target) =>
      target === null ? /^(?:node:|electron$)/.test(imported) : !/^(?:renderer|shared)\//.test(target),
    ),
  ).toEqual([])
})

test('electron/ imports itself, shared/ and package.json, never the renderer', () => {
  expect(offences(electron, (_imported, target) => target !== null && !/^(?:electron\/|shared\/|package\.json$)/.test(target))).toEqual([])
})

test('Only four files import electron', () => {
  const importing = electron.filter(({ imports }) => imports.some((imported) => packageOf(imported) === 'electron')).map(({ file }) => file)
  expect(importing.toSorted()).toEqual(['electron/main.ts', 'electron/platform/dialogs.ts', 'electron/preload.ts', 'electron/rpc/ipc.ts'])
})

test.each(['renderer', 'electron'])('Features of %s do not import each other', (side) => {
  const featureOf = (file: string): string | undefined => new RegExp(`^${side}/features/([^/]+)/`).exec(file)?.[1]
  const wrong = offences(side === 'renderer' ? renderer : electron, (_imported, target, file) => {
    const own = featureOf(file)
    const other = target === null ? undefined : featureOf(target)
    return own !== undefined && other !== undefined && own !== other
  })
  expect(wrong).toEqual([])
})

test('Primitives of the renderer know neither features nor the core', () => {
  expect(
    offences(readSources('renderer/ui', 'renderer/lib'), (_imported, target) => target?.startsWith('renderer/features/') === true),
  ).toEqual([])
  expect(
    offences(readSources('renderer/ui'), (_imported, target) => target !== null && /^(?:shared\/contract|renderer\/rpc)\//.test(target)),
  ).toEqual([])
})

test('Stores do not know the features, the transports or the shell above them', () => {
  expect(
    offences(
      readSources('electron/store'),
      (_imported, target) => target !== null && /^electron\/(?:features|rpc|shell|core)/.test(target),
    ),
  ).toEqual([])
})

test('Nothing that is delivered imports from the tests', () => {
  expect(offences([...shared, ...renderer, ...electron], (_imported, target) => target?.startsWith('test/') === true)).toEqual([])
})

test('What runs under Node at run time is a dependency, so that a packaged app has it', () => {
  const manifest = JSON.parse(readFileSync(path.join(root, 'package.json'), 'utf8')) as { dependencies: Record<string, string> }
  const needed = new Set(
    [...electron, ...shared].filter(({ file }) => !file.startsWith('electron/launch')).flatMap(({ imports }) => imports),
  )
  const missing = [...needed].filter((imported) => !imported.startsWith('.') && !/^(?:node:|electron$)/.test(imported)).map(packageOf)
  expect(missing.filter((name) => !Object.hasOwn(manifest.dependencies, name))).toEqual([])
})
