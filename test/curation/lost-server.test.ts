import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import type { RecordChange, RecordState } from '../../electron/curation/change.ts'
import type { Engines } from '../../electron/store/engine/engines.ts'
import { testEngines } from '../support/engines.ts'
import { temporaryFolder } from '../support/fixtures.ts'
import { defaultDatabase } from '../support/generate-store.ts'
import { mostlyOne } from '../support/quick.ts'
import { removeTemporary } from '../support/remove-temporary.ts'
import { serverAddress } from '../support/server-address.ts'
import { startTokenProxy, type TokenProxy } from '../support/token-proxy.ts'
import { expectSame } from './expect-same.ts'
import { connectionId, jobContext, openWorkbench, recordsPlan, type Workbench } from './workbench.ts'

const engines = await testEngines()
const records = 1400

/** A write request, by its method and path. */
function isWrite(request: string): boolean {
  return /^POST .*\/(add|update|upsert|delete)$/.test(request)
}

describe.each(mostlyOne(engines, 'newest'))(
  'a server of the $name engine that is lost in the middle of a change',
  { timeout: 120_000 },
  (engine) => {
    let folders: string[]
    let manager: Engines
    let proxy: TokenProxy
    let data: string
    let bench: Workbench
    let before: Map<string, RecordState>
    /** What the way to the server does with a request now. */
    let fate: (request: string) => 'arrives' | 'is lost' | 'its answer is lost' = () => 'arrives'

    async function open(): Promise<void> {
      bench = await openWorkbench({ data, engines: await engine.create(), place: serverAddress(proxy.url) })
    }

    beforeAll(async () => {
      folders = [await temporaryFolder('lost-server'), await temporaryFolder('lost-data')]
      const [directory, dataFolder] = folders as [string, string]
      data = dataFolder
      manager = await engine.create()
      const { api, url } = await manager.start(directory, { create: true, kind: engine.kind })
      const { id } = await api.createCollection(defaultDatabase, { name: 'remote', space: 'l2', metadata: null })
      for (let from = 0; from < records; from += 200) {
        const ids = Array.from({ length: 200 }, (_, index) => `record-${from + index}`)
        await api.add(
          { ...defaultDatabase, id },
          {
            ids,
            embeddings: ids.map((_, index) => Float32Array.of(from + index, 1, 2)),
            documents: ids.map((each) => `The text of ${each}`),
            metadatas: ids.map((_, index) => new Map([['topic', `t${index % 7}`]])),
          },
        )
      }
      const nameOf = (incoming: { method?: string; url?: string }): string => `${incoming.method} ${incoming.url}`
      proxy = await startTokenProxy(url, {
        answer(incoming, outgoing) {
          const isLost = fate(nameOf(incoming)) === 'is lost'
          if (isLost) outgoing.destroy()
          return isLost
        },
        losesAnswer: (incoming) => fate(nameOf(incoming)) === 'its answer is lost',
      })
      await open()
      before = await bench.all('remote')
    }, 120_000)
    afterAll(async () => {
      await bench.close()
      await proxy.close()
      await manager.close()
      await removeTemporary(...folders)
    })

    /** Each third record goes, each third is edited, and as many are new. */
    function changes(): RecordChange[] {
      return [...before.values()].flatMap((state, index): RecordChange[] => {
        if (index % 3 === 0) return [{ id: state.id, before: state, after: null }]
        if (index % 3 === 1)
          return [{ id: state.id, before: state, after: { ...state, document: 'edited', vector: Float32Array.of(9, 9, index) } }]
        const id = `new-${index}`
        return [{ id, before: null, after: { ...state, id, metadata: new Map([['n', BigInt(index)]]) } }]
      })
    }

    function after(): Map<string, RecordState> {
      const states = new Map(before)
      for (const { id, after: state } of changes()) {
        if (state === null) states.delete(id)
        else states.set(id, state)
      }
      return states
    }

    test('what was carried out without an answer is found, and done once', async () => {
      await bench.edit()
      let writes = 0
      fate = (request) => (isWrite(request) && (writes += 1) % 2 === 1 ? 'its answer is lost' : 'arrives')
      const change = await bench.apply(recordsPlan(await bench.collection('remote'), changes()))
      expect(writes).toBeGreaterThan(4)
      fate = () => 'arrives'
      expect(await bench.latest()).toMatchObject({ id: change, state: 'done' })
      expectSame(await bench.all('remote'), after())
      await bench.undo(change)
      expectSame(await bench.all('remote'), before)
    })

    test('a change waits while nothing answers, and goes on where it was', async () => {
      let writes = 0
      let lostUntil = 0
      fate = (request) => {
        if (isWrite(request) && (writes += 1) === 3) lostUntil = Date.now() + 2500
        return Date.now() < lostUntil ? 'is lost' : 'arrives'
      }
      const change = await bench.apply(recordsPlan(await bench.collection('remote'), changes()))
      expect(lostUntil).toBeGreaterThan(0)
      fate = () => 'arrives'
      expectSame(await bench.all('remote'), after())
      await bench.undo(change)
      expectSame(await bench.all('remote'), before)
    })

    test('an app that ends meanwhile finishes the change when the server is there again', async () => {
      let writes = 0
      fate = (request) => {
        if (isWrite(request)) writes += 1
        return writes > 2 ? 'is lost' : 'arrives'
      }
      const collection = await bench.collection('remote')
      const ending = bench.apply(recordsPlan(collection, changes())).then(
        () => 'done',
        (error: unknown) => error,
      )
      await expect.poll(() => writes, { timeout: 20_000 }).toBeGreaterThan(2)
      bench.changes.close()
      await bench.close()
      expect(await ending).toMatchObject({ code: 'cancelled' })
      fate = () => 'arrives'
      await open()
      expect(await bench.latest()).toMatchObject({ state: 'cut-off' })
      await bench.edit()
      expect(await bench.changes.settle(connectionId, jobContext())).toContain('is finished now')
      expect(await bench.latest()).toMatchObject({ state: 'done' })
      expectSame(await bench.all('remote'), after())
      await bench.undo((await bench.latest()).id)
      expectSame(await bench.all('remote'), before)
    })
  },
)
