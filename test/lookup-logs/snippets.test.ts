import { spawnSync } from 'node:child_process'
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises'
import os from 'node:os'
import path from 'node:path'
import { pathToFileURL } from 'node:url'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { LogHost } from '../../electron/lookup-logs/log-host.ts'
import { snippets } from '../../electron/lookup-logs/snippets.ts'
import { wholeLog, type LogFacts, type Lookup } from '../../shared/contract/lookup-logs.ts'

const root = path.resolve(import.meta.dirname, '../..')
const hasPython = spawnSync('python3', ['--version']).status === 0
if (!hasPython) console.log('Skipped: python3 is absent, so the code in Python is not run.')

let folder: string
beforeAll(async () => {
  folder = await mkdtemp(path.join(os.tmpdir(), 'mnemoscope-snippets-'))
})
afterAll(() => rm(folder, { recursive: true, force: true }))

function snippet(id: string): string {
  const found = snippets.find((each) => each.id === id)
  if (!found) throw new Error(`There is no code called ${id}.`)
  return found.text
}

/** What the app makes of a log without help. */
async function read(file: string): Promise<{ facts: LogFacts; lookups: Lookup[] }> {
  const host = new LogHost(file, 'cosine', () => undefined)
  try {
    const facts = await host.ask({ type: 'read', mapping: null })
    const sort = { by: 'line', descending: false } as const
    const { lookups } = await host.ask({ type: 'lookups', filter: wholeLog, sort, offset: 0, limit: 10 })
    return { facts, lookups }
  } finally {
    await host.close()
  }
}

/** Runs code of Python in a folder of its own, beside small packages that stand in for the libraries it wraps. */
async function runPython(id: string, use: string, packages: Record<string, string> = {}, before = ''): Promise<string> {
  const place = path.join(folder, id)
  for (const [name, text] of Object.entries({ ...packages, 'main.py': `${before}\n${snippet(id)}\n${use}\n` })) {
    await mkdir(path.dirname(path.join(place, name)), { recursive: true })
    await writeFile(path.join(place, name), text)
  }
  const run = spawnSync('python3', ['main.py'], { cwd: place, encoding: 'utf8' })
  expect(run.stderr).toBe('')
  return path.join(place, 'lookups.jsonl')
}

const collection = `
class Collection:
    def query(self, *, query_embeddings, n_results, where, include):
        assert (n_results, where, include) == (1, {"namespace": "shop"}, ["documents", "distances", "metadatas"])
        distance = query_embeddings[0][0]
        if distance > 1:
            return {"ids": [[]], "documents": [[]], "distances": [[]], "metadatas": [[]]}
        return {"ids": [["e1"]], "documents": [["How to pay?"]], "distances": [[distance]], "metadatas": [[{"answer": "By card."}]]}
`

/** A hit, a near miss and a lookup in an empty collection. */
const threeLookups = [
  { outcome: 'semantic-hit', entryId: 'e1', matchedQuery: 'How to pay?', similarity: 0.75, nearMiss: false, threshold: 0.7 },
  { outcome: 'miss', entryId: 'e1', similarity: 0.6875, nearMiss: true },
  { outcome: 'miss', entryId: null, similarity: null, nearMiss: false },
]

test.skipIf(!hasPython)('the code for Python and chromadb writes hits and misses with their nearest entry', async () => {
  const use = `${collection}
assert lookup(Collection(), "größer?", lambda text: [0.25], "shop", 0.7) == {"answer": "By card."}
assert lookup(Collection(), "smaller?", lambda text: [0.3125], "shop", 0.7) is None
assert lookup(Collection(), "empty?", lambda text: [2], "shop", 0.7) is None
`
  const { facts, lookups } = await read(await runPython('python', use))
  expect(facts).toMatchObject({ lookups: 3, malformed: 0, threshold: 0.7, withoutSimilarity: 1 })
  expect(lookups).toMatchObject(threeLookups)
  expect(lookups.map(({ query, namespace }) => [query, namespace])).toEqual([
    ['größer?', 'shop'],
    ['smaller?', 'shop'],
    ['empty?', 'shop'],
  ])
  for (const { time, latency } of lookups) expect([typeof time, typeof latency]).toEqual(['number', 'number'])
})

test.skipIf(!hasPython)('the code for LangChain writes a line for each lookup and hands everything on', async () => {
  const packages = {
    'langchain_core/__init__.py': '',
    'langchain_core/caches.py': `from abc import ABC, abstractmethod
class BaseCache(ABC):
    @abstractmethod
    def lookup(self, prompt, llm_string): ...
    @abstractmethod
    def update(self, prompt, llm_string, return_val): ...
    @abstractmethod
    def clear(self, **kwargs): ...
`,
    'langchain_core/globals.py': 'cache = None\ndef set_llm_cache(value):\n    global cache\n    cache = value\n',
  }
  const before = `
from langchain_core.caches import BaseCache
class Memory(BaseCache):
    def __init__(self): self.kept = {}
    def lookup(self, prompt, llm_string): return self.kept.get((prompt, llm_string))
    def update(self, prompt, llm_string, return_val): self.kept[(prompt, llm_string)] = return_val
    def clear(self, **kwargs): self.kept.clear()
your_semantic_cache = Memory()
`
  const use = `
import langchain_core.globals
cache = langchain_core.globals.cache
assert cache.lookup("How?", "model") is None
cache.update("How?", "model", ["So."])
assert cache.lookup("How?", "model") == ["So."]
cache.clear()
assert your_semantic_cache.kept == {}
`
  const { facts, lookups } = await read(await runPython('langchain', use, packages, before))
  expect(facts).toMatchObject({ lookups: 2, malformed: 0, withoutSimilarity: 2 })
  expect(lookups).toMatchObject([
    { query: 'How?', outcome: 'miss' },
    { query: 'How?', outcome: 'hit' },
  ])
})

test.skipIf(!hasPython)('the code for GPTCache says hit where its adapter serves the candidate', async () => {
  const packages = {
    'gptcache/__init__.py': '',
    'gptcache/similarity_evaluation/__init__.py': `from abc import ABCMeta, abstractmethod
class SimilarityEvaluation(metaclass=ABCMeta):
    @abstractmethod
    def evaluation(self, src_dict, cache_dict, **kwargs): ...
    @abstractmethod
    def range(self): ...
`,
  }
  const use = `
class Distance(SimilarityEvaluation):
    def evaluation(self, src_dict, cache_dict, **kwargs): return 4.0 - cache_dict["search_result"][0]
    def range(self): return 0.0, 4.0
logged = LoggedEvaluation(Distance())
for distance in (0.5, 0.9):
    assert logged.evaluation({"question": "How?"}, {"question": "How so?", "search_result": (distance, 1)}) == 4.0 - distance
assert logged.range() == (0.0, 4.0)
`
  const { facts, lookups } = await read(await runPython('gptcache', use, packages))
  expect(facts).toMatchObject({ lookups: 2, malformed: 0 })
  expect(lookups).toMatchObject([
    { query: 'How?', matchedQuery: 'How so?', outcome: 'hit', similarity: 0.875 },
    { query: 'How?', outcome: 'miss', similarity: 0.775, nearMiss: true },
  ])
  expect(lookups[0]?.threshold).toBeCloseTo(0.8)
})

test('the code for TypeScript fits the types of chromadb, and writes the same lines', async () => {
  // Beside the tests, so that chromadb is found.
  const place = await mkdtemp(path.join(root, 'dist/snippet-'))
  try {
    await writeFile(path.join(place, 'lookup.ts'), snippet('typescript'))
    const compilerOptions = { strict: true, skipLibCheck: true, types: ['node'], lib: ['es2023'], target: 'es2023', module: 'nodenext' }
    await writeFile(path.join(place, 'tsconfig.json'), JSON.stringify({ compilerOptions, files: ['lookup.ts'] }))
    const compiler = path.join(root, 'node_modules/typescript/bin/tsc')
    const { status, stdout } = spawnSync(process.execPath, [compiler, '-p', place], { encoding: 'utf8' })
    expect({ status, stdout }).toEqual({ status: 0, stdout: '' })
    const { lookup } = (await import(/* @vite-ignore */ pathToFileURL(path.join(place, 'lookup.js')).href)) as {
      lookup: (from: object, question: string, embedding: number[], options: object) => Promise<unknown>
    }
    const standIn = {
      query: async ({ queryEmbeddings: [[distance = 2] = []] = [] }: { queryEmbeddings?: number[][] }) =>
        distance > 1
          ? { ids: [[]], documents: [[]], distances: [[]], metadatas: [[]] }
          : { ids: [['e1']], documents: [['How to pay?']], distances: [[distance]], metadatas: [[{ answer: 'By card.' }]] },
    }
    const log = path.join(place, 'lookups.jsonl')
    const ask = (distance: number) => lookup(standIn, 'How?', [distance], { namespace: 'shop', threshold: 0.7, log })
    expect([await ask(0.25), await ask(0.3125), await ask(2)]).toEqual([{ answer: 'By card.' }, null, null])
    const { facts, lookups } = await read(log)
    expect(facts).toMatchObject({ lookups: 3, malformed: 0, threshold: 0.7 })
    expect(lookups).toMatchObject(threeLookups)
  } finally {
    await rm(place, { recursive: true, force: true })
  }
})
