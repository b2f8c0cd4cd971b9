import { chmod, cp, mkdir, rm, writeFile } from 'node:fs/promises'
import path from 'node:path'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { openDirectoryStore } from '../../../electron/store/directory/directory-store.ts'
import { recogniseDirectory } from '../../../electron/store/directory/recognise.ts'
import { fixturePath, haveFixtures, temporaryFolder } from '../../support/fixtures.ts'
import { treeHash } from '../../support/tree-hash.ts'

let folder: string
const segment = '0f0e0d0c-1111-2222-3333-444455556666'

beforeEach(async () => {
  folder = await temporaryFolder('recognise')
})
afterEach(() => rm(folder, { recursive: true, force: true }))

async function refusal(directory: string): Promise<{ code: string; message: string; remedy: string }> {
  const scratch = await temporaryFolder('scratch')
  try {
    const store = await openDirectoryStore({ directory, scratch })
    await store.close()
    throw new Error('The directory was opened.')
  } catch (error) {
    return error as { code: string; message: string; remedy: string }
  } finally {
    await rm(scratch, { recursive: true, force: true })
  }
}

test('an empty folder is a folder, and is refused with what to choose instead', async () => {
  expect(await recogniseDirectory(folder)).toBe('folder')
  expect(await refusal(folder)).toMatchObject({
    code: 'not-a-store',
    message: 'This folder is empty.',
    remedy: expect.stringContaining('persist directory'),
  })
})

test('a folder above a store is refused with the name of the store inside it', async () => {
  await mkdir(path.join(folder, 'chroma_db'))
  await writeFile(path.join(folder, 'chroma_db', 'chroma.sqlite3'), '')
  await writeFile(path.join(folder, 'notes.txt'), 'x')
  expect(await recogniseDirectory(folder)).toBe('folder')
  expect(await recogniseDirectory(path.join(folder, 'chroma_db'))).toBe('chroma')
  expect(await refusal(folder)).toMatchObject({ code: 'not-a-store', remedy: expect.stringContaining('chroma_db') })
})

test('the database file itself is refused with the folder to open', async () => {
  const file = path.join(folder, 'chroma.sqlite3')
  await writeFile(file, 'x')
  expect(await recogniseDirectory(file)).toBe('folder')
  expect(await refusal(file)).toMatchObject({ code: 'not-a-store', remedy: expect.stringContaining(folder) })
})

test('a path that does not exist is refused with what to check', async () => {
  const missing = path.join(folder, 'missing')
  expect(await recogniseDirectory(missing)).toBe('unreadable')
  expect(await refusal(missing)).toMatchObject({ code: 'not-found', remedy: expect.any(String) })
})

test('an empty database is refused as one that nothing was stored in', async () => {
  await writeFile(path.join(folder, 'chroma.sqlite3'), '')
  expect(await refusal(folder)).toMatchObject({ code: 'not-a-store', message: expect.stringContaining('empty') })
})

test('a text under the name of the database is refused, and stays as it is', async () => {
  await writeFile(path.join(folder, 'chroma.sqlite3'), 'This is no database at all. '.repeat(400))
  const before = await treeHash(folder)
  expect(await refusal(folder)).toMatchObject({ code: 'not-a-store', remedy: expect.any(String) })
  expect(await treeHash(folder)).toBe(before)
})

test('segment folders without a database are a store whose vectors may be shown', async () => {
  await mkdir(path.join(folder, segment))
  await writeFile(path.join(folder, segment, 'header.bin'), '')
  expect(await recogniseDirectory(folder)).toBe('chroma')
})

test.skipIf(process.getuid?.() === 0)('a folder that may not be read is unreadable', async () => {
  await chmod(folder, 0)
  expect(await recogniseDirectory(folder)).toBe('unreadable')
  expect(await refusal(folder)).toMatchObject({ code: 'forbidden' })
  await chmod(folder, 0o700)
})

test.skipIf(!haveFixtures)('a folder of Chroma 0.3 is recognised as legacy', async () => {
  const copy = path.join(folder, 'old')
  await cp(fixturePath('chroma', 'old-parquet-aianytime'), copy, { recursive: true })
  expect(await recogniseDirectory(copy)).toBe('legacy-chroma')
})
