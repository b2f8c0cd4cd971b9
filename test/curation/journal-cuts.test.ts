import { cpSync, readFileSync } from 'node:fs'
import { cp, mkdir, open, readdir, writeFile } from 'node:fs/promises'
import path from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import type { RecordChange, RecordState } from '../../electron/curation/change.ts'
import { frameTypes, readFrames } from '../../electron/curation/journal-frames.ts'
import { preparingEnding } from '../../electron/curation/journal-writer.ts'
import { type TestEngine, testEngines } from '../support/engines.ts'
import { temporaryFolder } from '../support/fixtures.ts'
import { isQuick, mostlyOne } from '../support/quick.ts'
import { removeTemporary } from '../support/remove-temporary.ts'
import { makeSmallStore } from '../support/small-store.ts'
import { expectSame } from './expect-same.ts'
import { connectionId, jobContext, openWorkbench, recordsPlan, type Workbench } from './workbench.ts'

const engines = await testEngines()
const batches = 3

/** A change of three batches, with everything that is left on the disk on its way. */
interface Recorded {
  readonly changeId: string
  /** Its whole journal. */
  readonly journal: Buffer
  /** Where frames end. */
  readonly ends: readonly { readonly type: number; readonly at: number; readonly end: number }[]
  /** The store before the first batch, and after each. */
  readonly stores: readonly string[]
  readonly before: ReadonlyMap<string, RecordState>
  readonly after: ReadonlyMap<string, RecordState>
  readonly folder: string
}

function changesOf(states: ReadonlyMap<string, RecordState>): RecordChange[] {
  const changes = [...states.values()].slice(0, 30).map((before, place): RecordChange => {
    if (place % 3 === 0) return { id: before.id, before, after: null }
    const metadata = new Map([...(before.metadata ?? []), ['edited', true] as const])
    return { id: before.id, before, after: { ...before, metadata, document: place % 3 === 1 ? null : 'edited' } }
  })
  for (let place = 0; place < 1100; place += 1) {
    const after = { id: `new-${place}`, document: `New ${place}`, metadata: null, uri: null, vector: Float32Array.of(place, 1, 2) }
    changes.push({ id: after.id, before: null, after })
  }
  return changes
}

async function record(engine: TestEngine): Promise<Recorded> {
  const folder = await temporaryFolder('journal-cuts')
  const directory = (await makeSmallStore(40, engine))?.directory ?? ''
  const data = path.join(folder, 'data')
  await mkdir(data)
  const stores = [path.join(folder, 'store-0')]
  await cp(directory, stores[0] ?? '', { recursive: true })
  const bench = await openWorkbench({ data, engines: await engine.create(), place: directory })
  try {
    await bench.edit()
    const before = await bench.all('answers')
    const context = jobContext(undefined, (stage) => {
      if (stage !== 'Writing') return
      const store = path.join(folder, `store-${stores.length}`)
      cpSync(directory, store, { recursive: true })
      stores.push(store)
    })
    const changeId = await bench.apply(recordsPlan(await bench.collection('answers'), changesOf(before)), context)
    const file = bench.journals.fileOf(connectionId, changeId)
    const ends: { type: number; at: number; end: number }[] = []
    const handle = await open(file, 'r')
    for await (const { type, at, end } of readFrames(handle, new Set())) ends.push({ type, at, end })
    await handle.close()
    return { changeId, journal: readFileSync(file), ends, stores, before, after: await bench.all('answers'), folder }
  } finally {
    await bench.close()
    await removeTemporary(directory)
  }
}

/** An app that starts with a store and what is left of a journal. */
async function startWith(engine: TestEngine, folder: string, store: string): Promise<Workbench> {
  const data = path.join(folder, `data-${await countOf(folder)}`)
  await mkdir(path.join(data, 'changes', connectionId), { recursive: true })
  return openWorkbench({ data, engines: await engine.create({ dataFolder: data }), place: store })
}

async function countOf(folder: string): Promise<number> {
  return (await readdir(folder)).length
}

describe.each(mostlyOne(engines, 'newest'))('a journal that is cut off anywhere, with the $name engine', (engine) => {
  let recorded: Recorded

  beforeAll(async () => {
    recorded = await record(engine)
  })
  afterAll(() => removeTemporary(recorded.folder))

  /** Lengths at which each frame is complete, and at which half of it is there. */
  function cuts(from: number, to: number): number[] {
    return recorded.ends.slice(from, to).flatMap(({ at, end }) => [Math.floor((at + end) / 2), end])
  }

  test('has all its frames', () => {
    expect(recorded.stores.length).toBe(1 + batches)
    const { header, part, batch, prepared, sent, done } = frameTypes
    expect(recorded.ends.map(({ type }) => type)).toEqual([header, part, batch, batch, batch, prepared, sent, sent, sent, done])
  })

  test('before it was whole, is a change that never was', async () => {
    const { changeId, journal, stores, before, folder } = recorded
    const bench = await startWith(engine, folder, stores[0] ?? '')
    const file = `${bench.journals.fileOf(connectionId, changeId)}${preparingEnding}`
    try {
      for (const cut of cuts(0, 6)) {
        await writeFile(file, journal.subarray(0, cut))
        expect(await bench.changes.unsettled(connectionId)).toBe(0)
        expect((await bench.changes.history.list(connectionId, null, 0, 10)).total).toBe(0)
      }
      expectSame(await bench.all('answers'), before)
      await bench.journals.removeIncomplete(connectionId)
      expect(await readdir(path.dirname(file))).toEqual([])
    } finally {
      await bench.close()
    }
  })

  test.each([
    ['before anything was sent', 0, [5, 6]],
    ['after everything was applied', batches, [7, 10]],
  ])('%s, is found to be so without an engine', async (_when, stored, [from, to]) => {
    const { changeId, journal, stores, before, after, folder } = recorded
    const bench = await startWith(engine, folder, stores[stored] ?? '')
    const file = bench.journals.fileOf(connectionId, changeId)
    try {
      for (const cut of cuts(from ?? 0, to ?? 0).filter((each) => each >= (recorded.ends[5]?.end ?? 0))) {
        await writeFile(file, journal.subarray(0, cut))
        const isDone = cut === journal.length
        expect(await bench.changes.unsettled(connectionId)).toBe(isDone ? 0 : 1)
        await bench.changes.settle(connectionId, jobContext())
        expect(bench.sessions.isEditing(connectionId)).toBe(false)
        expect(await bench.changes.unsettled(connectionId)).toBe(0)
        expect((await bench.latest()).state).toBe(stored === 0 ? 'failed' : 'done')
      }
      expectSame(await bench.all('answers'), stored === 0 ? before : after)
    } finally {
      await bench.close()
    }
  })

  test('between two batches, is finished, whichever of them it says were answered, and can be taken back', async () => {
    const { changeId, journal, stores, before, after, folder, ends } = recorded
    // A batch may have been applied without its answer having been noted.
    const states = [1, 2].flatMap((stored) => {
      const [first, last] = [5 + stored - 1, 5 + stored]
      return cuts(first, last + 1)
        .filter((cut) => cut >= (ends[first]?.end ?? 0))
        .map((cut) => ({ stored, cut }))
    })
    expect(states.length).toBe(6)
    for (const { stored, cut } of isQuick ? states.filter((_, place) => place % 3 === 0) : states) {
      const store = path.join(folder, `copy-${await countOf(folder)}`)
      await cp(stores[stored] ?? '', store, { recursive: true })
      const bench = await startWith(engine, folder, store)
      try {
        await writeFile(bench.journals.fileOf(connectionId, changeId), journal.subarray(0, cut))
        expect(await bench.changes.settle(connectionId, jobContext())).toContain('is finished now')
        expectSame(await bench.all('answers'), after)
        expect(await bench.latest()).toMatchObject({ id: changeId, state: 'done' })
        if (cut !== states[0]?.cut) continue
        await bench.edit()
        await bench.undo(changeId)
        expectSame(await bench.all('answers'), before)
      } finally {
        await bench.close()
      }
    }
  }, 120_000)
})
