import { execFileSync, spawn } from 'node:child_process'
import { once } from 'node:events'
import { openSync } from 'node:fs'
import { chmod, cp, mkdir, readdir, readFile, rename, rm } from 'node:fs/promises'
import path from 'node:path'
import { setTimeout as wait } from 'node:timers/promises'
import sqlite3 from 'node-sqlite3-wasm'
import { afterAll, afterEach, beforeEach, describe, expect, test } from 'vitest'
import { openDirectoryStore } from '../../../electron/store/directory/directory-store.ts'
import type { Store, StoreView } from '../../../electron/store/store.ts'
import { storedOrder } from '../../../shared/contract/records.ts'
import { noFilter } from '../../../shared/domain/where.ts'
import { defaultDatabase } from '../../support/generate-store.ts'
import { temporaryFolder } from '../../support/fixtures.ts'
import { isQuick } from '../../support/quick.ts'
import { treeHash } from '../../support/tree-hash.ts'
import { makeBaseStore } from './base-store.ts'
import { startRawEngine } from './raw-engine.ts'

const base = await makeBaseStore()
afterAll(() => base?.remove())

let folder: string
let directory: string
let scratch: string
let store: Store | null = null

beforeEach(async () => {
  folder = await temporaryFolder('live')
  directory = path.join(folder, 'store')
  scratch = path.join(folder, 'scratch')
  await mkdir(scratch)
  if (base) await cp(base.directory, directory, { recursive: true })
})

afterEach(async () => {
  await store?.close()
  store = null
  await rm(folder, { recursive: true, force: true })
})

async function open(): Promise<Store> {
  store = await openDirectoryStore({ directory, scratch })
  return store
}

function view(collectionId: string): StoreView {
  return { collectionId, filter: noFilter, sort: storedOrder }
}

async function idsOf(opened: Store, collectionId: string): Promise<string[]> {
  const { total } = await opened.page(view(collectionId), 0, 1)
  return opened.idsAt(view(collectionId), [{ from: 0, to: total }])
}

/** A program of the operating system, which no package provides. */
function run(program: string, options: readonly string[]): void {
  execFileSync(program, options, { stdio: 'pipe' })
}

/** Mounts something at a folder for one test; false where this user may not, which is said in a printed line. */
function mounted(...options: string[]): boolean {
  try {
    run('mount', options)
    return true
  } catch {
    console.log('Skipped: this user may not mount file systems.')
    return false
  }
}

/** A transaction of Python's SQLite that has written to the database and is killed before its end. */
async function killInTransaction(statements: readonly string[]): Promise<void> {
  const script = `
import sqlite3, sys, time
connection = sqlite3.connect(sys.argv[1], isolation_level=None)
connection.execute('PRAGMA cache_size = 2')
connection.execute('PRAGMA cache_spill = 2')
connection.execute('BEGIN IMMEDIATE')
for statement in sys.argv[2:]: connection.execute(statement)
print('written', flush=True)
time.sleep(60)
`
  const child = spawn('python3', ['-c', script, path.join(directory, 'chroma.sqlite3'), ...statements], {
    stdio: ['ignore', 'pipe', 'inherit'],
  })
  await once(child.stdout, 'data')
  const gone = once(child, 'exit')
  child.kill('SIGKILL')
  await gone
}

describe.skipIf(!base)('a store that others use', () => {
  test('with a hot journal is shown as it was before the transaction, and keeps its journal', async () => {
    await killInTransaction([
      "UPDATE embedding_metadata SET string_value = 'uncommitted' WHERE string_value IS NOT NULL",
      "DELETE FROM embeddings WHERE embedding_id LIKE 'second%'",
    ])
    expect(await readdir(directory)).toContain('chroma.sqlite3-journal')
    const raw = await readFile(path.join(directory, 'chroma.sqlite3'))
    expect(raw.includes('uncommitted')).toBe(true)
    const before = await treeHash(directory)
    const opened = await open()
    expect(await idsOf(opened, base?.kept ?? '')).toEqual(base?.ids)
    const page = await opened.page(view(base?.kept ?? ''), 0, 1000)
    expect(page.records.filter((record) => record.document === 'uncommitted')).toEqual([])
    expect((await opened.status()).findings.map((finding) => finding.code)).toContain('interrupted-transaction')
    expect(await treeHash(directory)).toBe(before)
  })

  test('with a transaction that is still under way is shown without it', async () => {
    const script = `
import sqlite3, sys
connection = sqlite3.connect(sys.argv[1], isolation_level=None)
connection.execute('PRAGMA cache_size = 2')
connection.execute('PRAGMA cache_spill = 2')
connection.execute('BEGIN IMMEDIATE')
connection.execute("UPDATE embedding_metadata SET string_value = 'uncommitted' WHERE string_value IS NOT NULL")
print('written', flush=True)
sys.stdin.readline()
connection.execute('COMMIT')
print('committed', flush=True)
`
    const child = spawn('python3', ['-c', script, path.join(directory, 'chroma.sqlite3')], { stdio: ['pipe', 'pipe', 'inherit'] })
    await once(child.stdout, 'data')
    const opened = await open()
    const first = await opened.page(view(base?.kept ?? ''), 0, 1)
    expect(first.records[0]?.document).toBe('document of first-30')
    // Nothing the reader did may keep the other program from committing.
    child.stdin.write('go\n')
    await once(child.stdout, 'data')
    await once(child, 'exit')
    expect((await opened.status()).changedSince).toBe(true)
    await opened.refresh()
    expect((await opened.page(view(base?.kept ?? ''), 0, 1)).records[0]?.document).toBe('uncommitted')
  })

  test('with a write-ahead log of SQLite is shown with what is in the log', async () => {
    const script = `
import os, sqlite3, sys
connection = sqlite3.connect(sys.argv[1], isolation_level=None)
connection.execute('PRAGMA journal_mode = WAL')
connection.execute("UPDATE embedding_metadata SET string_value = 'from the log' WHERE key = 'chroma:document'")
os._exit(0)
`
    execFileSync('python3', ['-c', script, path.join(directory, 'chroma.sqlite3')])
    const before = await treeHash(directory)
    const opened = await open()
    expect((await opened.page(view(base?.kept ?? ''), 0, 1)).records[0]?.document).toBe('from the log')
    expect(await treeHash(directory)).toBe(before)
  })

  test('is shown at one moment while an engine writes to it, and the engine is never held up', async () => {
    const engine = await startRawEngine(directory)
    if (!engine) return
    let written = 0
    const end = new AbortController()
    const writing = (async () => {
      while (!end.signal.aborted) {
        const ids = Array.from({ length: 5 }, (_, index) => `live-${written + index}`)
        await engine.api.add(
          { ...defaultDatabase, id: base?.kept ?? '' },
          {
            ids,
            embeddings: ids.map(() => new Float32Array(8).fill(1)),
            documents: ids,
            metadatas: ids.map((id) => new Map([['topic', id]])),
          },
        )
        written += 5
      }
    })()
    try {
      const opened = await open()
      for (let round = 0; round < 5; round += 1) {
        const ids = await idsOf(opened, base?.kept ?? '')
        const live = ids.filter((id) => id.startsWith('live-'))
        // Batches are written whole: none may be seen in part.
        expect(live.length % 5).toBe(0)
        expect(live).toEqual(live.map((_, index) => `live-${index}`))
        const rest = await opened.page(view(base?.kept ?? ''), base?.ids.length ?? 0, 1000)
        for (const record of rest.records) expect(record).toMatchObject({ document: record.id, metadata: new Map([['topic', record.id]]) })
        const vectors = await opened.vectors(base?.kept ?? '', live).catch((error: unknown) => {
          expect(error).toMatchObject({ code: 'stale' })
          return null
        })
        if (vectors) expect([...vectors.ids, ...vectors.missing].toSorted()).toEqual(live.toSorted())
        const soFar = written
        await wait(150)
        await opened.refresh()
        expect((await idsOf(opened, base?.kept ?? '')).length - (base?.ids.length ?? 0)).toBeGreaterThanOrEqual(soFar)
      }
    } finally {
      end.abort()
      await writing.finally(() => engine.kill())
    }
    expect(written).toBeGreaterThan(20)
  }, 60_000)

  test('tells which other programs have it open, and names none that this one started', async () => {
    if (process.platform !== 'linux') return console.log('Skipped: what other programs have open is known on Linux only.')
    const file = path.join(directory, 'chroma.sqlite3')
    const own = spawn('sleep', ['60'], { stdio: [openSync(file, 'r'), 'ignore', 'ignore'] })
    // Its shell ends at once, so that nothing tells any more who started it.
    const stranger = execFileSync('sh', ['-c', 'sleep 60 <"$1" >/dev/null 2>&1 & echo $!', 'sh', file], { encoding: 'utf8' }).trim()
    try {
      expect((await (await open()).status()).openedBy).toEqual([`sleep (pid ${stranger})`])
    } finally {
      process.kill(Number(stranger))
      own.kill()
    }
  })

  test('tells once when somebody changes it, and shows the change after a refresh', async () => {
    const opened = await open()
    expect((await opened.status()).changedSince).toBe(false)
    const told: number[] = []
    const stop = opened.onChanged(() => told.push(Date.now()))
    const database = new sqlite3.Database(path.join(directory, 'chroma.sqlite3'))
    database.exec("UPDATE collections SET name = 'renamed' WHERE name = 'kept'")
    database.close()
    for (let attempt = 0; attempt < 100 && told.length === 0; attempt += 1) await wait(100)
    expect(told).toHaveLength(1)
    expect((await opened.status()).changedSince).toBe(true)
    const names = async (): Promise<string[]> => {
      const { tenants } = await opened.catalog()
      return tenants.flatMap((tenant) => tenant.databases).flatMap((one) => one.collections.map((collection) => collection.name))
    }
    expect(await names()).toContain('kept')
    const snapshot = await opened.snapshot()
    expect(await opened.snapshot()).toBe(snapshot)
    await opened.refresh()
    expect(await names()).toContain('renamed')
    expect(await opened.snapshot()).not.toBe(snapshot)
    expect((await opened.status()).changedSince).toBe(false)
    stop()
  })

  test('whose folder is moved away stays in view, says where it is missed, and goes on once it is back', async () => {
    const opened = await open()
    const before = await idsOf(opened, base?.kept ?? '')
    await rename(directory, `${directory}-moved`)
    try {
      await expect(opened.refresh()).rejects.toMatchObject({ code: 'not-found', message: expect.stringContaining(directory) as string })
      expect(await idsOf(opened, base?.kept ?? '')).toEqual(before)
      expect((await opened.status()).openedByUnknown).toContain('Not known')
    } finally {
      await rename(`${directory}-moved`, directory)
    }
    await opened.refresh()
    expect(await idsOf(opened, base?.kept ?? '')).toEqual(before)
  })

  test('whose index was written anew after the view was taken asks for a refresh instead of showing wrong vectors', async () => {
    const opened = await open()
    const slots = path.join(directory, base?.segment ?? '', 'data_level0.bin')
    const copy = `${slots}.copy`
    await cp(slots, copy)
    await rm(slots)
    await cp(copy, slots)
    await rm(copy)
    await expect(opened.vectors(base?.kept ?? '', null)).rejects.toMatchObject({
      code: 'stale',
      remedy: expect.stringContaining('Refresh'),
    })
    await opened.refresh()
    expect((await opened.vectors(base?.kept ?? '', null)).ids).toEqual(base?.ids)
  })
})

describe.skipIf(!base)('a store where nothing can be written', () => {
  test('on a read-only file system opens and closes like any other', async () => {
    if (!mounted('--bind', directory, directory)) return
    try {
      run('mount', ['-o', 'remount,bind,ro', directory])
      const opened = await open()
      expect(await idsOf(opened, base?.kept ?? '')).toEqual(base?.ids)
      expect((await opened.vectors(base?.kept ?? '', null)).ids).toEqual(base?.ids)
      await opened.close()
    } finally {
      run('umount', [directory])
    }
  })

  test('in a folder without write permission opens and closes like any other', async () => {
    await chmod(path.join(directory, 'chroma.sqlite3'), 0o444)
    await chmod(directory, 0o555)
    try {
      const before = await treeHash(directory)
      expect(await idsOf(await open(), base?.kept ?? '')).toEqual(base?.ids)
      await store?.close()
      expect(await treeHash(directory)).toBe(before)
    } finally {
      await chmod(directory, 0o755)
    }
  })

  test('and no room for a private copy is read in place, which is said', async () => {
    if (!mounted('-t', 'tmpfs', '-o', 'size=64k', 'tmpfs', scratch)) return
    try {
      const before = await treeHash(directory)
      const opened = await open()
      expect(await idsOf(opened, base?.kept ?? '')).toEqual(base?.ids)
      expect((await opened.status()).findings.map((finding) => finding.code)).toContain('no-room-for-copy')
      await opened.close()
      expect(await treeHash(directory)).toBe(before)
    } finally {
      run('umount', [scratch])
    }
  })
})

describe.skipIf(!base)('the reader', () => {
  test('leaves nothing in scratch after it was closed', async () => {
    const opened = await open()
    expect(await readdir(scratch)).not.toEqual([])
    await opened.refresh()
    expect(await readdir(scratch)).toHaveLength(1)
    await opened.close()
    expect(await readdir(scratch)).toEqual([])
    await expect(opened.catalog()).rejects.toMatchObject({ code: 'cancelled' })
  })

  test('stops a call at once when its signal says so, and answers the next one', async () => {
    const opened = await open()
    const controller = new AbortController()
    const cancelled = opened.vectors(base?.kept ?? '', null, { signal: controller.signal })
    controller.abort()
    await expect(cancelled).rejects.toMatchObject({ code: 'cancelled' })
    await expect(opened.catalog({ signal: controller.signal })).rejects.toMatchObject({ code: 'cancelled' })
    expect((await opened.vectors(base?.kept ?? '', null)).ids).toEqual(base?.ids)
  })

  test('that runs out of memory fails one call with a sentence and starts anew for the next', async () => {
    const database = new sqlite3.Database(path.join(directory, 'chroma.sqlite3'))
    database.exec("UPDATE embedding_metadata SET string_value = hex(zeroblob(60000)) WHERE key = 'chroma:document'")
    database.close()
    store = await openDirectoryStore({ directory, scratch, megabytes: 40 })
    const [before, snapshot] = [await store.catalog(), await store.snapshot()]
    await expect(store.page(view(base?.kept ?? ''), 0, 1000)).rejects.toMatchObject({
      code: 'unsupported',
      message: expect.stringContaining('memory'),
    })
    expect(await store.catalog()).toEqual(before)
    expect((await store.page(view(base?.kept ?? ''), 100, 5)).records).toHaveLength(5)
    expect(await store.snapshot()).not.toBe(snapshot)
  })

  test.skipIf(isQuick)('refuses to show more text at once than fits, and shows fewer records', async () => {
    const database = new sqlite3.Database(path.join(directory, 'chroma.sqlite3'))
    database.exec(
      "UPDATE embedding_metadata SET string_value = hex(zeroblob(30000000)) WHERE key = 'chroma:document' AND id BETWEEN 40 AND 45",
    )
    database.close()
    const opened = await open()
    await expect(opened.page(view(base?.kept ?? ''), 0, 1000)).rejects.toMatchObject({
      code: 'unsupported',
      remedy: expect.stringContaining('fewer'),
    })
    expect((await opened.page(view(base?.kept ?? ''), 100, 100)).records).toHaveLength(100)
  })

  test('gives exact vectors with their figures, from the index and from the queue', async () => {
    const opened = await open()
    const all = await opened.vectors(base?.kept ?? '', null)
    expect(all.missing).toEqual([])
    for (const [index, id] of all.ids.entries()) expect(all.data.subarray(index * 8, index * 8 + 8)).toEqual(base?.vectors.get(id))
    const some = await opened.vectors(base?.kept ?? '', ['tail-3', 'first-40', 'unknown', 'second-7'])
    expect(some.ids).toEqual(['first-40', 'second-7', 'tail-3'])
    // So many that the reader keeps the rows of all ids from then on.
    const many = all.ids.filter((_, index) => index % 13 !== 5)
    expect(many.length).toBeGreaterThan(500)
    const asked = [...many.toReversed(), 'unknown', many[7] ?? '']
    const most = await opened.vectors(base?.kept ?? '', asked)
    expect(most.ids).toEqual(many)
    for (const [index, id] of many.entries()) expect(most.data.subarray(index * 8, index * 8 + 8)).toEqual(base?.vectors.get(id))
    expect((await opened.records(base?.kept ?? '', asked)).map(({ id }) => id)).toEqual(many)
    expect((await opened.vectors(base?.young ?? '', ['unknown', many[0] ?? ''])).ids).toEqual([])
    expect((await opened.records(base?.kept ?? '', ['unknown', 'tail-3'])).map(({ id }) => id)).toEqual(['tail-3'])
    const inIndex = await opened.vector(base?.kept ?? '', 'first-40')
    expect(inIndex.vector).toMatchObject({ source: 'index', dimension: 8, values: base?.vectors.get('first-40'), nonFinite: 0 })
    expect(inIndex.vector?.norm).toBeCloseTo(Math.hypot(...(base?.vectors.get('first-40') ?? [])), 6)
    expect((await opened.vector(base?.kept ?? '', 'tail-3')).vector).toMatchObject({ source: 'queue', values: base?.vectors.get('tail-3') })
    await expect(opened.vector(base?.kept ?? '', 'unknown')).rejects.toMatchObject({ code: 'not-found' })
  })
})
