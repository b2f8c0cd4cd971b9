import { z } from 'zod'
import { SettingsFile } from '../platform/settings-file.ts'

const boundsSchema = z.object({
  x: z.number().int(),
  y: z.number().int(),
  width: z.number().int().positive(),
  height: z.number().int().positive(),
})
/** In device-independent pixels. */
export type Bounds = z.infer<typeof boundsSchema>

const windowStateSchema = z.object({ bounds: boundsSchema.nullable().default(null), maximized: z.boolean().default(false) })
export type WindowState = z.infer<typeof windowStateSchema>

export const smallest = { width: 720, height: 480 }
const usual = { width: 1280, height: 820 }

export function openWindowState(file: string, onDamaged: (file: string, setAside: string) => void): SettingsFile<typeof windowStateSchema> {
  return new SettingsFile({ file, schema: windowStateSchema, onDamaged })
}

function overlap(a: Bounds, b: Bounds): number {
  const width = Math.min(a.x + a.width, b.x + b.width) - Math.max(a.x, b.x)
  const height = Math.min(a.y + a.height, b.y + b.height) - Math.max(a.y, b.y)
  return Math.max(0, width) * Math.max(0, height)
}

function between(value: number, low: number, high: number): number {
  return Math.max(low, Math.min(value, Math.max(low, high)))
}

/**
 * Where a window is to be put: where it was, as far as a display is there now. `areas` are the usable parts of the
 * displays, the main one first; the window is moved, and shrunk where it must be, into the one that holds most of it.
 */
export function fitToDisplays(wanted: Bounds | null, areas: readonly Bounds[]): Bounds {
  const [main = { x: 0, y: 0, ...usual }, ...others] = areas
  if (wanted === null) {
    const width = Math.min(usual.width, main.width)
    const height = Math.min(usual.height, main.height)
    return { x: main.x + Math.floor((main.width - width) / 2), y: main.y + Math.floor((main.height - height) / 2), width, height }
  }
  const area = others.reduce((best, other) => (overlap(wanted, other) > overlap(wanted, best) ? other : best), main)
  const width = between(wanted.width, Math.min(smallest.width, area.width), area.width)
  const height = between(wanted.height, Math.min(smallest.height, area.height), area.height)
  return {
    x: between(wanted.x, area.x, area.x + area.width - width),
    y: between(wanted.y, area.y, area.y + area.height - height),
    width,
    height,
  }
}
