import { readdir, readFile, writeFile } from 'node:fs/promises'
import path from 'node:path'
import { expect, test } from 'vitest'
import { parseHeader } from '../../electron/store/directory/format/header.ts'
import { startApp } from '../support/app.ts'
import { testEngines } from '../support/engines.ts'
import { temporaryFolder } from '../support/fixtures.ts'
import { defaultDatabase } from '../support/generate-store.ts'
import { openConnection } from '../support/open-connection.ts'
import { removeTemporary } from '../support/remove-temporary.ts'
import { treeHash } from '../support/tree-hash.ts'
import { ruleOf } from './sample-core.ts'

const [engine] = await testEngines()
const count = 60

/** Breaks the vector of one record in the index, and leaves another one's under a label that nobody knows; records by their place. */
async function damage(directory: string, broken: number, lost: number): Promise<void> {
  const [folder] = (await readdir(directory, { withFileTypes: true })).filter((entry) => entry.isDirectory())
  const index = path.join(directory, folder?.name ?? '')
  const header = parseHeader(await readFile(path.join(index, 'header.bin')))
  if (!header) throw new Error('The index was not written.')
  const { elementSize, labelOffset, vectorOffset } = header
  const file = path.join(index, 'data_level0.bin')
  const slots = await readFile(file)
  for (let slot = 0; slot < header.count; slot += 1) {
    // Labels count from one.
    const place = Number(slots.readBigUInt64LE(slot * elementSize + labelOffset)) - 1
    if (place === broken) slots.writeFloatLE(Infinity, slot * elementSize + vectorOffset)
    if (place === lost) slots.writeBigUInt64LE(9999n, slot * elementSize + labelOffset)
  }
  await writeFile(file, slots)
}

test.skipIf(engine === undefined)(
  'a vector with numbers that are not finite and a lost one are found, each by its rule',
  async () => {
    const directory = await temporaryFolder('damaged-vectors')
    const manager = await engine?.create()
    const api = (await manager?.start(directory, { create: true, kind: engine?.kind }))?.api
    const configuration = JSON.stringify({ hnsw: { space: 'l2', sync_threshold: 20, batch_size: 10 } })
    const made = await api?.createCollection(defaultDatabase, { name: 'persisted', configuration, metadata: null })
    const ids = Array.from({ length: count }, (_, index) => `record-${index}`)
    await api?.add(
      { ...defaultDatabase, id: made?.id ?? '' },
      {
        ids,
        embeddings: ids.map((_, index) => Float32Array.of(Math.sin(index), Math.cos(index), index % 5, 1)),
        documents: ids.map((id) => `The text of ${id}`),
      },
    )
    await manager?.close()
    await damage(directory, 7, 11)
    const before = await treeHash(directory)
    const app = await startApp({ directory })
    try {
      const { connectionId, collections } = await openConnection(app)
      const ref = { connectionId, collectionId: collections.get('persisted') ?? '' }
      const found = async (rule: 'broken-vectors' | 'missing-vectors'): Promise<string[]> =>
        (await app.call('cleanup.records', { ...ref, rule: ruleOf({ rule }), offset: 0, limit: 100 })).records.map(({ id }) => id)
      expect([await found('broken-vectors'), await found('missing-vectors')]).toEqual([['record-7'], ['record-11']])
      const overview = await app.call('collections.detail', ref)
      expect(overview.summary.count).toBe(count)
      expect(await treeHash(directory)).toBe(before)
    } finally {
      await app.stop()
      await removeTemporary(directory)
    }
  },
  120_000,
)
