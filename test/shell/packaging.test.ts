import { spawnSync } from 'node:child_process'
import { mkdir, open, readFile, rm, writeFile } from 'node:fs/promises'
import path from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { temporaryFolder } from '../support/fixtures.ts'

const root = path.resolve(import.meta.dirname, '../..')
/** Marks the place of the fuses in Electron's executable; then come version, count and one character each. */
const fuseMark = 'dL7pKGdnNz796PbbjQWNKmHXBZaB9tsX'
const electronVersion = '45.4.1'
let folder: string
let output: string

/** A folder that looks like Electron's runtime to electron-builder, with the fuses as they are delivered. */
async function makeRuntime(target: string): Promise<void> {
  await mkdir(path.join(target, 'locales'), { recursive: true })
  await mkdir(path.join(target, 'resources'))
  await writeFile(
    path.join(target, 'electron'),
    Buffer.concat([Buffer.from('\u007FELF'), Buffer.from(fuseMark), Buffer.from([1, 9]), Buffer.from('101100111'), Buffer.alloc(64)]),
    { mode: 0o755 },
  )
  for (const name of ['LICENSE', 'LICENSES.chromium.html', 'version', 'resources.pak', 'icudtl.dat', 'chrome-sandbox'])
    await writeFile(path.join(target, name), electronVersion)
}

interface Entry {
  readonly files?: Record<string, Entry>
  readonly size?: number
  readonly unpacked?: boolean
}

/** Files in an asar archive: a pickled header of JSON, then the contents. */
async function filesInArchive(file: string): Promise<Map<string, Entry>> {
  const handle = await open(file)
  try {
    const sizes = Buffer.alloc(16)
    await handle.read(sizes, 0, 16, 0)
    const header = Buffer.alloc(sizes.readUInt32LE(12))
    await handle.read(header, 0, header.length, 16)
    const found = new Map<string, Entry>()
    const walk = (entry: Entry, at: string): void => {
      for (const [name, child] of Object.entries(entry.files ?? {})) {
        if (child.files) walk(child, `${at}${name}/`)
        else found.set(at + name, child)
      }
    }
    walk(JSON.parse(header.toString('utf8')) as Entry, '')
    return found
  } finally {
    await handle.close()
  }
}

const canPackage = process.platform === 'linux' && process.arch === 'x64'

beforeAll(async () => {
  if (!canPackage) return
  folder = await temporaryFolder('package')
  await makeRuntime(path.join(folder, 'runtime'))
  output = path.join(folder, 'release')
  const words = [
    '--linux',
    '--dir',
    '--publish',
    'never',
    `-c.electronDist=${path.join(folder, 'runtime')}`,
    `-c.electronVersion=${electronVersion}`,
    `-c.directories.output=${output}`,
  ]
  const result = spawnSync(process.execPath, [path.join(root, 'node_modules/electron-builder/cli.js'), ...words], {
    cwd: root,
    encoding: 'utf8',
  })
  if (result.status !== 0) throw new Error(`electron-builder failed:\n${result.stdout}\n${result.stderr}`)
}, 240_000)
afterAll(() => (canPackage ? rm(folder, { recursive: true, force: true }) : undefined))

test.runIf(canPackage)('The package holds what runs and nothing else', async () => {
  const files = await filesInArchive(path.join(output, 'linux-unpacked/resources/app.asar'))
  const names = [...files.keys()]
  for (const name of [
    'package.json',
    'LICENSE',
    'dist/electron/main.js',
    'dist/electron/preload.cjs',
    'dist/electron/engine-host.js',
    'dist/electron/reader.worker.js',
    'dist/electron/embedder.worker.js',
    'dist/electron/neighbours.worker.js',
    'dist/electron/projection.worker.js',
    'node_modules/onnxruntime-node/package.json',
    'node_modules/onnxruntime-common/package.json',
    'node_modules/@huggingface/transformers/dist/transformers.node.mjs',
    'dist/renderer/index.html',
  ]) {
    expect(names).toContain(name)
  }
  expect(names.some((name) => /^node_modules\/node-sqlite3-wasm\/.*\.wasm$/.test(name))).toBe(true)
  for (const name of ['zod', 'lossless-json', 're2js']) expect(names.some((file) => file.startsWith(`node_modules/${name}/`))).toBe(true)
  const top = new Set(
    names.map((name) =>
      name
        .split('/')
        .slice(0, name.startsWith('dist/') ? 2 : 1)
        .join('/'),
    ),
  )
  expect([...top].toSorted()).toEqual(['LICENSE', 'dist/electron', 'dist/renderer', 'node_modules', 'package.json'])
  expect(names.filter((name) => /\.(?:map|test\.js|d\.ts)$/.test(name))).toEqual([])
  for (const name of ['react', 'react-dom', 'recharts', 'umap-js', 'electron', 'vite', 'typescript', 'onnxruntime-web'])
    expect(names.filter((file) => file.startsWith(`node_modules/${name}/`))).toEqual([])
})

test.runIf(canPackage)('Native code lies outside the archive, and only that of this system', async () => {
  const files = await filesInArchive(path.join(output, 'linux-unpacked/resources/app.asar'))
  const native = [...files].filter(([name]) => name.endsWith('.node'))
  expect(native.length).toBeGreaterThan(0)
  expect(native.filter(([, { unpacked }]) => !unpacked)).toEqual([])
  const libraries = [...files].filter(([name]) => /\.so(?:\.[\d.]+)?$/.test(name))
  expect(libraries.some(([name]) => name.includes('libonnxruntime'))).toBe(true)
  expect(libraries.filter(([, { unpacked }]) => !unpacked)).toEqual([])
  expect([...files.keys()].filter((name) => /darwin|win32|arm64|\.dll$|\.dylib$/.test(name))).toEqual([])
})

test.runIf(canPackage)('The fuses of the packaged app are locked', async () => {
  const executable = await readFile(path.join(output, 'linux-unpacked/mnemoscope'))
  const at = executable.indexOf(fuseMark) + fuseMark.length
  const state = executable.subarray(at + 2, at + 2 + 8).toString('latin1')
  const names = [
    'RunAsNode',
    'CookieEncryption',
    'NodeOptions',
    'NodeCliInspect',
    'AsarIntegrity',
    'OnlyLoadAppFromAsar',
    'BrowserV8Snapshot',
    'GrantFileProtocolExtraPrivileges',
  ]
  expect(Object.fromEntries(names.map((name, index) => [name, state[index]]))).toEqual({
    RunAsNode: '0',
    CookieEncryption: '1',
    NodeOptions: '0',
    NodeCliInspect: '0',
    AsarIntegrity: '1',
    OnlyLoadAppFromAsar: '1',
    BrowserV8Snapshot: '0',
    GrantFileProtocolExtraPrivileges: '0',
  })
})
