import { spawn, spawnSync } from 'node:child_process'
import { once } from 'node:events'
import { mkdir, realpath, rm, writeFile } from 'node:fs/promises'
import path from 'node:path'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { askLsof, parseOpenFiles, parseProcessTable } from '../../../electron/store/open-files/lsof.ts'
import { openFiles } from '../../../electron/store/open-files/open-files.ts'
import { lookInProc } from '../../../electron/store/open-files/proc.ts'
import { parseUsers } from '../../../electron/store/open-files/restart-manager.ts'
import { temporaryFolder } from '../../support/fixtures.ts'

/** As lsof 4.95 wrote it without a locale. */
const fromLsof = 'p10907\ncmy sl\\xc3\\xabep\np10908\ncsleep\n'
const fromPs = '    1     0     0\n 8853     1  8853\n10907  8853 10907\n'

test('what lsof and ps write is read', () => {
  expect(parseOpenFiles(fromLsof)).toEqual([
    { pid: 10907, name: 'my slëep' },
    { pid: 10908, name: 'sleep' },
  ])
  expect(parseOpenFiles('')).toEqual([])
  expect(parseProcessTable(fromPs).get(10907)).toEqual({ parent: 8853, group: 10907 })
})

test('what was asked of Windows is read, and half an answer is none', () => {
  expect(parseUsers('4312\t988,4\tpython.exe\r\n51\t\tMy Editor.exe\r\nend\r\n')).toEqual([
    { pid: 4312, name: 'python.exe', relatives: [988, 4] },
    { pid: 51, name: 'My Editor.exe', relatives: [] },
  ])
  expect(parseUsers('end\r\n')).toEqual([])
  expect(parseUsers('4312\t988\tpython.exe\r\n')).toBeNull()
  expect(parseUsers('')).toBeNull()
})

const hasLsof = spawnSync('lsof', ['-v']).error === undefined && spawnSync('ps', ['-axo', 'pid=']).status === 0
if (!hasLsof) console.log('Skipped: lsof or ps is not here.')

const ways = [
  { name: '/proc', isHere: process.platform === 'linux', ask: lookInProc },
  { name: 'lsof', isHere: hasLsof, ask: askLsof },
]

describe.each(ways.filter(({ isHere }) => isHere))('$name', ({ ask }) => {
  let directory: string
  beforeEach(async () => {
    directory = await realpath(await temporaryFolder('open-files'))
    await mkdir(path.join(directory, 'segment'))
    for (const name of ['chroma.sqlite3', 'segment/data_level0.bin']) await writeFile(path.join(directory, name), 'x')
  })
  afterEach(() => rm(directory, { recursive: true, force: true }))

  test('tells who has a file of the store open, below which process it runs, and nobody once it is closed', async () => {
    expect((await ask(directory))?.processes).toEqual([])
    const file = path.join(directory, 'segment/data_level0.bin')
    // The shell opens the file for its child only, and waits for it.
    const shell = spawn('sh', ['-c', 'sleep 600 <"$0" & echo $!; wait', file], { stdio: ['ignore', 'pipe', 'ignore'] })
    const [text] = (await once(shell.stdout, 'data')) as [Buffer]
    const pid = Number(text.toString())
    try {
      await expect
        .poll(async () => (await ask(directory))?.processes)
        .toEqual([{ pid, name: 'sleep', relatives: expect.arrayContaining([shell.pid, process.pid]) as number[] }])
      const other = `${directory}-other`
      await mkdir(other)
      expect((await ask(other))?.processes).toEqual([])
      await rm(other, { recursive: true })
    } finally {
      process.kill(pid, 'SIGKILL')
      await once(shell, 'exit')
    }
    expect((await ask(directory))?.processes).toEqual([])
  })
})

test.runIf(process.platform === 'linux')('what the app started is not told, and whatever else is, once', async () => {
  const directory = await temporaryFolder('open-files')
  const file = path.join(directory, 'chroma.sqlite3')
  await writeFile(file, 'x')
  const child = spawn('sh', ['-c', 'exec sleep 600 <"$0"', file], { stdio: 'ignore' })
  try {
    await expect.poll(async () => (await openFiles(directory)).holders).toMatchObject([{ pid: child.pid, name: 'sleep' }])
    expect((await openFiles(directory, new Set([child.pid ?? 0]))).holders).toEqual([])
    expect((await openFiles(directory, new Set([process.pid]))).holders).toEqual([])
  } finally {
    child.kill('SIGKILL')
    await once(child, 'exit')
    await rm(directory, { recursive: true, force: true })
  }
})
