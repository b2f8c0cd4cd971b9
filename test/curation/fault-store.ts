import path from 'node:path'
import { build } from 'vite'
import type { Space } from '../../shared/domain/space.ts'
import type { TestEngine } from '../support/engines.ts'
import { defaultDatabase } from '../support/generate-store.ts'
import type { Random } from '../support/random.ts'

export const faultDimension = 8
/** The second one is written to its index after each 150 operations, so that many cuts fall into that. */
export const faultCollections = [
  { name: 'by-angle', space: 'cosine', hnsw: { space: 'cosine' } },
  { name: 'by-distance', space: 'l2', hnsw: { space: 'l2', sync_threshold: 150, batch_size: 100 } },
] as const satisfies readonly { name: string; space: Space; hnsw: Record<string, unknown> }[]
export type FaultCollection = (typeof faultCollections)[number]

/** Builds the app that is killed as a program of its own. */
export async function buildFaultApp(root: string, outDir: string): Promise<string> {
  await build({
    configFile: false,
    root,
    logLevel: 'error',
    build: {
      ssr: true,
      outDir,
      emptyOutDir: false,
      target: 'node20',
      rollupOptions: {
        input: { 'fault-app': 'test/curation/fault-app.ts' },
        output: { format: 'es', entryFileNames: '[name].mjs', chunkFileNames: 'chunks/[name]-[hash].mjs' },
      },
    },
  })
  return path.join(outDir, 'fault-app.mjs')
}

/** Makes a store whose records have been written to its indexes in part. */
export async function makeFaultStore(engine: TestEngine, directory: string, random: Random): Promise<void> {
  const engines = await engine.create()
  try {
    const { api } = await engines.start(directory, { create: true, kind: engine.kind })
    for (const { name, hnsw } of faultCollections) {
      const { id } = await api.createCollection(defaultDatabase, { name, configuration: JSON.stringify({ hnsw }), metadata: null })
      for (let from = 0; from < 1200; from += 400) {
        const ids = Array.from({ length: 400 }, (_, index) => `record-${from + index}`)
        await api.add(
          { ...defaultDatabase, id },
          {
            ids,
            embeddings: ids.map(() => Float32Array.from({ length: faultDimension }, () => random.normal())),
            documents: ids.map((each) => `The text of ${each}`),
            metadatas: ids.map((_, index) => new Map([['topic', `t${index % 7}`]])),
          },
        )
      }
    }
  } finally {
    await engines.close()
  }
}
