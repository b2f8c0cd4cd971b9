import { mkdir, readdir, readFile, writeFile } from 'node:fs/promises'
import path from 'node:path'
import { expect, test } from 'vitest'
import { makeSample, sampleFiles } from '../../../electron/sample/make-sample.ts'
import { makeSampleContent } from '../../../electron/sample/sample.ts'
import { truthSchema } from '../../../electron/sample/truth.ts'
import { openDirectoryStore } from '../../../electron/store/directory/directory-store.ts'
import { storedOrder } from '../../../shared/contract/records.ts'
import { noFilter } from '../../../shared/domain/where.ts'
import { testEngines } from '../../support/engines.ts'
import { isQuick } from '../../support/quick.ts'
import { temporaryFolder } from '../../support/fixtures.ts'

const engines = await testEngines()
const never = new AbortController().signal

test.skipIf(isQuick).each(engines)(
  'the $name engine writes the sample, and reading the directory gives back every record and vector',
  { timeout: 120_000 },
  async ({ create }) => {
    const manager = await create()
    try {
      const directory = path.join(await temporaryFolder('sample'), 'sample')
      const stages = new Set<string>()
      await makeSample({ directory, engines: manager, signal: never, progress: (stage) => stages.add(stage) })
      expect([...stages]).toEqual(['Writing questions and answers', 'Starting Chroma', 'Storing records'])
      expect((await readdir(path.dirname(directory))).toSorted()).toEqual(['sample', 'sample-lookups.jsonl', 'sample-truth.json'])

      const { collections, lookups, truth } = await makeSampleContent(never)
      const files = sampleFiles(directory)
      expect(truthSchema.parse(JSON.parse(await readFile(files.truth, 'utf8')))).toEqual(truth)
      const lines = (await readFile(files.lookups, 'utf8')).trimEnd().split('\n')
      expect(lines.map((line) => JSON.parse(line) as unknown)).toEqual(lookups)

      const store = await openDirectoryStore({ directory, scratch: await temporaryFolder('scratch') })
      try {
        const { tenants } = await store.catalog()
        const found = tenants.flatMap(({ databases }) => databases.flatMap((database) => database.collections))
        expect(found.map(({ name }) => name).toSorted()).toEqual(['chat_memory', 'support_cache', 'user_facts'])
        for (const { name, records, vectors } of collections) {
          const summary = found.find((collection) => collection.name === name)
          expect(summary).toMatchObject({ count: records.length, dimension: 384, space: 'cosine' })
          const collectionId = summary?.id ?? ''
          const page = await store.page({ collectionId, filter: noFilter, sort: storedOrder }, 0, 1000)
          expect(
            page.records.map(({ id, document, metadata }) => ({ id, document, metadata: new Map([...(metadata ?? [])].toSorted()) })),
          ).toEqual(
            records.slice(0, 1000).map(({ id, document, metadata }) => ({ id, document, metadata: new Map([...metadata].toSorted()) })),
          )
          const stored = await store.vectors(collectionId, null)
          expect(stored.missing).toEqual([])
          const places = new Map(stored.ids.map((id, index) => [id, index]))
          let furthest = 0
          for (const [index, { id }] of records.entries()) {
            const from = (places.get(id) ?? 0) * 384
            for (let at = 0; at < 384; at++)
              furthest = Math.max(furthest, Math.abs((stored.data[from + at] ?? NaN) - (vectors.data[index * 384 + at] ?? NaN)))
          }
          expect(furthest).toBeLessThan(1e-6)
        }
      } finally {
        await store.close()
      }
    } finally {
      await manager.close()
    }
  },
)

test.skipIf(engines.length === 0)('a folder that holds something is left as it is', async () => {
  const manager = await engines[0]!.create()
  try {
    const directory = await temporaryFolder('sample')
    await writeFile(path.join(directory, 'note.txt'), 'mine')
    await expect(makeSample({ directory, engines: manager, signal: never, progress: () => undefined })).rejects.toMatchObject({
      code: 'conflict',
    })
    expect(await readdir(directory)).toEqual(['note.txt'])
  } finally {
    await manager.close()
  }
})

test.skipIf(engines.length === 0)('cancelled halfway, it leaves nothing behind', async () => {
  const manager = await engines[0]!.create()
  try {
    const folder = await temporaryFolder('sample')
    const directory = path.join(folder, 'sample')
    await mkdir(directory)
    const controller = new AbortController()
    const making = makeSample({
      directory,
      engines: manager,
      signal: controller.signal,
      progress: (_, done) => {
        if (done > 0) controller.abort()
      },
    })
    await expect(making).rejects.toMatchObject({ code: 'cancelled' })
    expect(await readdir(folder)).toEqual(['sample'])
    expect(await readdir(directory)).toEqual([])
  } finally {
    await manager.close()
  }
})
