import { spawn } from 'node:child_process'
import { chmod, cp, mkdir, readFile, rm, writeFile } from 'node:fs/promises'
import { existsSync, readdirSync } from 'node:fs'
import { connect } from 'node:net'
import os from 'node:os'
import path from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { createEngines, type Engines, type RunningEngine } from '../../../electron/store/engine/engines.ts'
import { testEngines, type TestEngine } from '../../support/engines.ts'
import { mostlyOne } from '../../support/quick.ts'
import { copyFixture, haveFixtures, temporaryFolder } from '../../support/fixtures.ts'
import { defaultDatabase, generateStore } from '../../support/generate-store.ts'
import { treeHash } from '../../support/tree-hash.ts'
import { environmentOf, processesNaming, until } from './processes.ts'

const engines = await testEngines()
const compat = engines.find((engine) => engine.name === 'compat')
const newest = engines.find((engine) => engine.name === 'newest')
const linux = process.platform === 'linux'

let folder: string
const sources: Record<string, string> = {}

beforeAll(async () => {
  folder = await temporaryFolder('engines')
  for (const engine of engines) {
    sources[engine.name] = path.join(folder, `source-${engine.name}`)
    await generateStore({ directory: sources[engine.name] ?? '', engine, seed: 4, spaces: ['l2'] })
  }
}, 120_000)

afterAll(() => rm(folder, { recursive: true, force: true }))

let copies = 0
async function copyOf(name: string): Promise<string> {
  const copy = path.join(folder, `copy-${(copies += 1)}`)
  await cp(sources[name] ?? '', copy, { recursive: true })
  return copy
}

async function withManager(engine: TestEngine, work: (manager: Engines) => Promise<void>): Promise<void> {
  const manager = await engine.create()
  try {
    await work(manager)
  } finally {
    await manager.close()
  }
}

function persistedSegment(directory: string): string {
  const name = readdirSync(directory).find((entry) => existsSync(path.join(directory, entry, 'index_metadata.pickle')))
  return path.join(directory, name ?? 'none')
}

test('candidates that cannot open the store are named with what to install', async () => {
  const directory = await copyOf(engines[0]?.name ?? '')
  const manager = createEngines({ dataFolder: path.join(folder, 'none'), environment: {}, command: '/no/such/chroma' })
  await expect(manager.start(directory, { kind: 'configured' })).rejects.toMatchObject({
    code: 'unsupported',
    remedy: expect.stringContaining('pip install chromadb'),
  })
})

describe.each(mostlyOne(engines, 'compat'))('starting the $name engine', (engine) => {
  test('opens a healthy store with all its records', async () => {
    const directory = await copyOf(engine.name)
    await withManager(engine, async (manager) => {
      const { api } = await manager.start(directory, { kind: engine.kind })
      const collection = await api.collection(defaultDatabase, 'persisted-l2')
      expect(await api.count({ ...defaultDatabase, id: collection.id })).toBeGreaterThan(1000)
    })
  })

  test('is refused on a store that lost a pickle, which stays as it is', async () => {
    const directory = await copyOf(engine.name)
    await rm(path.join(persistedSegment(directory), 'index_metadata.pickle'))
    const before = await treeHash(directory)
    await withManager(engine, async (manager) => {
      await expect(manager.start(directory, { kind: engine.kind })).rejects.toMatchObject({
        code: 'damaged',
        message: expect.stringContaining('pickle'),
      })
    })
    expect(await treeHash(directory)).toBe(before)
  })

  test.skipIf(!linux)('is refused while another program has the store open', async () => {
    const directory = await copyOf(engine.name)
    const other = spawn(process.execPath, [
      '-e',
      `require('fs').openSync(${JSON.stringify(path.join(directory, 'chroma.sqlite3'))}); console.log('open'); setInterval(() => {}, 1000)`,
    ])
    await new Promise((resolve) => other.stdout.once('data', resolve))
    try {
      await withManager(engine, async (manager) => {
        await expect(manager.start(directory, { kind: engine.kind })).rejects.toMatchObject({
          code: 'busy',
          message: expect.stringContaining(`pid ${other.pid}`),
        })
      })
    } finally {
      other.kill('SIGKILL')
    }
  })

  test('is refused a second time on the same directory, by whatever path', async () => {
    const directory = await copyOf(engine.name)
    const dataFolder = path.join(folder, `shared-data-${engine.name}`)
    const [first, second] = [await engine.create({ dataFolder }), await engine.create({ dataFolder })]
    const running = await first.start(directory, { kind: engine.kind })
    await expect(first.start(`${directory}/.`, { kind: engine.kind })).rejects.toMatchObject({ code: 'busy' })
    await expect(second.start(directory, { kind: engine.kind })).rejects.toMatchObject({
      code: 'busy',
      message: expect.stringContaining('Mnemoscope'),
    })
    await running.stop()
    await (await second.start(directory, { kind: engine.kind })).stop()
  })

  test('makes a store only where that was asked for, in an empty directory', async () => {
    const empty = path.join(folder, `empty-${engine.name}`)
    await mkdir(empty)
    await withManager(engine, async (manager) => {
      await expect(manager.start(empty, { kind: engine.kind })).rejects.toMatchObject({ code: 'not-a-store' })
      expect(readdirSync(empty)).toEqual([])
      await writeFile(path.join(empty, 'something'), '')
      await expect(manager.start(empty, { kind: engine.kind, create: true })).rejects.toMatchObject({ code: 'conflict' })
      await expect(manager.start(path.join(folder, 'nowhere'), { kind: engine.kind })).rejects.toMatchObject({ code: 'not-found' })
    })
  })

  test.skipIf(!linux)('passes on no keys, credentials, proxies or settings of the shell', async () => {
    const directory = await copyOf(engine.name)
    const secrets = {
      OPENAI_API_KEY: 'k',
      AWS_SECRET_ACCESS_KEY: 'k',
      HTTP_PROXY: 'http://p',
      https_proxy: 'http://p',
      CHROMA_SERVER_HOST: 'x',
      NODE_OPTIONS: '--no-warnings',
    }
    const manager = await engine.create({ environment: { ...secrets, PATH: process.env['PATH'] } })
    await manager.start(directory, { kind: engine.kind })
    const started = processesNaming('engine.yaml').filter(({ pid }) => environmentOf(pid).has('ANONYMIZED_TELEMETRY'))
    expect(started.length).toBeGreaterThan(0)
    for (const { pid } of started) {
      const names = [...environmentOf(pid).keys()]
      expect(names.filter((name) => name in secrets || /_API_KEY$|^AWS_|proxy$/i.test(name))).toEqual([])
    }
    await manager.close()
  })

  test('listens on loopback only, on an address and port of its own', async () => {
    const directory = await copyOf(engine.name)
    await withManager(engine, async (manager) => {
      const { url } = await manager.start(directory, { kind: engine.kind })
      const { hostname, port } = new URL(url)
      expect(hostname).toMatch(/^127\./)
      const outside = Object.values(os.networkInterfaces())
        .flat()
        .filter((each) => each?.family === 'IPv4' && !each.internal)
        .map((each) => each?.address ?? '')
      const others = linux ? ['127.0.0.1', ...outside] : outside
      for (const address of others) expect(await reaches(address, Number(port))).toBe(false)
      expect(await reaches(hostname, Number(port))).toBe(true)
    })
  })

  test('keeps a log without colours, banner and full paths', async () => {
    const directory = await copyOf(engine.name)
    await withManager(engine, async (manager) => {
      await manager.start(directory, { kind: engine.kind })
      const lines = manager.logs().map(({ source, line }) => `${source} ${line}`)
      expect(lines.some((line) => line.includes(path.basename(directory)))).toBe(true)
      expect(lines.filter((line) => line.includes(folder) || line.includes('\u001B') || /^[\s(#]+$/.test(line))).toEqual([])
    })
  })

  test('is followed by another start when the engine crashes, and the address still answers', async () => {
    const directory = await copyOf(engine.name)
    await withManager(engine, async (manager) => {
      const running = await manager.start(directory, { kind: engine.kind })
      crash(running)
      expect(await until(() => running.status().state === 'running' && running.status().restarts === 1)).toBe(true)
      expect(await running.api.version()).toBe('1.0.0')
      expect(manager.statuses()).toMatchObject([{ status: { state: 'running', restarts: 1 } }])
    })
  })

  test('is not tried again when the crash left the store damaged', async () => {
    const directory = await copyOf(engine.name)
    await withManager(engine, async (manager) => {
      const running = await manager.start(directory, { kind: engine.kind })
      await writeFile(path.join(persistedSegment(directory), 'index_metadata.pickle'), 'torn')
      crash(running)
      expect(await until(() => running.status().state === 'failed')).toBe(true)
      expect(running.status().message).toContain('index_metadata.pickle')
      expect(() => running.api).toThrow(/not started again/)
      await running.stop()
      expect(manager.statuses()).toEqual([])
    })
  })

  test('ends only after the writes under way were answered', async () => {
    const directory = path.join(folder, `writes-${engine.name}`)
    await withManager(engine, async (manager) => {
      const running = await manager.start(directory, { kind: engine.kind, create: true })
      const { id } = await running.api.createCollection(defaultDatabase, { name: 'writes' })
      const ids = Array.from({ length: 3000 }, (_, index) => `id-${index}`)
      const writing = running.api.add(
        { ...defaultDatabase, id },
        { ids, embeddings: ids.map((_, index) => new Float32Array([index, 1, 2])), documents: ids },
      )
      const stopping = running.stop()
      await writing
      await stopping
      expect(running.status().state).toBe('off')
      const again = await manager.start(directory, { kind: engine.kind })
      expect(await again.api.count({ ...defaultDatabase, id })).toBe(3000)
    })
  })
})

describe('starting an engine on a damaged index', () => {
  test.each([
    ['a torn pickle', 'index_metadata.pickle', (bytes: Buffer) => bytes.subarray(0, bytes.length - 100)],
    ['a cut header', 'header.bin', (bytes: Buffer) => bytes.subarray(0, 40)],
    [
      'an impossible count',
      'header.bin',
      (bytes: Buffer) => Buffer.concat([bytes.subarray(0, 20), Buffer.from([255, 255, 255, 255, 0, 1, 0, 0]), bytes.subarray(28)]),
    ],
    [
      'another entry point',
      'header.bin',
      (bytes: Buffer) => Buffer.concat([bytes.subarray(0, 56), Buffer.from([255, 255, 255, 0]), bytes.subarray(60)]),
    ],
    ['cut vectors', 'data_level0.bin', (bytes: Buffer) => bytes.subarray(0, 5000)],
    [
      'a link that leads nowhere',
      'data_level0.bin',
      (bytes: Buffer) => Buffer.concat([bytes.subarray(0, 4), Buffer.from([255, 255, 255, 127]), bytes.subarray(8)]),
    ],
    ['cut lengths', 'length.bin', (bytes: Buffer) => bytes.subarray(0, 8)],
    ['random link lists', 'link_lists.bin', (bytes: Buffer) => Buffer.concat([Buffer.from([7, 1, 0, 0]), bytes.subarray(4)])],
  ])('is refused on %s', async (_name, file, damage) => {
    const directory = await copyOf(engines[0]?.name ?? '')
    const target = path.join(persistedSegment(directory), file)
    await writeFile(target, damage(await readFile(target)))
    const before = await treeHash(directory)
    await withManager(engines[0] as TestEngine, async (manager) => {
      await expect(manager.start(directory)).rejects.toMatchObject({
        code: 'damaged',
        message: expect.stringMatching(/\.$/),
      })
    })
    expect(await treeHash(directory)).toBe(before)
  })
})

function crash(running: RunningEngine): void {
  process.kill(-(running.pid ?? 0), 'SIGKILL')
}

function reaches(host: string, port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect({ host, port, timeout: 2000 }, () => {
      socket.destroy()
      resolve(true)
    })
    socket.on('error', () => resolve(false))
    socket.on('timeout', () => {
      socket.destroy()
      resolve(false)
    })
  })
}

describe.skipIf(!compat || !newest)('a store of an older or newer Chroma', () => {
  test('is not migrated without consent, and stays as it is', async () => {
    const directory = await copyOf('compat')
    const before = await treeHash(directory)
    await withManager(newest as TestEngine, async (manager) => {
      await expect(manager.start(directory, { kind: 'configured' })).rejects.toMatchObject({
        code: 'conflict',
        message: expect.stringContaining('migrate'),
      })
    })
    expect(await treeHash(directory)).toBe(before)
  })

  test('is not migrated by an engine of unknown version either, which is tried on a copy first', async () => {
    const directory = await copyOf('compat')
    const before = await treeHash(directory)
    const command = path.join(folder, 'chroma-of-unknown-version')
    const real = (await (await (newest as TestEngine).create()).candidates())[0]?.label ?? ''
    await writeFile(command, `#!/bin/sh\nif [ "$1" = --version ]; then echo chroma 1.9.9; else exec ${real} "$@"; fi\n`)
    await chmod(command, 0o755)
    const manager = createEngines({ dataFolder: path.join(folder, 'unknown'), environment: {}, command })
    await expect(manager.start(directory, { kind: 'configured' })).rejects.toMatchObject({ code: 'conflict' })
    expect(await treeHash(directory)).toBe(before)
  })

  test('is opened by the engine that need not migrate it, where there is one', async () => {
    const directory = await copyOf('compat')
    await withManager(newest as TestEngine, async (manager) => {
      expect((await manager.start(directory)).candidate.kind).toBe('compat-binding')
    })
  })

  test('is migrated with consent after a copy was made', async () => {
    const directory = await copyOf('compat')
    await withManager(newest as TestEngine, async (manager) => {
      const running = await manager.start(directory, {
        kind: 'configured',
        migrate: { consent: true, snapshotFolder: path.join(folder, 'snapshots') },
      })
      const collection = await running.api.collection(defaultDatabase, 'persisted-l2')
      expect(await running.api.count({ ...defaultDatabase, id: collection.id })).toBeGreaterThan(1000)
      const source = await readFile(path.join(sources['compat'] ?? '', 'chroma.sqlite3'))
      expect(source.equals(await readFile(path.join(running.snapshot ?? '', 'chroma.sqlite3')))).toBe(true)
    })
  })

  test('is refused by an engine that is older than it, and stays as it is', async () => {
    const directory = await copyOf('newest')
    const before = await treeHash(directory)
    await withManager(compat as TestEngine, async (manager) => {
      await expect(manager.start(directory, { kind: 'compat-binding' })).rejects.toMatchObject({
        code: 'unsupported',
        message: expect.stringContaining('older'),
      })
    })
    expect(await treeHash(directory)).toBe(before)
  })

  test.skipIf(!haveFixtures)('made by a development build is refused', async () => {
    const directory = await copyFixture('bad-inconsistent-hash')
    await withManager(newest as TestEngine, async (manager) => {
      await expect(manager.start(directory)).rejects.toMatchObject({
        code: 'damaged',
        message: expect.stringContaining('development build'),
      })
    })
  })
})
