import { spawn } from 'node:child_process'
import { mkdir, mkdtemp, readdir, readFile, rm, stat, writeFile } from 'node:fs/promises'
import os from 'node:os'
import path from 'node:path'
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest'
import { build } from 'vite'
import { z } from 'zod'
import { SettingsFile } from '../../electron/platform/settings-file.ts'

const schema = z.looseObject({ count: z.number().default(0), note: z.string().default('') })

let base: string
let folder: string
let file: string
let damaged: string[]
let number = 0

beforeAll(async () => {
  base = await mkdtemp(path.join(os.tmpdir(), 'mnemoscope-settings-'))
})
afterAll(async () => {
  await rm(base, { recursive: true, force: true })
})
beforeEach(() => {
  number += 1
  folder = path.join(base, String(number))
  file = path.join(folder, 'settings.json')
  damaged = []
})

function open(): SettingsFile<typeof schema> {
  return new SettingsFile({ file, schema, onDamaged: (_file, setAside) => damaged.push(setAside) })
}

test('an absent file holds the defaults and is not made by reading', async () => {
  expect(await open().read()).toEqual({ count: 0, note: '' })
  await expect(stat(folder)).rejects.toThrow()
})

test('a change is kept, for its owner alone', async () => {
  await open().update((current) => ({ ...current, note: 'ünï' }))
  expect(await open().read()).toEqual({ count: 0, note: 'ünï' })
  if (process.platform !== 'win32') {
    expect((await stat(file)).mode & 0o777).toBe(0o600)
    expect((await stat(folder)).mode & 0o777).toBe(0o700)
  }
})

test('changes asked for at once are all made, also through two objects one after the other', async () => {
  const [first, second] = [open(), open()]
  await Promise.all(Array.from({ length: 100 }, () => first.update((current) => ({ ...current, count: current.count + 1 }))))
  await second.update((current) => ({ ...current, count: current.count + 1 }))
  await first.update((current) => ({ ...current, count: current.count + 1 }))
  expect((await open().read()).count).toBe(102)
  expect(await readdir(folder)).toEqual(['settings.json'])
})

test('what a newer version wrote beside stays', async () => {
  await mkdir(folder)
  await writeFile(file, '{"count": 1, "future": {"a": [1]}}')
  await open().update((current) => ({ ...current, count: 2 }))
  expect(JSON.parse(await readFile(file, 'utf8'))).toMatchObject({ count: 2, future: { a: [1] } })
})

test('a file cut off anywhere is set aside whole, told about, and replaced by the defaults', async () => {
  await mkdir(folder)
  const whole = '{"count": 12, "note": "x"}'
  for (let length = 0; length < whole.length; length += 1) {
    await writeFile(file, whole.slice(0, length))
    damaged = []
    const settings = open()
    expect(await settings.read()).toEqual({ count: 0, note: '' })
    expect(damaged).toHaveLength(1)
    expect(await readFile(damaged[0] as string, 'utf8')).toBe(whole.slice(0, length))
    expect(path.basename(damaged[0] as string)).toMatch(/^settings\.json\..*damaged$/)
    await settings.update((current) => ({ ...current, count: 1 }))
    expect((await settings.read()).count).toBe(1)
  }
  const kept = (await readdir(folder)).filter((name) => name.endsWith('.damaged'))
  expect(kept).toHaveLength(whole.length)
})

test('values of a wrong kind are damage too', async () => {
  await mkdir(folder)
  for (const text of ['null', '[]', '"x"', '{"count": "many"}', '{"note": null}', '\u0000\u0000\u0000']) {
    await writeFile(file, text)
    damaged = []
    expect(await open().read()).toEqual({ count: 0, note: '' })
    expect([text, damaged.length]).toEqual([text, 1])
  }
})

test('a change that the schema refuses, or that fails, leaves what was there and the next one works', async () => {
  const settings = open()
  await settings.update(() => ({ count: 7 }))
  await expect(settings.update(() => ({ count: 'x' }) as never)).rejects.toThrow()
  await expect(
    settings.update(() => {
      throw new Error('no')
    }),
  ).rejects.toThrow('no')
  expect((await settings.read()).count).toBe(7)
  expect((await settings.update((current) => ({ ...current, count: 8 }))).count).toBe(8)
})

test('where the folder cannot be made the change fails and nothing is left behind', async () => {
  await writeFile(folder, 'a file where the folder should be')
  await expect(open().update(() => ({ count: 1 }))).rejects.toThrow()
  expect(await readFile(folder, 'utf8')).toBe('a file where the folder should be')
})

interface Program {
  readonly script: string
}

/** A program that counts up in the file for ever, printing every number once it is kept. */
async function countingProgram(): Promise<Program> {
  const entry = path.join(base, 'count.ts')
  const source = path.resolve(import.meta.dirname, '../../electron/platform/settings-file.ts')
  await writeFile(
    entry,
    `import { z } from 'zod'
     import { SettingsFile } from ${JSON.stringify(source)}
     const schema = z.looseObject({ count: z.number().default(0), note: z.string().default('') })
     const settings = new SettingsFile({ file: process.argv[2], schema, onDamaged: () => process.stdout.write('damaged\\n') })
     const limit = Number(process.argv[3])
     try {
       for (let at = 0; at < limit; at += 1) {
         const { count } = await settings.update((current) => ({ count: current.count + 1, note: 'x'.repeat(20000) }))
         process.stdout.write(count + '\\n')
       }
     } catch (error) {
       process.stdout.write('failed ' + error.code + '\\n')
     }`,
  )
  const root = path.resolve(import.meta.dirname, '../..')
  await build({
    root,
    configFile: false,
    logLevel: 'error',
    ssr: { noExternal: true },
    build: {
      ssr: true,
      outDir: path.join(base, 'built'),
      target: 'node20',
      rollupOptions: { input: { count: entry }, output: { format: 'es', entryFileNames: '[name].mjs' } },
    },
    resolve: { alias: { zod: path.join(root, 'node_modules/zod') } },
  })
  return { script: path.join(base, 'built/count.mjs') }
}

function run(command: string, words: readonly string[], killAfter: number | null): Promise<string> {
  return new Promise((resolve) => {
    const child = spawn(command, words, { stdio: ['ignore', 'pipe', 'inherit'] })
    let text = ''
    child.stdout.on('data', (chunk: Buffer) => {
      if (text === '' && killAfter !== null) setTimeout(() => child.kill('SIGKILL'), killAfter)
      text += chunk.toString()
    })
    child.on('close', () => resolve(text))
  })
}

test('a program killed at any moment leaves the last kept contents or the next', async () => {
  const { script } = await countingProgram()
  await mkdir(folder)
  let kept = 0
  for (let round = 0; round < 12; round += 1) {
    const lines = (await run(process.execPath, [script, file, '1000000'], round * 6)).split('\n').filter((line) => /^\d+$/.test(line))
    const told = Number(lines.at(-1) ?? kept)
    const { count, note } = z.object({ count: z.number(), note: z.string() }).parse(JSON.parse(await readFile(file, 'utf8')))
    expect(count).toBeGreaterThanOrEqual(told)
    expect(note).toHaveLength(20_000)
    kept = count
  }
  expect(kept).toBeGreaterThan(12)
})

test('a write that the system refuses is told as such, and the old contents remain', async () => {
  if (process.platform === 'win32') return
  const { script } = await countingProgram()
  await open().update(() => ({ count: 5, note: '' }))
  const text = await run('bash', ['-c', `trap '' XFSZ; ulimit -f 4; exec "$0" "$@"`, process.execPath, script, file, '1'], null)
  expect(text).toBe('failed no-space\n')
  expect(await open().read()).toEqual({ count: 5, note: '' })
  expect(await readdir(folder)).toEqual(['settings.json'])
})
