import path from 'node:path'
import { rm } from 'node:fs/promises'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { testEngines } from '../support/engines.ts'
import { isQuick, mostlyOne } from '../support/quick.ts'
import { buildFaultApp } from './fault-store.ts'
import { runFaults } from './faults.ts'

const root = path.resolve(import.meta.dirname, '../..')
const outDir = path.join(root, 'test-results/fault-app')
const engines = await testEngines()
let app = ''

beforeAll(async () => {
  app = await buildFaultApp(root, outDir)
})
afterAll(() => rm(outDir, { recursive: true, force: true }))

test.each(mostlyOne(engines, 'newest'))(
  'after a kill at any moment every record is as before or as after the change, with the $name engine',
  async (engine) => {
    const report = await runFaults(app, { engine, cuts: isQuick ? 4 : 12, seed: 20 })
    expect(report.violations).toEqual([])
    expect(report.worst.l2).toBe(0)
    expect(report.worst.cosine).toBeLessThanOrEqual(1.2e-7)
  },
  400_000,
)
