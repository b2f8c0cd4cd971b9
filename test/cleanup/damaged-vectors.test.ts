import { readFile, writeFile } from 'node:fs/promises'
import path from 'node:path'
import { expect, test } from 'vitest'
import { parseHeader } from '../../electron/store/directory/format/header.ts'
import { startApp } from '../support/app.ts'
import { testEngines } from '../support/engines.ts'
import { openConnection } from '../support/open-connection.ts'
import { makePersistedStore } from '../support/persisted-store.ts'
import { removeTemporary } from '../support/remove-temporary.ts'
import { treeHash } from '../support/tree-hash.ts'
import { ruleOf } from './sample-core.ts'

const [engine] = await testEngines()

/** Breaks the vector of one record in an index, and leaves another one's under a label that nobody knows; records by their place. */
async function damage(index: string, broken: number, lost: number): Promise<void> {
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

test.skipIf(!engine)(
  'a vector with numbers that are not finite and a lost one are found, each by its rule',
  { timeout: 120_000 },
  async () => {
    if (!engine) return
    const { directory, index } = await makePersistedStore(engine)
    await damage(index, 7, 11)
    const before = await treeHash(directory)
    const app = await startApp({ directory })
    try {
      const { connectionId, collections } = await openConnection(app)
      const ref = { connectionId, collectionId: collections.get('persisted') ?? '' }
      const found = async (rule: 'broken-vectors' | 'missing-vectors'): Promise<string[]> =>
        (await app.call('cleanup.records', { ...ref, rule: ruleOf({ rule }), offset: 0, limit: 100 })).records.map(({ id }) => id)
      expect([await found('broken-vectors'), await found('missing-vectors')]).toEqual([['record-7'], ['record-11']])
      expect(await treeHash(directory)).toBe(before)
    } finally {
      await app.stop()
      await removeTemporary(directory)
    }
  },
)
