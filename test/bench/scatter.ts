/**
 * The scatter view alone in Chromium with software rendering: frames a second while it is panned, how many points these show,
 * and how long it takes from the last movement, and from the first props, until every point is drawn.
 * `npm run bench -- scatter [POINTS ...]`; without words 20000, 100000 and 1000000.
 */
import { chromium, type Page } from 'playwright-core'
import { args, executablePath } from '../support/chromium.ts'
import type { ScatterPage } from '../support/scatter-page/scatter-page-types.ts'
import { serveScatterPage } from '../support/scatter-page/serve-scatter-page.ts'
import { machine, median, milliseconds, printTable } from './support/measure.ts'

declare const scatter: ScatterPage

const runs = 5
const panTime = 2000

/** Shows that many points; milliseconds until all are drawn, and of the longest task of the main thread. */
function load(page: Page, count: number): Promise<{ full: number; longest: number }> {
  return page.evaluate(async (points) => {
    const { positions, codes, palette } = scatter.clusteredPoints(points)
    await new Promise((resolve) => setTimeout(resolve, 300))
    scatter.events.longest = 0
    const start = performance.now()
    scatter.show({ positions, colours: { kind: 'palette', codes, palette } })
    while (!scatter.events.isSettled) await new Promise((resolve) => setTimeout(resolve, 5))
    return { full: performance.now() - start, longest: scatter.events.longest }
  }, count)
}

/** Pans with the mouse for a while; frames a second, points of the median frame, and milliseconds from the end to the full picture. */
async function pan(page: Page): Promise<{ rate: number; points: number; full: number }> {
  await page.mouse.move(640, 400)
  await page.mouse.down()
  await page.evaluate(() => scatter.events.frames.splice(0))
  const start = Date.now()
  for (let step = 0; Date.now() - start < panTime; step += 1) {
    await page.mouse.move(640 + 200 * Math.sin(step / 20), 400 + 100 * Math.cos(step / 20))
  }
  await page.mouse.up()
  const { frames, full } = await page.evaluate(async () => {
    const moved = scatter.events.frames.splice(0)
    const released = performance.now()
    while (!scatter.events.isSettled) await new Promise((resolve) => setTimeout(resolve, 5))
    return { frames: moved, full: performance.now() - released }
  })
  const passed = (frames.at(-1)?.at ?? 0) - (frames[0]?.at ?? 0)
  return { rate: ((frames.length - 1) * 1000) / passed, points: median(frames.map(({ points }) => points)), full }
}

const counts = process.argv.slice(2).map(Number)
const served = await serveScatterPage(process.env['MNEMOSCOPE_ROOT'] ?? process.cwd())
const browser = await chromium.launch({ executablePath, args })
const page = await browser.newPage({ viewport: { width: 1280, height: 800 } })
await page.goto(served.url)
await page.waitForFunction(() => 'scatter' in globalThis)
const rows: string[][] = []
for (const count of counts.length > 0 ? counts : [20_000, 100_000, 1_000_000]) {
  const { full, longest } = await load(page, count)
  await pan(page)
  const pans: Awaited<ReturnType<typeof pan>>[] = []
  for (let run = 0; run < runs; run += 1) pans.push(await pan(page))
  rows.push([
    count.toLocaleString('en'),
    median(pans.map(({ rate }) => rate)).toFixed(0),
    median(pans.map(({ points }) => points)).toLocaleString('en'),
    milliseconds(median(pans.map((one) => one.full))),
    milliseconds(full),
    milliseconds(longest),
  ])
}
console.log(machine())
console.log(`Chromium ${browser.version()}, software rendering, 1280 x 800, medians of ${runs} pans of ${panTime / 1000} s`)
printTable(['points', 'frames/s while panning', 'points in them', 'all after panning', 'all at first', 'longest task at first'], rows)
await browser.close()
await served.stop()
process.exit(0)
