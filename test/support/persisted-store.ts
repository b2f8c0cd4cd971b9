import { readdir } from 'node:fs/promises'
import path from 'node:path'
import type { TestEngine } from './engines.ts'
import { temporaryFolder } from './fixtures.ts'
import { defaultDatabase } from './generate-store.ts'

export interface PersistedStore {
  readonly directory: string
  /** The folder of its only index. */
  readonly index: string
}

/** A store of one collection `persisted` by l2 whose 60 records, `record-0` and on, are written to its index. */
export async function makePersistedStore(engine: TestEngine): Promise<PersistedStore> {
  const directory = await temporaryFolder('persisted')
  const engines = await engine.create()
  try {
    const { api } = await engines.start(directory, { create: true, kind: engine.kind })
    const configuration = JSON.stringify({ hnsw: { space: 'l2', sync_threshold: 20, batch_size: 10 } })
    const { id } = await api.createCollection(defaultDatabase, { name: 'persisted', configuration, metadata: null })
    const ids = Array.from({ length: 60 }, (_, index) => `record-${index}`)
    await api.add(
      { ...defaultDatabase, id },
      {
        ids,
        embeddings: ids.map((_, index) => Float32Array.of(Math.sin(index), Math.cos(index), index % 5, 1)),
        documents: ids.map((each) => `The text of ${each}`),
      },
    )
    await api.settled()
  } finally {
    await engines.close()
  }
  const [folder] = (await readdir(directory, { withFileTypes: true })).filter((entry) => entry.isDirectory())
  if (!folder) throw new Error('The index was not written.')
  return { directory, index: path.join(directory, folder.name) }
}
