import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import type { CollectionRef } from '../../shared/contract/collections.ts'
import type { Metadata } from '../../shared/domain/metadata.ts'
import type { CleanupRule } from '../../shared/domain/cleanup/rule.ts'
import { testEngines } from '../support/engines.ts'
import { temporaryFolder } from '../support/fixtures.ts'
import { defaultDatabase } from '../support/generate-store.ts'
import { openConnection } from '../support/open-connection.ts'
import { removeTemporary } from '../support/remove-temporary.ts'
import { startApp, type RunningApp } from '../support/app.ts'
import { seededRandom } from '../support/random.ts'
import { ruleOf } from './sample-core.ts'

const [engine] = await testEngines()
const usual = 60

interface Planted {
  readonly id: string
  readonly document: string
  readonly vector: readonly number[]
  readonly metadata: Metadata
}

/** Sixty questions near each other, all of length 1, and one record for each thing that can be wrong with one. */
function planted(): Planted[] {
  const random = seededRandom(4)
  const near = (): number[] => {
    const vector = [1, ...Array.from({ length: 7 }, () => 0.1 * random.normal())]
    const norm = Math.hypot(...vector)
    return vector.map((value) => value / norm)
  }
  const metadata = (index: number): Metadata =>
    new Map<string, string | bigint>([
      ['namespace', index % 3 === 0 ? 'a' : 'b'],
      ['response', `This is the answer to question ${index}.`],
      ['created_at', BigInt(1_700_000_000 + index * 1000)],
    ])
  const others: [string, string, number[]][] = [
    ['empty', '   ', near()],
    ['short', 'ok', near()],
    ['repeated', 'buy it now '.repeat(40), near()],
    ['zero', 'A question without any direction', [0, 0, 0, 0, 0, 0, 0, 0]],
    ['long', 'A question of another length', near().map((value) => 9 * value)],
    ['far', 'A question about something else altogether', [-1, 0, 0, 0, 0, 0, 0, 0]],
  ]
  return [
    ...Array.from({ length: usual }, (_, index) => ({
      id: `usual-${index}`,
      document: `What is the answer to question number ${index}?`,
      vector: near(),
      metadata: metadata(index),
    })),
    ...others.map(([id, document, vector], index) => ({ id, document, vector, metadata: metadata(usual + index) })),
  ]
}

describe.skipIf(engine === undefined)('what is wrong with single records', { timeout: 120_000 }, () => {
  let directory: string
  let app: RunningApp
  let ref: CollectionRef

  beforeAll(async () => {
    directory = await temporaryFolder('findings')
    const manager = await engine?.create()
    const api = (await manager?.start(directory, { create: true, kind: engine?.kind }))?.api
    const made = await api?.createCollection(defaultDatabase, { name: 'questions', space: 'l2', metadata: null })
    const records = planted()
    await api?.add(
      { ...defaultDatabase, id: made?.id ?? '' },
      {
        ids: records.map(({ id }) => id),
        embeddings: records.map(({ vector }) => Float32Array.from(vector)),
        documents: records.map(({ document }) => document),
        metadatas: records.map(({ metadata }) => metadata),
      },
    )
    await manager?.close()
    app = await startApp({ directory })
    const { connectionId, collections } = await openConnection(app)
    ref = { connectionId, collectionId: collections.get('questions') ?? '' }
  }, 120_000)
  afterAll(async () => {
    await app.stop()
    await removeTemporary(directory)
  })

  const found = async (rule: CleanupRule): Promise<string[]> =>
    (await app.call('cleanup.records', { ...ref, rule, offset: 0, limit: 100 })).records.map(({ id }) => id)

  test.each([
    ['empty', ['empty']],
    ['short', ['short']],
    ['repeated', ['repeated']],
    ['zero-vectors', ['zero']],
    ['wrong-norm', ['long']],
    ['broken-vectors', []],
    ['missing-vectors', []],
  ] as const)('%s finds what was planted and nothing else', async (rule, expected) => {
    expect(await found(ruleOf({ rule }))).toEqual(expected)
  })

  test('an outlier is the record that is far from all others', async () => {
    expect((await found(ruleOf({ rule: 'outliers' })))[0]).toBe('far')
  })

  test('a quota leaves so many records of each namespace, those used last', async () => {
    const gone = await found(ruleOf({ rule: 'quota', most: 10 }))
    const kept = planted().filter(({ id }) => !gone.includes(id))
    for (const namespace of ['a', 'b']) {
      const of = planted().filter(({ metadata }) => metadata.get('namespace') === namespace)
      expect(kept.filter(({ metadata }) => metadata.get('namespace') === namespace)).toEqual(of.slice(-10))
    }
  })
})
