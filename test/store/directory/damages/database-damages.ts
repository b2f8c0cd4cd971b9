import { execFileSync } from 'node:child_process'
import { mkdir, readFile, rename, rm, truncate, writeFile } from 'node:fs/promises'
import path from 'node:path'
import { type Damage, cut, damage, database, file, garble, header, patch, pickle, sql } from './damage.ts'

export const databaseDamages: Damage[] = [
  damage('the database lost its second half', /lost its end/, 'none', (p) => cut(database(p), 0.5), false),
  damage(
    'the database lost its last page',
    /lost its end/,
    'none',
    async (p) => truncate(database(p), (await readFile(database(p))).length - 4096),
    false,
  ),
  damage('the database has 50 bytes left', /database cannot be used/, 'none', (p) => truncate(database(p), 50), false),
  damage('the database is empty', /database cannot be used/, 'none', (p) => truncate(database(p), 0), false),
  damage('the database is missing', /database cannot be used/, 'none', (p) => rm(database(p)), false),
  damage('the database is garbage', /database cannot be used/, 'none', (p) => garble(database(p), 0, 1), false),
  damage(
    'the first page of the database is garbage',
    /database cannot be used/,
    'none',
    (p) => patch(database(p), 0, Buffer.alloc(4096, 'x')),
    false,
  ),
  damage(
    'the database has another magic',
    /database cannot be used/,
    'none',
    (p) => patch(database(p), 0, Buffer.from('SQLite format 9')),
    false,
  ),
  damage(
    'the database claims an impossible page size',
    /database cannot be used/,
    'none',
    (p) => patch(database(p), 16, Buffer.from([3, 3])),
    false,
  ),
  damage(
    'the database and the pickle are missing',
    /made-up ids/,
    'none',
    async (p) => {
      await rm(database(p))
      await rm(file(p, pickle))
    },
    false,
  ),
  damage(
    'the database and the header are missing',
    /Nothing could be recovered|no file|not a database|empty/i,
    'none',
    async (p) => {
      await rm(database(p))
      await rm(file(p, header))
    },
    false,
  ),
  damage(
    'the database is a Git LFS pointer',
    /LFS/,
    'none',
    (p) => writeFile(database(p), 'version https://git-lfs.github.com/spec/v1\noid sha256:00\nsize 5\n'),
    false,
  ),
  damage(
    'a folder has the name of the database',
    /not a file/,
    'none',
    async (p) => {
      await rm(database(p))
      await mkdir(database(p))
    },
    false,
  ),
  damage(
    'a pipe has the name of the database',
    /not a file/,
    'none',
    async (p) => {
      await rm(database(p))
      execFileSync('mkfifo', [database(p)])
    },
    false,
  ),
  damage(
    'a page in the middle of the database is zero',
    /./,
    'none',
    async (p) => {
      const size = (await readFile(database(p))).length
      await patch(database(p), Math.floor(size / 8192) * 4096, Buffer.alloc(4096))
    },
    false,
  ),
  damage('a journal of garbage lies beside the database', null, 'all', (p) => writeFile(`${database(p)}-journal`, Buffer.alloc(5000, 'j'))),
  damage('an empty journal lies beside the database', null, 'all', (p) => writeFile(`${database(p)}-journal`, '')),
  damage('a write-ahead log of garbage lies beside the database', null, 'all', (p) =>
    writeFile(`${database(p)}-wal`, Buffer.alloc(5000, 'w')),
  ),
  damage('the database is marked for write-ahead logging', null, 'all', (p) => patch(database(p), 18, Buffer.from([2, 2]))),
  damage(
    'the database is no store of Chroma',
    /tables? .* missing/,
    'none',
    async (p) => {
      await rm(database(p))
      await rename(p.folder, path.join(p.directory, 'elsewhere'))
      sql(p, 'CREATE TABLE notes (text)')
    },
    false,
  ),
]
