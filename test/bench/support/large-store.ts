import { existsSync } from 'node:fs'
import { mkdir, rename, rm } from 'node:fs/promises'
import os from 'node:os'
import path from 'node:path'
import type { MetadataValue } from '../../../shared/domain/metadata.ts'
import type { TestEngine } from '../../support/engines.ts'
import { seededRandom } from '../../support/random.ts'

export interface LargeStore {
  readonly directory: string
  readonly collection: string
  readonly records: number
  readonly dimension: number
}

const scope = { tenant: 'default_tenant', database: 'default_database' }
const clusters = 200
const batch = 2000

/**
 * A store of clustered vectors with a document and four metadata keys a record, written by a real engine.
 * Kept in the temporary folder for later runs, since a million records take an engine several minutes.
 */
export async function largeStore(engine: TestEngine, records: number, dimension: number): Promise<LargeStore> {
  const home = path.join(os.tmpdir(), 'mnemoscope-bench')
  const store: LargeStore = {
    directory: path.join(home, `${engine.name}-${records}x${dimension}`),
    collection: 'large',
    records,
    dimension,
  }
  if (existsSync(store.directory)) return store
  await mkdir(home, { recursive: true })
  const unfinished = `${store.directory}.unfinished`
  await rm(unfinished, { recursive: true, force: true })
  console.log(`Making a store of ${records.toLocaleString('en')} records x ${dimension} with the ${engine.name} engine, once.`)
  const engines = await engine.create()
  const running = await engines.start(unfinished, { create: true, kind: engine.kind })
  const random = seededRandom(records + dimension)
  const centres = Array.from({ length: clusters }, () => Float32Array.from({ length: dimension }, () => random.normal()))
  const collection = await running.api.createCollection(scope, { name: store.collection, space: 'cosine' })
  for (let from = 0; from < records; from += batch) {
    const places = Array.from({ length: Math.min(batch, records - from) }, (_, index) => from + index)
    await running.api.add(
      { ...scope, id: collection.id },
      {
        ids: places.map((place) => `record-${place}`),
        embeddings: places.map(() => random.pick(centres).map((value) => value + random.normal() * 0.4)),
        documents: places.map((place) => `How is setting ${place % 4999} changed for account ${place % 977}? Case ${place}.`),
        metadatas: places.map(
          (place) =>
            new Map<string, MetadataValue>([
              ['namespace', `team-${place % 7}`],
              ['hit_count', BigInt(random.below(1000))],
              ['score', random.next()],
              ['created_at', BigInt(1_700_000_000 + ((place * 7919) % 31_536_000))],
            ]),
        ),
      },
    )
    if ((from / batch) % 50 === 0) console.log(`  ${from.toLocaleString('en')} written`)
  }
  await running.stop()
  await engines.close()
  await rename(unfinished, store.directory)
  return store
}
