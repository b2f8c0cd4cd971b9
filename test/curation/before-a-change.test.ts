import path from 'node:path'
import { describe, expect, test } from 'vitest'
import { holderWords, openFiles } from '../../electron/store/open-files/open-files.ts'
import { testEngines } from '../support/engines.ts'
import { openElsewhere } from '../support/open-elsewhere.ts'
import { temporaryFolder } from '../support/fixtures.ts'
import { removeTemporary } from '../support/remove-temporary.ts'
import { makeSmallStore } from '../support/small-store.ts'
import { expectSame } from './expect-same.ts'
import { connectionId, openWorkbench, recordsPlan } from './workbench.ts'

/** Other programs than what this process started, in words. */
async function openedBy(directory: string): Promise<string[]> {
  return (await openFiles(directory, new Set([process.pid]))).holders.map(holderWords)
}

describe.runIf(process.platform === 'linux').each(await testEngines())('while the $name engine edits', (engine) => {
  test('it is nobody else; a program that opens the store is, and nothing is sent before it closes it', async () => {
    const directory = (await makeSmallStore(20, engine))?.directory ?? ''
    const data = await temporaryFolder('before')
    const bench = await openWorkbench({ data, engines: await engine.create({ dataFolder: data }), place: directory })
    try {
      await bench.edit()
      expect(await openedBy(directory)).toEqual([])
      const before = await bench.all('answers')
      const [first] = before.values()
      if (!first) throw new Error('The store is empty.')
      const plan = recordsPlan(await bench.collection('answers'), [{ id: first.id, before: first, after: null }])
      const pid = await openElsewhere(path.join(directory, 'chroma.sqlite3'))
      try {
        expect(await openedBy(directory)).toEqual([`sleep (pid ${pid})`])
        await expect(bench.apply(plan)).rejects.toMatchObject({
          code: 'busy',
          message: expect.stringContaining(`sleep (pid ${pid})`) as string,
        })
        expectSame(await bench.all('answers'), before)
        expect((await bench.changes.history.list(connectionId, null, 0, 1)).total).toBe(0)
      } finally {
        process.kill(pid, 'SIGKILL')
      }
      await bench.undo(await bench.apply(plan))
      expectSame(await bench.all('answers'), before)
    } finally {
      await bench.close()
      await removeTemporary(directory, data)
    }
  }, 60_000)
})
