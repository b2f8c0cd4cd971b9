import { rm } from 'node:fs/promises'
import path from 'node:path'
import { expect, test } from 'vitest'
import { fitToDisplays, openWindowState, type Bounds } from '../../electron/shell/window-state.ts'
import { seededRandom } from '../support/random.ts'
import { temporaryFolder } from '../support/fixtures.ts'

const main: Bounds = { x: 0, y: 25, width: 1920, height: 1055 }
const left: Bounds = { x: -1280, y: 0, width: 1280, height: 1024 }

test('A first window is in the middle of the main display', () => {
  expect(fitToDisplays(null, [main])).toEqual({ x: 320, y: 142, width: 1280, height: 820 })
  expect(fitToDisplays(null, [{ x: 0, y: 0, width: 1024, height: 700 }])).toEqual({ x: 0, y: 0, width: 1024, height: 700 })
})

test('A window that is wholly visible comes back where it was', () => {
  expect(fitToDisplays({ x: 100, y: 100, width: 900, height: 700 }, [main, left])).toEqual({ x: 100, y: 100, width: 900, height: 700 })
  expect(fitToDisplays({ x: -1200, y: 10, width: 900, height: 700 }, [main, left])).toEqual({ x: -1200, y: 10, width: 900, height: 700 })
})

test('A window on a display that is gone comes back on the main one', () => {
  expect(fitToDisplays({ x: -1200, y: 10, width: 900, height: 700 }, [main])).toEqual({ x: 0, y: 25, width: 900, height: 700 })
  expect(fitToDisplays({ x: 9000, y: 9000, width: 900, height: 700 }, [main])).toEqual({ x: 1020, y: 380, width: 900, height: 700 })
})

test('A window that is larger than the display is made to fit, and a tiny one usable', () => {
  expect(fitToDisplays({ x: 0, y: 0, width: 9000, height: 9000 }, [main])).toEqual(main)
  expect(fitToDisplays({ x: 50, y: 50, width: 1, height: 1 }, [main])).toEqual({ x: 50, y: 50, width: 720, height: 480 })
})

test('Whatever was remembered, the window lies within one display', () => {
  const random = seededRandom(5)
  for (let turn = 0; turn < 2000; turn += 1) {
    const areas = Array.from({ length: 1 + random.below(3) }, () => ({
      x: random.below(6000) - 3000,
      y: random.below(4000) - 2000,
      width: 300 + random.below(3000),
      height: 200 + random.below(2000),
    }))
    const wanted = {
      x: random.below(20_000) - 10_000,
      y: random.below(20_000) - 10_000,
      width: 1 + random.below(5000),
      height: 1 + random.below(5000),
    }
    const fitted = fitToDisplays(wanted, areas)
    const inside = areas.some(
      (area) =>
        fitted.x >= area.x &&
        fitted.y >= area.y &&
        fitted.x + fitted.width <= area.x + area.width &&
        fitted.y + fitted.height <= area.y + area.height,
    )
    expect([wanted, areas, fitted, inside]).toEqual([wanted, areas, fitted, true])
  }
})

test('The position outlives a restart', async () => {
  const folder = await temporaryFolder('window')
  const file = path.join(folder, 'window.json')
  const open = (): ReturnType<typeof openWindowState> => openWindowState(file, () => undefined)
  expect(await open().read()).toEqual({ bounds: null, maximized: false })
  await open().update(() => ({ bounds: main, maximized: true }))
  expect(await open().read()).toEqual({ bounds: main, maximized: true })
  await rm(folder, { recursive: true })
})
