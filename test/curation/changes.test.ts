import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import type { RecordState } from '../../electron/curation/change.ts'
import type { Metadata } from '../../shared/domain/metadata.ts'
import { testEngines } from '../support/engines.ts'
import { temporaryFolder } from '../support/fixtures.ts'
import { removeTemporary } from '../support/remove-temporary.ts'
import { makeSmallStore } from '../support/small-store.ts'
import { connectionId, openWorkbench, recordsPlan, type Workbench } from './workbench.ts'

const engines = await testEngines()

describe.each(engines)('changes by the $name engine', (engine) => {
  let data: string
  let directory: string
  let bench: Workbench

  beforeAll(async () => {
    data = await temporaryFolder('curation')
    directory = (await makeSmallStore(40, engine))?.directory ?? ''
    bench = await openWorkbench({ data, engines: await engine.create(), place: directory })
    await bench.edit()
  })

  afterAll(async () => {
    await bench.close()
    await removeTemporary(data, directory)
  })

  async function stateOf(id: string): Promise<RecordState> {
    const state = (await bench.all('answers')).get(id)
    if (!state) throw new Error(`There is no ${id}.`)
    return state
  }

  test('an edit is applied, listed, and taken back to what was there, again and again', async () => {
    const collection = await bench.collection('answers')
    const whole = await bench.all('answers')
    const before = await stateOf('answer-3')
    const metadata: Metadata = new Map<string, string | bigint | number | boolean>([
      ['topic', 'refund'],
      ['score', 3],
      ['exact', 2n ** 63n - 1n],
      ['__proto__', true],
      ['empty', ''],
    ])
    const after = { ...before, document: 'Another text', metadata, vector: Float32Array.of(3, 2, 1) }
    const id = await bench.apply(recordsPlan(collection, [{ id: before.id, before, after }]))
    expect(await stateOf('answer-3')).toEqual(after)
    expect(await bench.latest()).toMatchObject({ id, state: 'done', records: 1, undoneBy: null })
    const undo = await bench.undo(id)
    expect(await bench.all('answers')).toEqual(whole)
    const { changes } = await bench.changes.history.list(connectionId, collection.id, 0, 10)
    expect(changes.find((change) => change.id === id)?.undoneBy).toBe(undo)
    await bench.undo(undo)
    expect(await stateOf('answer-3')).toEqual(after)
    expect((await bench.latest()).title).toBe('Redo: A change')
    await bench.undo((await bench.latest()).id)
    expect(await bench.all('answers')).toEqual(whole)
  })
})
