import { spawnSync } from 'node:child_process'
import { cp, mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises'
import path from 'node:path'
import { transformWithOxc } from 'vite'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import type { InputOf } from '../../shared/rpc/define.ts'
import type { search as searchContract, SearchSettings } from '../../shared/contract/search.ts'
import { noFilter, type Where } from '../../shared/domain/where.ts'
import type { Engines } from '../../electron/store/engine/engines.ts'
import { testEngines } from '../support/engines.ts'
import { defaultDatabase } from '../support/generate-store.ts'
import { temporaryFolder } from '../support/fixtures.ts'
import { seededRandom } from '../support/random.ts'
import { openInCore, type OpenedStore } from './support.ts'

type Language = InputOf<typeof searchContract.program>['language']

const [engine] = await testEngines()
const repository = path.resolve(import.meta.dirname, '../..')
const count = 1300
const dimension = 24
const spaces = ['l2', 'cosine', 'ip'] as const
const hostile = `it's "quoted" \\ $(touch x) \`id\` \u2028\u202e\0 {{x}} ${'${y}'} */ # \n'''`

const settings: SearchSettings = { nResults: 10, filter: noFilter, method: 'exact' }

async function makeStore(directory: string): Promise<void> {
  if (!engine) return
  const engines = await engine.create()
  try {
    const { api } = await engines.start(directory, { create: true, kind: engine.kind })
    for (const space of spaces) {
      const random = seededRandom(31)
      const { id } = await api.createCollection(defaultDatabase, { name: `made-of-${space}`, space, metadata: null })
      const places = Array.from({ length: count }, (_, place) => place)
      for (let from = 0; from < count; from += 500) {
        const some = places.slice(from, from + 500)
        await api.add(
          { ...defaultDatabase, id },
          {
            ids: some.map((place) => (place === 7 ? hostile : `record-${place}`)),
            embeddings: some.map(() => {
              const scale = random.pick([0.5, 1, 3])
              return Float32Array.from({ length: dimension }, () => random.normal() * scale)
            }),
            documents: some.map((place) => (place === 7 ? hostile : `Text number ${place} about ${['refunds', 'passwords'][place % 2]}`)),
            metadatas: some.map(
              (place) =>
                new Map<string, string | bigint | number>([
                  ['place', BigInt(place)],
                  ['score', place / 2],
                  ['day', `2026-01-${String((place % 20) + 10)}T09:00:00Z`],
                  [place === 7 ? '__proto__' : 'kind', place === 7 ? hostile : (['question', 'note'][place % 2] ?? '')],
                ]),
            ),
          },
        )
      }
    }
    await api.settled()
  } finally {
    await engines.close()
  }
}

describe.skipIf(!engine)('searching a store', () => {
  let directory: string
  let store: OpenedStore
  let engines: Engines
  let url: string
  let server: OpenedStore

  beforeAll(async () => {
    directory = path.join(await temporaryFolder('search'), 'store with a space')
    await makeStore(directory)
    store = await openInCore(directory)
    engines = (await engine?.create()) as Engines
    const copy = path.join(await temporaryFolder('search-engine'), 'copy')
    await cp(directory, copy, { recursive: true })
    const running = await engines.start(copy, engine ? { kind: engine.kind } : {})
    url = running.url
    server = await openInCore(url)
  }, 240_000)
  afterAll(async () => {
    await store.stop()
    await server.stop()
    await engines.close()
  })

  test.each(spaces)('by a record of a %s collection, distances and order are those of the engine', async (space) => {
    const ref = store.ref(`made-of-${space}`)
    const probe = { kind: 'record' as const, id: 'record-40' }
    const answer = await store.call('search.run', { ...ref, probe, settings: { ...settings, nResults: 25 } })
    expect(answer).toMatchObject({ space, dimension, method: 'exact', searched: count, withoutVector: 0, embedder: null, recall: null })
    const asked = await server.call('search.run', {
      ...server.ref(`made-of-${space}`),
      probe,
      settings: { ...settings, nResults: 25, method: 'engine' },
    })
    // The engine's index is approximate: what it found must stand at the same distance here.
    expect(asked.recall).toBeGreaterThan(0.8)
    const own = new Map(answer.neighbours.map(({ record, distance }) => [record.id, distance]))
    let shared = 0
    for (const { record, distance, similarity } of asked.neighbours) {
      const mine = own.get(record.id)
      if (mine == null) continue
      shared += 1
      expect(Math.abs(mine - (distance ?? Number.NaN))).toBeLessThan(1e-4 * Math.max(1, Math.abs(mine)))
      expect(similarity).toBeCloseTo(answer.neighbours.find((item) => item.record.id === record.id)?.similarity ?? Number.NaN, 5)
    }
    expect(shared).toBeGreaterThan(19)
    const exact = await server.call('search.run', { ...server.ref(`made-of-${space}`), probe, settings: { ...settings, nResults: 25 } })
    expect(exact.neighbours.map(({ record }) => record.id)).toEqual(answer.neighbours.map(({ record }) => record.id))
  })

  test('a pasted vector finds what its record finds, and says where 1 - distance is not the similarity', async () => {
    for (const space of spaces) {
      const ref = store.ref(`made-of-${space}`)
      const { vector } = await store.call('records.vector', { ...ref, id: 'record-3' })
      const byVector = await store.call('search.run', { ...ref, probe: { kind: 'vector', vector: [...(vector?.values ?? [])] }, settings })
      const byRecord = await store.call('search.run', { ...ref, probe: { kind: 'record', id: 'record-3' }, settings })
      expect(byVector.neighbours).toEqual(byRecord.neighbours)
      expect(byVector.queryNorm).toBeCloseTo(vector?.norm ?? 0, 5)
      expect(byVector.warnings.some((warning) => warning.includes('1 - distance'))).toBe(space !== 'cosine')
    }
  })

  test('a pasted vector with a number that no stored vector can have is refused', async () => {
    const probe = { kind: 'vector' as const, vector: Array.from({ length: dimension }, () => 1e300) }
    await expect(store.call('search.run', { ...store.ref('made-of-l2'), probe, settings })).rejects.toMatchObject({ code: 'invalid-input' })
  })

  test('a filter is applied before the nearest are taken', async () => {
    const where: Where = {
      kind: 'and',
      clauses: [
        { kind: 'compare', key: 'kind', operator: '$eq', value: 'note' },
        { kind: 'compare', key: 'place', operator: '$gte', value: 1200n },
      ],
    }
    const ref = store.ref('made-of-l2')
    const probe = { kind: 'record' as const, id: 'record-40' }
    const answer = await store.call('search.run', {
      ...ref,
      probe,
      settings: { ...settings, nResults: 1000, filter: { ...noFilter, where } },
    })
    expect(answer.searched).toBe(50)
    expect(answer.neighbours).toHaveLength(50)
    for (const { record } of answer.neighbours) expect(record.metadata?.get('kind')).toBe('note')
    const distances = answer.neighbours.map(({ distance }) => distance ?? 0)
    expect(distances).toEqual(distances.toSorted((a, b) => a - b))
    const found = await store.call('search.run', {
      ...ref,
      probe,
      settings: { ...settings, filter: { ...noFilter, find: 'TEXT NUMBER 77 ' } },
    })
    expect(found.neighbours.map(({ record }) => record.id)).toEqual(['record-77'])
  })

  test('a period of dates kept as text narrows the exact search; the index cannot be asked for it, and a program says what it leaves out', async () => {
    const probe = { kind: 'record' as const, id: 'record-40' }
    const period = { key: 'day', from: Date.UTC(2026, 0, 12), to: Date.UTC(2026, 0, 14) }
    const within: SearchSettings = { ...settings, filter: { ...noFilter, periods: [period] } }
    const answer = await store.call('search.run', { ...store.ref('made-of-l2'), probe, settings: within })
    expect(answer.searched).toBe((count / 20) * 2)
    for (const { record } of answer.neighbours) expect(String(record.metadata?.get('day'))).toMatch(/^2026-01-1[23]/)
    const onServer = { ...server.ref('made-of-l2'), settings: { ...within, method: 'engine' as const } }
    await expect(server.call('search.run', { ...onServer, probe })).rejects.toMatchObject({
      message: expect.stringContaining('dates kept as text'),
    })
    const { text } = await server.call('search.program', { ...onServer, probes: [probe], language: 'python' })
    expect(text).toContain('The period of "day" is not part of it.')
  })

  test('several queries are answered each at its place, as one by one', async () => {
    const ref = store.ref('made-of-cosine')
    const [lexical] = await store.call('embedders.list', { dimension })
    const probes = [
      { kind: 'record' as const, id: 'record-9' },
      { kind: 'text' as const, text: 'passwords', embedderId: lexical?.id ?? null },
      { kind: 'vector' as const, vector: Array.from({ length: dimension }, (_, at) => at - 7) },
      { kind: 'text' as const, text: 'refunds', embedderId: lexical?.id ?? null },
    ]
    const all = await store.call('search.runList', { ...ref, probes, settings })
    for (const [place, probe] of probes.entries()) {
      const alone = await store.call('search.run', { ...ref, probe, settings })
      expect(all[place]?.neighbours).toEqual(alone.neighbours)
      expect(all[place]?.embedder).toBe(probe.kind === 'text' ? lexical?.title : null)
    }
  })

  test('what cannot be searched is refused in a sentence', async () => {
    const ref = store.ref('made-of-cosine')
    const run = (probe: InputOf<typeof searchContract.run>['probe'], changes: Partial<SearchSettings> = {}) =>
      store.call('search.run', { ...ref, probe, settings: { ...settings, ...changes } })
    await expect(run({ kind: 'vector', vector: [1, 2] })).rejects.toMatchObject({
      code: 'invalid-input',
      message: expect.stringContaining('2 dimensions') as string,
    })
    await expect(run({ kind: 'record', id: 'nobody' })).rejects.toMatchObject({ code: 'not-found' })
    await expect(run({ kind: 'record', id: 'record-1' }, { method: 'engine' })).rejects.toMatchObject({ code: 'unsupported' })
    const [wrong] = await store.call('embedders.list', { dimension: 512 })
    await expect(run({ kind: 'text', text: 'x', embedderId: wrong?.id ?? null })).rejects.toMatchObject({
      message: expect.stringContaining('512') as string,
    })
    expect(await store.call('search.methods', ref)).toMatchObject({ engine: false })
    expect(await server.call('search.methods', server.ref('made-of-l2'))).toEqual({ engine: true, reason: null })
  })

  test('searches are remembered newest first, named, found by their words and forgotten', async () => {
    const ref = store.ref('made-of-ip')
    const where: Where = { kind: 'compare', key: 'place', operator: '$gt', value: 9_007_199_254_740_993n }
    const text = { kind: 'text' as const, text: 'How do I reset my password?', embedderId: null }
    const first = await store.call('search.remember', { ...ref, probes: [text], settings: { ...settings, filter: { ...noFilter, where } } })
    await store.call('search.remember', { ...ref, probes: [{ kind: 'record', id: 'record-5' }], settings })
    await store.call('search.name', { ...ref, id: first.id, name: 'Password trouble' })
    const again = await store.call('search.remember', { ...ref, probes: [text], settings: { ...settings, filter: { ...noFilter, where } } })
    expect(again).toMatchObject({ id: first.id, name: 'Password trouble' })
    const list = (find: string, savedOnly = false) => store.call('search.history', { ...ref, find, savedOnly })
    expect((await list('')).map(({ probes }) => probes.map(({ kind }) => kind))).toEqual([['text'], ['record']])
    expect((await list('RESET'))[0]).toMatchObject({ id: first.id, settings: { filter: { where } } })
    expect(await list('trouble')).toHaveLength(1)
    expect(await list('', true)).toHaveLength(1)
    expect(await store.call('search.history', { ...store.ref('made-of-l2'), find: '', savedOnly: false })).toEqual([])
    await store.call('search.forget', { ...ref, id: null })
    expect((await list('')).map(({ id }) => id)).toEqual([first.id])
    await store.call('search.forget', { ...ref, id: first.id })
    expect(await list('')).toEqual([])
  })

  test('no more than 500 searches are kept, and those with a name outlast the others', { timeout: 120_000 }, async () => {
    const ref = store.ref('made-of-cosine')
    const remember = (text: string) =>
      store.call('search.remember', { ...ref, probes: [{ kind: 'text', text, embedderId: null }], settings })
    const oldest = await remember('the oldest')
    await store.call('search.name', { ...ref, id: oldest.id, name: 'kept' })
    for (let index = 0; index < 505; index += 1) await remember(`question ${index}`)
    const all = await store.call('search.history', { ...ref, find: '', savedOnly: false })
    expect(all).toHaveLength(500)
    expect(all.at(-1)).toMatchObject({ id: oldest.id, name: 'kept' })
    expect(all.at(-2)).toMatchObject({ probes: [{ text: 'question 6' }] })
  })

  describe('copied as a program', () => {
    const where: Where = {
      kind: 'or',
      clauses: [
        { kind: 'compare', key: '__proto__', operator: '$eq', value: hostile },
        { kind: 'compare', key: 'kind', operator: '$ne', value: hostile },
      ],
    }
    const filters = {
      'no filter': noFilter,
      'a filter of hostile texts': {
        ...noFilter,
        where,
        whereDocument: { kind: 'text', operator: '$not_contains', value: `'; rm -rf "$HOME" #${hostile}` },
      },
    } as const

    async function programOf(
      asked: InputOf<typeof searchContract.program>['probes'],
      filter: SearchSettings['filter'],
      language: Language,
    ): Promise<string> {
      const from = language === 'python' ? store : server
      const { text } = await from.call('search.program', {
        ...from.ref('made-of-l2'),
        probes: asked,
        settings: { ...settings, filter },
        language,
      })
      // Nothing invisible, and nothing that turns the direction of writing.
      expect(text.replaceAll('\n', '')).not.toMatch(/[\p{C}\p{Zl}\p{Zp}]/u)
      return text
    }

    async function expected(
      asked: InputOf<typeof searchContract.program>['probes'],
      filter: SearchSettings['filter'],
    ): Promise<string[][]> {
      const answers = await server.call('search.runList', {
        ...server.ref('made-of-l2'),
        probes: asked,
        settings: { ...settings, filter, method: 'engine' },
      })
      return answers.map(({ neighbours }) => neighbours.map(({ record }) => record.id))
    }

    const vectorProbe = { kind: 'vector' as const, vector: Array.from({ length: dimension }, (_, at) => Math.cos(at) / 3) }
    const probes = {
      'a vector': [vectorProbe],
      'a record': [{ kind: 'record' as const, id: hostile }],
      'a list': [vectorProbe, { kind: 'record' as const, id: hostile }],
    }

    test.each(Object.keys(probes) as (keyof typeof probes)[])(
      'TypeScript that asks by %s returns the same records when it is run',
      async (kind) => {
        for (const filter of Object.values(filters)) {
          const text = await programOf(probes[kind], filter, 'typescript')
          // Where the package chromadb is found.
          await mkdir(path.join(repository, 'node_modules/.cache'), { recursive: true })
          const folder = await mkdtemp(path.join(repository, 'node_modules/.cache/copied-program-'))
          try {
            await writeFile(path.join(folder, 'program.ts'), text)
            // Vite takes the types out, as any runner of TypeScript does.
            const { code } = await transformWithOxc(text, path.join(folder, 'program.ts'))
            const shown = code.replace(/console\.log\(id, distance, document\)/, 'console.log(JSON.stringify(id))')
            expect(shown).not.toBe(code)
            await writeFile(path.join(folder, 'program.mjs'), shown)
            const result = spawnSync(process.execPath, ['program.mjs'], { cwd: folder, encoding: 'utf8' })
            expect(result.stderr).toBe('')
            const ids = result.stdout
              .trim()
              .split('\n')
              .map((line) => JSON.parse(line) as string)
            expect(ids).toEqual((await expected(probes[kind], filter)).flat())
          } finally {
            await rm(folder, { recursive: true, force: true })
          }
        }
      },
    )

    test.each(Object.keys(probes) as (keyof typeof probes)[])(
      'curl that asks by %s returns the same records when a shell runs it',
      async (kind) => {
        for (const filter of Object.values(filters)) {
          const text = await programOf(probes[kind], filter, 'curl')
          const folder = await temporaryFolder('curl')
          const result = spawnSync('bash', ['-c', text], { cwd: folder, encoding: 'utf8' })
          expect(result.stderr).toBe('')
          expect((JSON.parse(result.stdout) as { ids: string[][] }).ids).toEqual(await expected(probes[kind], filter))
          expect(spawnSync('ls', ['-A', folder], { encoding: 'utf8' }).stdout).toBe('')
        }
      },
    )

    test('Python is what Python reads: every text and number of the question stands in it as a literal', async () => {
      const python = spawnSync('python3', ['--version'])
      if (python.status !== 0) {
        console.log('Skipped: there is no Python here to read the program with.')
        return
      }
      // Stands in for the package chromadb and writes down how it was called.
      const stub = `import json
def note(name):
    def call(*args, **named):
        print(json.dumps([name, list(args), named]))
        return Collection()
    return call
class Collection:
    def __getattr__(self, name):
        def call(*args, **named):
            print(json.dumps([name, list(args), named]))
            return {"embeddings": [[1.0]], "ids": [["x"]], "distances": [[0.5]], "documents": [["d"]]}
        return call
    def get_collection(self, *args, **named):
        print(json.dumps(["get_collection", list(args), named]))
        return Collection()
PersistentClient = note("PersistentClient")
`
      for (const [kind, filter] of [
        ['a vector', filters['a filter of hostile texts']],
        ['a record', filters['no filter']],
      ] as const) {
        const text = await programOf(probes[kind], filter, 'python')
        const folder = await temporaryFolder('python')
        await writeFile(path.join(folder, 'chromadb.py'), stub)
        await writeFile(path.join(folder, 'program.py'), text)
        const result = spawnSync('python3', ['program.py'], { cwd: folder, encoding: 'utf8' })
        expect(result.stderr).toBe('')
        const calls = result.stdout
          .trim()
          .split('\n')
          .slice(0, -1)
          .map((line) => JSON.parse(line) as [string, unknown[], Record<string, unknown>])
        expect(calls[0]).toEqual(['PersistentClient', [], { path: directory, tenant: 'default_tenant', database: 'default_database' }])
        expect(calls[1]).toEqual(['get_collection', ['made-of-l2'], { embedding_function: null }])
        if (kind === 'a record') expect(calls[2]).toEqual(['get', [], { ids: [hostile], include: ['embeddings'] }])
        else {
          const asked = calls[2]?.[2]
          expect(asked).toMatchObject({ n_results: 10, where: { $or: [{ ['__proto__']: hostile }, { kind: { $ne: hostile } }] } })
          expect(asked?.['where_document']).toEqual({ $not_contains: filters['a filter of hostile texts'].whereDocument.value })
          expect((asked?.['query_embeddings'] as number[][] | undefined)?.[0]?.map(Math.fround)).toEqual(
            vectorProbe.vector.map(Math.fround),
          )
        }
      }
    })
  })
})
