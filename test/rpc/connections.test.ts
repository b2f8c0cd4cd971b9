import { mkdir, mkdtemp, readdir, readFile, realpath, rm, stat, symlink, writeFile } from 'node:fs/promises'
import os from 'node:os'
import path from 'node:path'
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest'
import { createCore, type Core } from '../../electron/core.ts'
import type { Input, MutationName, Output, QueryName } from '../../renderer/rpc/client.ts'
import type { AppEvent } from '../../shared/contract/events.ts'
import type { Job } from '../../shared/contract/jobs.ts'
import { storedOrder } from '../../shared/contract/records.ts'
import { noFilter } from '../../shared/domain/where.ts'
import { fromWireError } from '../../shared/rpc/errors.ts'
import { testEngines } from '../support/engines.ts'
import { copyFixture, fixturePath, haveFixtures } from '../support/fixtures.ts'
import { makeSmallStore, type SmallStore } from '../support/small-store.ts'
import { treeHash } from '../support/tree-hash.ts'
import { isQuick } from '../support/quick.ts'

interface Started extends Core {
  readonly events: AppEvent[]
  call<Name extends QueryName | MutationName>(name: Name, input: Input<Name>): Promise<Output<Name>>
}

let base: string
let data: string
let store: SmallStore | null
let number = 0
const running = new Set<Core>()

beforeAll(async () => {
  base = await realpath(await mkdtemp(path.join(os.tmpdir(), 'mnemoscope-connections-')))
  store = await makeSmallStore()
})
afterAll(async () => {
  for (const core of running) await core.close()
  await rm(base, { recursive: true, force: true })
  if (store) await rm(store.directory, { recursive: true, force: true })
})
beforeEach(() => {
  number += 1
  data = path.join(base, `data-${number}`)
})

/** The core as a shell starts it; a second start with the same folder is the app started again. */
async function start(target: string | null = null): Promise<Started> {
  const core = await createCore({ mode: 'browser', version: '0.0.0', data, workingDirectory: base, home: base, dialogs: null })
  running.add(core)
  const events: AppEvent[] = []
  await core.openFromCommandLine(target)
  core.onEvent((event) => events.push(event))
  return {
    ...core,
    events,
    async call(name, input) {
      const reply = await core.dispatch(name, input, { signal: new AbortController().signal })
      if (!reply.ok) throw fromWireError(reply.error)
      return reply.value as never
    },
    async close() {
      running.delete(core)
      await core.close()
    },
  }
}

test('a link to a connection works after a restart, without opening it first', async ({ skip }) => {
  if (!store) return skip()
  const first = await start()
  const { id } = await first.openDirectoryByPath(store.directory)
  await first.close()
  const second = await start()
  expect(await second.recent()).toMatchObject([{ id, isOpen: false }])
  expect((await second.call('collections.catalog', { connectionId: id })).tenants[0]?.databases[0]?.collections[0]?.name).toBe('answers')
  expect(await second.recent()).toMatchObject([{ id, isOpen: true }])
  await second.close()
})

test('a hundred questions at once open a store once', async ({ skip }) => {
  if (!store) return skip()
  const first = await start()
  const { id } = await first.openDirectoryByPath(store.directory)
  await first.call('connections.close', { connectionId: id })
  expect(await copies()).toBe(0)
  const catalogs = await Promise.all(Array.from({ length: 100 }, () => first.call('collections.catalog', { connectionId: id })))
  expect(catalogs).toHaveLength(100)
  expect(await copies()).toBeLessThanOrEqual(1)
  await first.close()
})

/** Private copies that exist now. */
async function copies(): Promise<number> {
  const scratch = path.join(data, 'scratch')
  const runs = await readdir(scratch)
  return (await Promise.all(runs.map((run) => readdir(path.join(scratch, run))))).flat().length
}

test('opening, closing and asking at the same time ends in a store that answers and leaves no copies', async ({ skip }) => {
  if (!store) return skip()
  const app = await start()
  const { id } = await app.openDirectoryByPath(store.directory)
  await Promise.all(
    Array.from({ length: 20 }, async (_, index) => {
      if (index % 3 === 0) await app.call('connections.close', { connectionId: id })
      else await app.call('collections.catalog', { connectionId: id }).catch(() => undefined)
    }),
  )
  expect((await app.call('collections.catalog', { connectionId: id })).tenants).toHaveLength(1)
  await app.close()
  expect(await readdir(path.join(data, 'scratch'))).toEqual([])
})

test('the same directory has the same id by any of its names, also by a file inside', async ({ skip }) => {
  if (!store) return skip()
  const app = await start()
  const link = path.join(base, `link-${number}`)
  await symlink(store.directory, link)
  const ids = new Set<string>()
  for (const name of [
    store.directory,
    `${store.directory}/`,
    link,
    path.join(store.directory, 'chroma.sqlite3'),
    path.relative(process.cwd(), store.directory),
  ]) {
    ids.add((await app.openDirectoryByPath(name)).id)
  }
  expect(ids.size).toBe(1)
  expect(await app.recent()).toHaveLength(1)
  await app.close()
})

test('what cannot be opened at the start becomes one notice, told to the first window, and the app is usable', async () => {
  await mkdir(path.join(base, 'empty'), { recursive: true })
  for (const target of [path.join(base, 'no-such-folder'), 'empty', 'http://127.0.0.1:9', 'http://user:password@127.0.0.1:9']) {
    const app = await start(target)
    expect(app.events).toMatchObject([{ type: 'notice', severity: 'error' }])
    const [notice] = app.events
    expect(notice?.type === 'notice' && notice.message).toMatch(/\w+.*\.$/)
    expect(JSON.stringify(notice)).not.toContain('password@')
    const later: AppEvent[] = []
    app.onEvent((event) => later.push(event))
    expect(later).toEqual([])
    expect(await app.call('app.info', {})).toMatchObject({ startConnectionId: null })
    expect(await app.recent()).toEqual([])
    await app.close()
  }
})

test('the directory of the command line is among the places, wherever it is', async ({ skip }) => {
  if (!store) return skip()
  const app = await start(store.directory)
  const places = await app.call('connections.places', {})
  expect(places).toMatchObject([{ path: base }, { path: await realpath(store.directory), kind: 'chroma' }])
  expect(await app.call('connections.openPlace', { handle: places[1]?.handle ?? '' })).toMatchObject({
    location: await realpath(store.directory),
  })
  await app.close()
})

test('a folder with more children than can be shown says so', async () => {
  const app = await start()
  const crowded = path.join(base, 'crowded')
  for (let at = 0; at < 2100; at += 100)
    await Promise.all(Array.from({ length: 100 }, (_, offset) => mkdir(path.join(crowded, `f${at + offset}`), { recursive: true })))
  const [root] = await app.call('connections.places', {})
  const { children } = await app.call('connections.browse', { handle: root?.handle ?? '' })
  const handle = children.find(({ name }) => name === 'crowded')?.handle ?? ''
  const listing = await app.call('connections.browse', { handle })
  expect(listing.children).toHaveLength(2000)
  expect(listing.note).toBe('Only the first 2,000 of 2,100 folders are shown.')
  expect(listing.children.slice(0, 3).map(({ name }) => name)).toEqual(['f0', 'f1', 'f2'])
  await app.close()
})

test('a damaged list of connections is set aside with a notice', async () => {
  await mkdir(data, { recursive: true })
  await writeFile(path.join(data, 'connections.json'), '{"connections": [{"id"')
  const app = await start()
  expect(await app.recent()).toEqual([])
  expect(app.events).toMatchObject([{ type: 'notice', severity: 'warning' }])
  expect((await readdir(data)).filter((name) => name.endsWith('.damaged'))).toHaveLength(1)
  await app.close()
})

test('leftovers of an app that was killed are removed at the next start, those of a running one are not', async () => {
  const scratch = path.join(data, 'scratch')
  for (const run of ['999999999-abcdef', `${process.pid}-abcdef`, 'something-else'])
    await mkdir(path.join(scratch, run), { recursive: true })
  const app = await start()
  expect((await readdir(scratch)).filter((run) => !run.startsWith(String(process.pid)))).toEqual(['something-else'])
  expect(await readdir(scratch)).toContain(`${process.pid}-abcdef`)
  expect(
    (
      await stat(
        path.join(
          scratch,
          (await readdir(scratch)).find((run) => run !== `${process.pid}-abcdef` && run.startsWith(String(process.pid))) ?? '',
        ),
      )
    ).mode & 0o777,
  ).toBe(0o700)
  await app.close()
})

test('a server is opened with its token, which is kept in a file of its own for its owner alone', async ({ skip }) => {
  const [engine] = await testEngines()
  if (!store || !engine) return skip()
  const engines = await engine.create()
  const directory = path.join(base, `served-${number}`)
  const { url } = await engines.start(directory, { create: true, kind: engine.kind })
  try {
    const app = await start()
    const address = {
      kind: 'server',
      url: `${url}/`,
      tenant: null,
      database: null,
      token: 'very-secret-token',
      tokenHeader: 'x-chroma-token',
      headers: [{ name: 'X-Extra', value: 'very-secret-header' }],
      title: null,
    } as const
    const opened = await app.call('connections.openServer', { ...address, headers: [...address.headers] })
    expect(opened).toMatchObject({ kind: 'server', isOpen: true, location: url })
    expect(await app.call('connections.status', { connectionId: opened.id })).toMatchObject({ access: 'remote' })
    await app.close()

    for (const name of await readdir(data)) {
      const file = path.join(data, name)
      if (!(await stat(file)).isFile()) continue
      const holdsSecret = (await readFile(file, 'utf8')).includes('very-secret')
      expect([name, holdsSecret]).toEqual([name, name === 'secrets.json'])
      if (holdsSecret && process.platform !== 'win32') expect((await stat(file)).mode & 0o777).toBe(0o600)
    }

    const again = await start(url)
    expect(await again.call('app.info', {})).toMatchObject({ startConnectionId: opened.id })
    await again.call('connections.forget', { connectionId: opened.id })
    expect(await readFile(path.join(data, 'secrets.json'), 'utf8')).not.toContain('very-secret')
    await again.close()
  } finally {
    await engines.close()
  }
})

test.skipIf(isQuick)(
  'the sample is made once by a job, opens read-only, and is there at once the second time',
  async ({ skip }) => {
    const app = await start()
    if (!(await app.call('engine.candidates', {})).some(({ usable }) => usable)) return skip()
    const finished = async (): Promise<Job> => {
      const { jobId } = await app.call('connections.openSample', {})
      const job = async (): Promise<Job | undefined> => (await app.call('jobs.list', {})).find(({ id }) => id === jobId)
      await expect.poll(async () => (await job())?.state, { timeout: 100_000, interval: 100 }).not.toBe('running')
      return (await job()) as Job
    }
    const job = await finished()
    expect(job).toMatchObject({ state: 'done', error: null })
    expect(app.events.filter((event) => event.type === 'job' && event.job.done > 0).length).toBeGreaterThan(3)
    const connectionId = job.result ?? ''
    expect(await app.call('connections.status', { connectionId })).toMatchObject({
      access: 'read-only',
      connection: { isSample: true, title: 'Sample' },
    })
    const { tenants } = await app.call('collections.catalog', { connectionId })
    const counts = tenants.flatMap((tenant) => tenant.databases.flatMap(({ collections }) => collections.map(({ count }) => count ?? 0)))
    expect(counts.reduce((sum, count) => sum + count, 0)).toBeGreaterThanOrEqual(2100)
    await app.call('connections.close', { connectionId })
    const began = Date.now()
    expect((await finished()).result).toBe(connectionId)
    expect(Date.now() - began).toBeLessThan(10_000)
    expect(await app.call('engine.status', {})).toEqual([])
    await app.close()
  },
  120_000,
)

test('a store that another program changes is told about', async ({ skip }) => {
  if (!store) return skip()
  const copy = path.join(base, `changed-${number}`)
  const [engine] = await testEngines()
  const app = await start()
  const engines = await engine?.create()
  await engines?.start(copy, { create: true, ...(engine ? { kind: engine.kind } : {}) }).then(({ stop }) => stop())
  const { id } = await app.openDirectoryByPath(copy)
  const writer = await engines?.start(copy)
  await writer?.api.createCollection({ tenant: 'default_tenant', database: 'default_database' }, { name: 'new', space: 'l2' })
  await expect.poll(() => app.events.some((event) => event.type === 'store-changed' && event.connectionId === id)).toBe(true)
  expect(await app.call('connections.status', { connectionId: id })).toMatchObject({ changedSince: true })
  expect(await app.call('connections.refresh', { connectionId: id })).toMatchObject({ changedSince: false })
  expect((await app.call('collections.catalog', { connectionId: id })).tenants[0]?.databases[0]?.collections).toMatchObject([
    { name: 'new' },
  ])
  await engines?.close()
  await app.close()
})

test.skipIf(!haveFixtures)(
  'every store of others opens with its records, or says in a sentence why not, and stays as it is',
  async () => {
    const app = await start()
    for (const name of await readdir(fixturePath('chroma'))) {
      const directory = await copyFixture(name)
      const before = await treeHash(directory)
      try {
        const { id } = await app.openDirectoryByPath(directory)
        const { tenants } = await app.call('collections.catalog', { connectionId: id })
        for (const { id: collectionId, count } of tenants.flatMap((tenant) =>
          tenant.databases.flatMap((database) => database.collections),
        )) {
          const view = { connectionId: id, collectionId, filter: noFilter, sort: storedOrder }
          expect([name, (await app.call('records.page', { view, offset: 0, limit: 1000 })).records.length]).toEqual([name, count])
        }
        await app.call('connections.close', { connectionId: id })
      } catch (error) {
        expect(error).toMatchObject({
          code: expect.stringMatching(/^(not-a-store|damaged|unsupported)$/),
          message: expect.stringMatching(/\.$/) as string,
        })
        expect(name).toBe('old-parquet-aianytime')
      }
      expect([name, await treeHash(directory)]).toEqual([name, before])
      await rm(path.dirname(directory), { recursive: true, force: true })
    }
    await app.close()
  },
  120_000,
)
