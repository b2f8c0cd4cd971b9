import { mkdtemp, rm } from 'node:fs/promises'
import os from 'node:os'
import path from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import type { MutationName, QueryName } from '../../renderer/rpc/client.ts'
import { contract } from '../../shared/contract/index.ts'
import { storedOrder, type RecordView } from '../../shared/contract/records.ts'
import { noFilter } from '../../shared/domain/where.ts'
import { transports, type Reached } from '../support/reach-core.ts'
import { makeSmallStore, type SmallStore } from '../support/small-store.ts'
import { treeHash } from '../support/tree-hash.ts'
import { changingProcedures } from './procedures/changing.ts'
import { judgingProcedures } from './procedures/judging.ts'
import { readingProcedures } from './procedures/reading.ts'
import type { UnderTest } from './procedures/under-test.ts'

let store: SmallStore | null
let hash: string

beforeAll(async () => {
  store = await makeSmallStore()
  if (store) hash = await treeHash(store.directory)
})
afterAll(async () => {
  if (!store) return
  expect(await treeHash(store.directory)).toBe(hash)
  await rm(store.directory, { recursive: true, force: true })
})

describe.each(transports)('every procedure answers $transport', ({ transport, reach }) => {
  let reached: Reached
  let home: string
  const asked = new Set<string>()
  let connectionId = ''
  let collectionId = ''
  const call: Reached['call'] = (name, input, signal) => {
    asked.add(name)
    return reached.call(name, input, signal)
  }
  const view = (part: Partial<RecordView> = {}): RecordView => ({
    connectionId,
    collectionId,
    filter: noFilter,
    sort: storedOrder,
    ...part,
  })

  beforeAll(async () => {
    home = await mkdtemp(path.join(os.tmpdir(), 'mnemoscope-home-'))
    reached = await reach({ home, ...(store ? { directory: store.directory } : {}) })
    if (!store) return
    connectionId = (await call('app.info', {})).startConnectionId ?? ''
    collectionId = (await call('collections.catalog', { connectionId })).tenants[0]?.databases[0]?.collections[0]?.id ?? ''
  })
  afterAll(async () => {
    await reached?.stop()
    await rm(home, { recursive: true, force: true })
  })

  const at = (): UnderTest => ({ transport, reached, call, home, store, connectionId, collectionId, view })
  readingProcedures(at)
  judgingProcedures(at)
  changingProcedures(at)

  test('a connection that is forgotten is gone, and naming it again says so', async ({ skip }) => {
    if (!store) return skip()
    await call('connections.forget', { connectionId })
    expect(await call('connections.list', {})).toEqual([])
    await expect(call('collections.catalog', { connectionId })).rejects.toMatchObject({ code: 'not-found' })
  })

  test('no procedure was left out', ({ skip }) => {
    if (!store) return skip()
    const names = Object.entries(contract).flatMap(([namespace, methods]) =>
      Object.keys(methods).map((method) => `${namespace}.${method}` as QueryName | MutationName),
    )
    expect(names.filter((name) => !asked.has(name))).toEqual([])
  })
})
