/**
 * Kills the app, its engine, or both at a random moment of each of 1,000 changes, opens the store again, and compares every record with
 * the states before and after the change. `npm run bench -- faults 100` makes fewer cuts.
 */
import { rm } from 'node:fs/promises'
import path from 'node:path'
import { buildFaultApp } from '../curation/fault-store.ts'
import { type FaultReport, runFaults } from '../curation/faults.ts'
import { testEngines } from '../support/engines.ts'
import { machine, printTable } from './support/measure.ts'

const cuts = Number(process.argv[2] ?? 1000)
const seed = Number(process.argv[3] ?? 1)
const root = process.env['MNEMOSCOPE_ROOT'] ?? process.cwd()
const outDir = path.join(root, `test-results/fault-bench-${process.pid}`)
console.log(machine())
const app = await buildFaultApp(root, outDir)
const engines = await testEngines()
const reports: [string, FaultReport][] = []
for (const engine of engines) {
  const share = Math.ceil(cuts / engines.length)
  const onCut = (report: FaultReport): void => {
    if (report.cuts % 25 === 0) console.log(`${engine.name}: ${report.cuts} of ${share} cuts, ${report.violations.length} violations`)
  }
  reports.push([engine.name, await runFaults(app, { engine, cuts: share, seed, onCut })])
}
await rm(outDir, { recursive: true, force: true })
for (const [name, { cuts: made, outcomes, violations, worst, undone }] of reports) {
  console.log(`\n${name}: ${made} cuts, ${violations.length} violations, ${undone} changes undone`)
  console.log(`vectors after undoing: off by ${worst.l2} in l2, by ${worst.cosine.toExponential(2)} of their length in cosine\n`)
  printTable(
    ['what the next start found', 'cuts'],
    [...outcomes].toSorted((a, b) => b[1] - a[1]).map(([what, times]) => [what, String(times)]),
  )
  for (const violation of violations) console.log(violation)
}
process.exit(reports.some(([, { violations }]) => violations.length > 0) ? 1 : 0)
