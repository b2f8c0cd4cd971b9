import path from 'node:path'
import { chromium, type Browser, type Page } from 'playwright-core'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { args, executablePath } from '../support/chromium.ts'
import type { ScatterPage } from '../support/scatter-page/scatter-page-types.ts'
import { serveScatterPage } from '../support/scatter-page/serve-scatter-page.ts'

declare const scatter: ScatterPage

const size = { width: 800, height: 600 }
const problems: string[] = []
let served: Awaited<ReturnType<typeof serveScatterPage>>
let browser: Browser
let page: Page

beforeAll(async () => {
  served = await serveScatterPage(path.resolve(import.meta.dirname, '../..'))
  browser = await chromium.launch({ executablePath, args })
  page = await browser.newPage({ viewport: size, reducedMotion: 'reduce' })
  page.on('pageerror', (error) => problems.push(error.message))
  page.on('console', (message) => {
    if (message.type() === 'error') problems.push(message.text())
  })
  await page.goto(served.url)
  await page.waitForFunction(() => 'scatter' in globalThis)
})
afterAll(async () => {
  await browser.close()
  await served.stop()
})

const settled = () => page.waitForFunction(() => scatter.events.isSettled)

/** Red, green and blue of pixels of the page as the person sees it. */
async function coloursAt(places: readonly (readonly [number, number])[], shot?: Buffer): Promise<number[][]> {
  const image = (shot ?? (await page.screenshot())).toString('base64')
  return page.evaluate(
    async ([source, wanted]) => {
      const picture = new Image()
      picture.src = `data:image/png;base64,${source}`
      await picture.decode()
      const canvas = new OffscreenCanvas(picture.width, picture.height)
      const context = canvas.getContext('2d')
      context?.drawImage(picture, 0, 0)
      return wanted.map(([x, y]) => [...(context?.getImageData(x, y, 1, 1).data ?? [])].slice(0, 3))
    },
    [image, places] as const,
  )
}

const isRed = ([red = 0, green = 0, blue = 0]: number[]) => red > 180 && green < 110 && blue < 110
const isGrey = ([red = 0, green = 0, blue = 0]: number[]) => Math.abs(red - green) < 20 && Math.abs(green - blue) < 20 && red < 235
const white = [255, 255, 255]

/** Two columns of 30 points each at x = -1 and x = 1, red, and one that is not placed. The camera shows 4 units on 600 pixels. */
async function showColumns(): Promise<void> {
  await page.evaluate(() => {
    const positions = new Float32Array(122).fill(Number.NaN)
    for (let index = 0; index < 60; index += 1) positions.set([index % 2 === 0 ? -1 : 1, (Math.floor(index / 2) - 14.5) / 20], 2 * index)
    const values = Uint8Array.from({ length: 244 }, (_, at) => (at % 4 === 0 || at % 4 === 3 ? 255 : 0))
    for (const told of [scatter.events.clicks, scatter.events.selections, scatter.events.cameras]) told.length = 0
    scatter.show({ positions, colours: { kind: 'rgba', values }, camera: { x: 0, y: 0, span: 4 }, tool: 'pan', state: undefined })
  })
  await settled()
}

test('nothing is drawn of no points, and the view says what it is and how it is used', async () => {
  await page.evaluate(() => scatter.show({}))
  await settled()
  const canvas = page.getByRole('application', { name: 'Points' })
  expect(await canvas.getAttribute('tabindex')).toBe('0')
  expect(await coloursAt([[400, 300]])).toEqual([white])
})

test('points are drawn where they are and nowhere else, also after the context was lost', async () => {
  await showColumns()
  const on: [number, number][] = [
    [250, 304],
    [550, 304],
    [250, 192],
    [550, 409],
  ]
  const off: [number, number][] = [
    [400, 300],
    [250, 100],
    [262, 300],
    [100, 300],
  ]
  expect((await coloursAt(on)).every(isRed)).toBe(true)
  expect(await coloursAt(off)).toEqual(off.map(() => white))

  await page.evaluate(async () => {
    const canvas = document.querySelector('canvas')
    const extension = canvas?.getContext('webgl2')?.getExtension('WEBGL_lose_context')
    const event = (name: string) => new Promise((resolve) => canvas?.addEventListener(name, resolve, { once: true }))
    const lost = event('webglcontextlost')
    extension?.loseContext()
    await lost
    await new Promise((resolve) => setTimeout(resolve, 50))
    const back = event('webglcontextrestored')
    extension?.restoreContext()
    await back
  })
  await settled()
  expect((await coloursAt(on)).every(isRed)).toBe(true)
  expect(await coloursAt(off)).toEqual(off.map(() => white))
})

async function drag(places: readonly (readonly [number, number])[], key?: 'Shift' | 'Alt'): Promise<void> {
  const [first = [0, 0], ...rest] = places
  await page.mouse.move(first[0], first[1])
  if (key) await page.keyboard.down(key)
  await page.mouse.down()
  for (const [x, y] of rest) await page.mouse.move(x, y, { steps: 6 })
  await page.mouse.up()
  if (key) await page.keyboard.up(key)
}

const even = Array.from({ length: 30 }, (_, at) => 2 * at)

test('a lasso and a box around planted points hold exactly these; Shift adds and Alt takes away', async () => {
  await showColumns()
  await page.evaluate(() => scatter.show({ tool: 'lasso' }))
  await drag([
    [230, 170],
    [270, 170],
    [275, 430],
    [225, 430],
    [228, 172],
  ])
  await page.evaluate(() => scatter.show({ tool: 'box' }))
  await drag(
    [
      [530, 170],
      [570, 430],
    ],
    'Shift',
  )
  await drag(
    [
      [200, 301],
      [270, 430],
    ],
    'Alt',
  )
  expect(await page.evaluate(() => scatter.events.selections)).toEqual([
    { mode: 'replace', indices: even },
    { mode: 'add', indices: even.map((index) => index + 1) },
    { mode: 'subtract', indices: even.slice(0, 15) },
  ])
})

test('with a selection the rest turns grey and stays', async () => {
  await showColumns()
  await page.evaluate(() => scatter.show({ state: Uint8Array.from({ length: 61 }, (_, index) => (index % 2 === 0 ? 1 : 0)) }))
  await settled()
  const [left = [], right = []] = await coloursAt([
    [250, 304],
    [550, 304],
  ])
  expect([isRed(left), isGrey(right)]).toEqual([true, true])
})

test('pointing names a point and clicking opens it; dragging and the keys move the view, 0 shows everything again', async () => {
  await showColumns()
  await page.mouse.move(550, 304)
  await page.waitForFunction(() => scatter.events.hovers.at(-1) === 29)
  await page.keyboard.down('Shift')
  await page.mouse.click(550, 304)
  await page.keyboard.up('Shift')
  await page.mouse.click(400, 100)
  expect(await page.evaluate(() => scatter.events.clicks)).toEqual([
    { index: 29, modifiers: { shift: true, alt: false, mod: false } },
    { index: null, modifiers: { shift: false, alt: false, mod: false } },
  ])
  await page.evaluate(() => scatter.show({ camera: undefined }))
  await drag([
    [400, 100],
    [475, 100],
  ])
  // A slow drag comes to rest more than once.
  await expect
    .poll(() => page.evaluate(() => scatter.events.cameras.at(-1)))
    .toEqual({ x: expect.closeTo(-0.5, 6) as number, y: 0, span: 4 })
  await settled()
  expect((await coloursAt([[325, 304]])).every(isRed)).toBe(true)
  await page.keyboard.press('+')
  await page.waitForFunction(() => (scatter.events.cameras.at(-1)?.span ?? 9) < 3)
  await page.keyboard.press('0')
  await page.waitForFunction(() => scatter.events.cameras.at(-1) === null)
})

test('the wheel zooms towards the pointer', async () => {
  await showColumns()
  await page.evaluate(() => scatter.show({ camera: undefined }))
  await page.mouse.move(550, 304)
  await page.mouse.wheel(0, -300)
  await page.waitForFunction(() => (scatter.events.cameras.at(-1)?.span ?? 9) < 3)
  await settled()
  expect((await coloursAt([[550, 304]])).every(isRed)).toBe(true)
})

test('the picture of many points at rest shows all of them where they are, and PNG and SVG show the same', async () => {
  await page.evaluate(() => {
    const positions = new Float32Array(120_000)
    for (let index = 0; index < 60_000; index += 1) positions.set([index % 300, Math.floor(index / 300) % 2 === 0 ? 0 : 100], 2 * index)
    const codes = Uint8Array.from({ length: 60_000 }, (_, index) => (Math.floor(index / 300) % 2 === 0 ? 0 : 1))
    const palette = Uint8Array.from([255, 0, 0, 255, 0, 0, 255, 255])
    const labels = [{ x: 150, y: 50, text: 'between <both>', weight: 1 }]
    scatter.show({
      positions,
      colours: { kind: 'palette', codes, palette },
      state: undefined,
      labels,
      camera: { x: 150, y: 50, span: 300 },
    })
  })
  await settled()
  expect(await page.evaluate(() => scatter.events.frames.at(-1))).toMatchObject({ points: 60_000, isComplete: true })
  const look = async (shot?: Buffer) => {
    const [red = [], blue = [], ...none] = await coloursAt(
      [
        [400, 400],
        [400, 200],
        [400, 250],
        [400, 450],
        [50, 400],
      ],
      shot,
    )
    expect([isRed(red), (blue[2] ?? 0) > 180 && (blue[0] ?? 0) < 110]).toEqual([true, true])
    expect(none).toEqual([white, white, white])
  }
  await look()
  const png = await page.evaluate(async () => [...new Uint8Array((await (await scatter.handle.current?.toPNG(1))?.arrayBuffer()) ?? [])])
  await look(Buffer.from(png))
  const svg = (await page.evaluate(() => scatter.handle.current?.toSVG())) ?? ''
  expect(svg).toContain('between &lt;both&gt;')
  expect(await page.getByText('between <both>').isVisible()).toBe(true)
  expect(svg.match(/h0/g)).toHaveLength(60_000)
  expect(problems).toEqual([])
})
