import { cp, mkdir, readdir } from 'node:fs/promises'
import path from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import type { RecordChange } from '../../electron/curation/change.ts'
import { type TestEngine, testEngines } from '../support/engines.ts'
import { temporaryFolder } from '../support/fixtures.ts'
import { mostlyOne } from '../support/quick.ts'
import { removeTemporary } from '../support/remove-temporary.ts'
import { type SmallDisk, smallDisk } from '../support/small-disk.ts'
import { makeSmallStore } from '../support/small-store.ts'
import { expectSame } from './expect-same.ts'
import { connectionId, jobContext, openWorkbench, recordsPlan, type Workbench } from './workbench.ts'

const engines = await testEngines()
/** An engine needs 32 MB of room before each change, and as much as the store has to start. */
const storeDisk = 64_000_000
const journalDisk = 2_000_000

function additions(count: number, text: string): RecordChange[] {
  return Array.from({ length: count }, (_, place): RecordChange => {
    const id = `new-${place}`
    return { id, before: null, after: { id, document: text, metadata: null, uri: null, vector: Float32Array.of(place, 1, 2) } }
  })
}

async function benchOn(engine: TestEngine, data: string, place: string): Promise<Workbench> {
  return openWorkbench({ data, engines: await engine.create({ dataFolder: data }), place })
}

describe.each(mostlyOne(engines, 'newest'))('on a disk that gets full, with the $name engine', (engine) => {
  let made: string
  let data: string
  let disk: SmallDisk | null

  beforeAll(async () => {
    made = (await makeSmallStore(40, engine))?.directory ?? ''
    data = await temporaryFolder('full-data')
    disk = await smallDisk(storeDisk)
    if (disk) await cp(made, path.join(disk.folder, 'store'), { recursive: true })
  })
  afterAll(async () => {
    await disk?.remove()
    await removeTemporary(made, data)
  })

  test('a change is refused while the store has too little room, and what fills the disk later is survived', async ({ skip }) => {
    if (disk === null) return skip()
    const bench = await benchOn(engine, data, path.join(disk.folder, 'store'))
    try {
      await bench.edit()
      const before = await bench.all('answers')
      const collection = await bench.collection('answers')
      const changes = additions(1200, 'A text that takes some room. '.repeat(20))
      disk.fill(20_000_000)
      await expect(bench.apply(recordsPlan(collection, changes))).rejects.toMatchObject({
        code: 'no-space',
        message: expect.stringContaining('are free on the disk of the store') as string,
      })
      expectSame(await bench.all('answers'), before)
      expect((await bench.changes.history.list(connectionId, null, 0, 1)).total).toBe(0)
      await disk.clear()

      const context = jobContext(undefined, (stage, done) => {
        if (stage === 'Writing' && done === 500) disk?.fill(0)
      })
      await expect(bench.apply(recordsPlan(collection, changes), context)).rejects.toMatchObject({ code: 'no-space' })
      expect(await bench.latest()).toMatchObject({ state: 'cut-off', problem: { code: 'no-space' } })
      await expect(bench.apply(recordsPlan(collection, changes))).rejects.toMatchObject({ code: 'busy' })
      await disk.clear()
      expect(await bench.changes.settle(connectionId, jobContext())).toMatch(/is finished now|everything had been applied|before anything/)
      const whole = (await bench.latest()).state === 'done'
      expect((await bench.all('answers')).size).toBe(before.size + (whole ? changes.length : 0))
      if (whole) await bench.undo((await bench.latest()).id)
      expectSame(await bench.all('answers'), before)
    } finally {
      await bench.close()
    }
  }, 90_000)

  test('a journal that does not fit is a change that was not made, and a smaller one is', async ({ skip }) => {
    const own = await temporaryFolder('full-journal')
    const journals = await smallDisk(journalDisk)
    if (journals === null) return skip()
    await mkdir(path.join(journals.folder, 'data'))
    const store = path.join(own, 'store')
    await cp(made, store, { recursive: true })
    const bench = await benchOn(engine, path.join(journals.folder, 'data'), store)
    try {
      await bench.edit()
      const before = await bench.all('answers')
      const collection = await bench.collection('answers')
      const large = recordsPlan(collection, additions(1000, 'x'.repeat(3000)))
      const refused = { code: 'no-space', message: expect.stringContaining("the disk of the app's data folder has room for") as string }
      await expect(bench.apply(large)).rejects.toMatchObject(refused)
      // Where it is not known how many records there will be, the disk may become full.
      await expect(bench.apply({ ...large, records: undefined })).rejects.toMatchObject({ code: 'no-space' })
      expect((await readdir(bench.journals.folderOf(connectionId))).filter((name) => name.includes('journal'))).toEqual([])
      expectSame(await bench.all('answers'), before)

      await bench.undo(await bench.apply(recordsPlan(collection, additions(60, 'a text'))))
      expectSame(await bench.all('answers'), before)
    } finally {
      await bench.close()
      await journals.remove()
      await removeTemporary(own)
    }
  }, 60_000)
})
