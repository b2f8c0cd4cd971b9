import { availableParallelism } from 'node:os'
import path from 'node:path'
import { defineConfig } from 'vitest/config'
import { BaseSequencer, type TestSpecification } from 'vitest/node'

/**
 * Those that take longest by themselves: begun late, one of them would hold up the end of a run alone. What calculates and what
 * waits for a browser take turns.
 */
const longest = [
  'store/agreement/reader-and-engine',
  'e2e/cleanup',
  'store/directory/damage',
  'e2e/records',
  'store/engine/app-killed',
  'e2e/lookup-log',
  'store/engine/engines',
  'e2e/query',
  'rpc/connections',
  'e2e/thresholds',
  'unit/sample/make-sample',
  'e2e/embedder',
  'e2e/map',
  'curation/faults',
  'e2e/records-hostile',
  'neighbours/neighbour-graph',
  'e2e/collections',
  'shell/packaging',
].map((name) => path.resolve(import.meta.dirname, `test/${name}.test.ts`))

// Those that start a shell of their own or set something in their process.
const alone = ['architecture', 'shell'].map((folder) => `test/${folder}/**/*.test.{ts,tsx}`)

class LongOnesFirst extends BaseSequencer {
  override async sort(files: TestSpecification[]): Promise<TestSpecification[]> {
    const sorted = await super.sort(files)
    const rank = ({ moduleId }: TestSpecification): number => longest.indexOf(moduleId) + 1 || longest.length + 1
    return sorted.toSorted((a, b) => rank(a) - rank(b))
  }
}

export default defineConfig({
  test: {
    projects: [
      // They leave nothing behind in their process, so that one loads the modules, and a browser, for many of them.
      { extends: true, test: { name: 'together', include: ['test/**/*.test.{ts,tsx}'], exclude: alone, isolate: false } },
      { extends: true, test: { name: 'alone', include: alone } },
    ],
    globalSetup: ['test/support/prepare-run.ts'],
    // Long enough for a machine that is busy with something else; what hangs is found all the same.
    testTimeout: 90_000,
    // Engines and browsers on a shared machine are now and then late; what is wrong fails twice.
    retry: process.env['CI'] === undefined ? 0 : 1,
    // A browser and an engine share the machine with the test.
    expect: { poll: { timeout: 15_000, interval: 100 } },
    hookTimeout: 120_000,
    pool: 'forks',
    sequence: { sequencer: LongOnesFirst },
    // Tests wait for engines, browsers and workers a third of their time; with more of them browsers are too slow for their tests.
    maxWorkers: Math.max(2, Math.ceil(availableParallelism() * 1.5)),
  },
})
