import { availableParallelism } from 'node:os'
import { defineConfig } from 'vitest/config'

export default defineConfig({
  test: {
    include: ['test/**/*.test.ts', 'test/**/*.test.tsx'],
    globalSetup: ['test/support/prepare-run.ts'],
    testTimeout: 30_000,
    // Engines and browsers on a shared machine are now and then late; what is wrong fails twice.
    retry: process.env['CI'] === undefined ? 0 : 1,
    // A browser and an engine share the machine with the test.
    expect: { poll: { timeout: 15_000 } },
    hookTimeout: 120_000,
    pool: 'forks',
    // Tests wait for engines, browsers and workers half of their time.
    maxWorkers: Math.max(2, Math.ceil(availableParallelism() * 2)),
  },
})
