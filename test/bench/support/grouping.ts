import { mkdtemp, rm } from 'node:fs/promises'
import os from 'node:os'
import path from 'node:path'
import { cleanupRuleSchema } from '../../../shared/domain/cleanup/rule.ts'
import { startApp } from '../../support/app.ts'
import type { TestEngine } from '../../support/engines.ts'
import { defaultDatabase } from '../../support/generate-store.ts'
import { openConnection } from '../../support/open-connection.ts'
import { seededRandom } from '../../support/random.ts'

export interface Grouping {
  /** Milliseconds until groups were there, from an app that knows nothing of the collection, and for another threshold after that. */
  readonly first: number
  readonly again: number
  /** Records that were planted, each as a near-duplicate of another; groups that were found, and records that would go. */
  readonly planted: number
  readonly groups: number
  readonly removed: number
}

const batch = 1000
/** Every so many-th record is a near-duplicate of the one before it, of a cosine of about 0.98. */
const spacing = 5
const noise = 0.2

/** Finds near-duplicates in a store that is made for it, as the page of findings does. */
export async function groupNearDuplicates(engine: TestEngine, records: number, dimension: number): Promise<Grouping> {
  const folder = await mkdtemp(path.join(os.tmpdir(), 'mnemoscope-grouping-'))
  const directory = path.join(folder, 'store')
  const random = seededRandom(11)
  const engines = await engine.create()
  const { api } = await engines.start(directory, { create: true, kind: engine.kind })
  const { id } = await api.createCollection(defaultDatabase, { name: 'entries', space: 'cosine', metadata: null })
  const isPlanted = (place: number): boolean => place % spacing === spacing - 1
  let last = new Float32Array(dimension)
  for (let from = 0; from < records; from += batch) {
    const places = Array.from({ length: Math.min(batch, records - from) }, (_, index) => from + index)
    await api.add(
      { ...defaultDatabase, id },
      {
        ids: places.map((place) => `entry-${place}`),
        embeddings: places.map((place) => {
          const source = last
          last = Float32Array.from({ length: dimension }, (_, at) =>
            isPlanted(place) ? (source[at] ?? 0) + noise * random.normal() : random.normal(),
          )
          return last
        }),
        // Other numbers would make them lookalikes.
        documents: places.map((place) =>
          isPlanted(place) ? `And what is asked in entry ${place - 1}?` : `What is asked in entry ${place}?`,
        ),
      },
    )
  }
  await engines.close()
  const app = await startApp({ directory })
  try {
    const { connectionId, collections } = await openConnection(app)
    const ref = { connectionId, collectionId: collections.get('entries') ?? '' }
    const groupsAt = async (threshold: number): Promise<{ time: number; groups: number; removed: number }> => {
      const rule = cleanupRuleSchema.parse({ rule: 'near-duplicates', threshold })
      const start = performance.now()
      const { total, removed } = await app.call('cleanup.groups', { ...ref, rule, offset: 0, limit: 100 })
      return { time: performance.now() - start, groups: total, removed }
    }
    const { time: first, groups, removed } = await groupsAt(0.95)
    const { time: again } = await groupsAt(0.9)
    return { first, again, planted: Math.floor(records / spacing), groups, removed }
  } finally {
    await app.stop()
    await rm(folder, { recursive: true, force: true })
  }
}
