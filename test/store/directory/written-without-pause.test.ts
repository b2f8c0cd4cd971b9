import { execFileSync, spawn, spawnSync } from 'node:child_process'
import { once } from 'node:events'
import { mkdir, readdir, rm, stat } from 'node:fs/promises'
import path from 'node:path'
import { createInterface } from 'node:readline'
import sqlite3 from 'node-sqlite3-wasm'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { takePrivateCopy } from '../../../electron/store/directory/private-copy.ts'
import { stampStore, isChanged } from '../../../electron/store/directory/store-stamp.ts'
import { temporaryFolder } from '../../support/fixtures.ts'

const accounts = 30_000

/** A ledger whose amounts add up to nothing, 3.5 kB a row. */
const make = `
import sqlite3, sys
connection = sqlite3.connect(sys.argv[1], isolation_level=None)
connection.execute('PRAGMA journal_mode = ' + sys.argv[2])
connection.execute('PRAGMA synchronous = OFF')
connection.execute('BEGIN')
connection.execute('CREATE TABLE ledger (id INTEGER PRIMARY KEY, amount INTEGER, filler BLOB)')
connection.execute('CREATE TABLE passing (id INTEGER PRIMARY KEY, filler BLOB)')
connection.executemany('INSERT INTO ledger VALUES (?, 0, zeroblob(3500))', ((each,) for each in range(${accounts})))
connection.execute('COMMIT')
`

/**
 * Moves amounts between distant rows, adds rows and takes rows away, and prints a line for each commit. It waits for no lock: a
 * lock that it meets ends it with an error.
 */
const keepWriting = `
import random, select, sqlite3, sys
connection = sqlite3.connect(sys.argv[1], isolation_level=None, timeout=0)
pause = float(sys.argv[2])
number = 0
while not select.select([sys.stdin], [], [], pause)[0]:
    number += 1
    connection.execute('BEGIN IMMEDIATE')
    for _ in range(20):
        amount = random.randrange(1, 1000)
        connection.execute('UPDATE ledger SET amount = amount - ? WHERE id = ?', (amount, random.randrange(${accounts})))
        connection.execute('UPDATE ledger SET amount = amount + ? WHERE id = ?', (amount, random.randrange(${accounts})))
    connection.execute('INSERT INTO passing (filler) VALUES (randomblob(20000))')
    if number % 3 == 0: connection.execute('DELETE FROM passing WHERE id IN (SELECT id FROM passing ORDER BY random() LIMIT 2)')
    connection.execute('COMMIT' if number % 7 else 'ROLLBACK')
    print(number, flush=True)
`

const hasPython = spawnSync('python3', ['-c', 'import sqlite3']).status === 0
if (!hasPython) console.log('Skipped: python3 with sqlite3, which writes to a store without a pause, is not here.')

describe.skipIf(!hasPython).each([
  { mode: 'DELETE', pause: 0.05 },
  { mode: 'WAL', pause: 0.005 },
])('a store of more than 100 MB with journal mode $mode, written to every $pause s', ({ mode, pause }) => {
  let folder: string
  let directory: string
  let file: string

  beforeEach(async () => {
    folder = await temporaryFolder('without-pause')
    directory = path.join(folder, 'store')
    file = path.join(directory, 'chroma.sqlite3')
    await mkdir(directory)
    execFileSync('python3', ['-c', make, file, mode])
    expect((await stat(file)).size).toBeGreaterThan(100_000_000)
  })
  afterEach(() => rm(folder, { recursive: true, force: true }))

  test('is copied as it was at one moment, again and again, and the writer meets no lock', async () => {
    const writer = spawn('python3', ['-c', keepWriting, file, String(pause)], { stdio: ['pipe', 'pipe', 'inherit'] })
    const ended = once(writer, 'exit')
    let commits = 0
    const lines = createInterface(writer.stdout).on('line', () => (commits += 1))
    await once(lines, 'line')
    try {
      for (let round = 0; round < 3; round += 1) {
        const before = commits
        const copy = await takePrivateCopy(directory, path.join(folder, 'scratch'))
        expect(copy).toMatchObject({ isCopy: true, missingBytes: 0 })
        const database = new sqlite3.Database(copy.file)
        database.exec('PRAGMA locking_mode = EXCLUSIVE')
        expect(database.get('SELECT count(*) AS rows, sum(amount) AS sum FROM ledger')).toEqual({ rows: accounts, sum: 0 })
        expect(database.get('PRAGMA quick_check')).toEqual({ quick_check: 'ok' })
        database.close()
        await expect.poll(() => commits).toBeGreaterThan(before + 1)
        expect(isChanged(copy.stamp, await stampStore(directory))).toBe(true)
        await copy.remove()
      }
      expect(await readdir(path.join(folder, 'scratch'))).toEqual([])
    } finally {
      writer.stdin.end('\n')
      expect(await ended).toEqual([0, null])
    }
    expect(commits).toBeGreaterThan(6)
  }, 120_000)
})
