import { z } from 'zod'
import { pointLayers, type PointLayer, type PointOrder } from './point-order.ts'

/** What is painted: pixels, the part of the plane, and how points look. */
export const densityViewSchema = z.object({
  /** Pixels of the picture. */
  width: z.number().int().positive(),
  height: z.number().int().positive(),
  /** Place of the plane in the middle, and pixels per unit. */
  x: z.number(),
  y: z.number(),
  scale: z.number().positive(),
  /** Pixels. */
  radius: z.number().positive(),
  opacity: z.number().min(0).max(1),
  exponent: z.number().positive().max(1),
  /** Red, green and blue, 0 to 255, of the points that are set back. */
  grey: z.tuple([z.number(), z.number(), z.number()]),
})
export type DensityView = z.infer<typeof densityViewSchema>

/** Points in their drawing order. */
export interface DensityScene {
  readonly positions: Float32Array
  /** 4n bytes. */
  readonly colours: Uint8Array
  readonly sizes: Float32Array | null
  readonly order: PointOrder
}

/** Places between two pixels that a disc may be centred on, along each side. */
const steps = 4
/** Points on a pixel that are told apart, and parts of one. */
const mostPoints = 512
const parts = 16

interface Disc {
  /** Pixels from the middle to the side of the square. */
  readonly reach: number
  /** For each step down and each step right, (2 reach + 1)^2 shares of a pixel that the disc covers. */
  readonly covers: readonly Float32Array[]
}

function makeDisc(radius: number): Disc {
  const reach = Math.ceil(radius + 0.5)
  const side = 2 * reach + 1
  const covers = Array.from({ length: steps * steps }, (_, step) => {
    const shiftX = ((step % steps) + 0.5) / steps
    const shiftY = (Math.floor(step / steps) + 0.5) / steps
    return Float32Array.from({ length: side * side }, (_cover, at) => {
      const away = Math.hypot((at % side) - reach + 0.5 - shiftX, Math.floor(at / side) - reach + 0.5 - shiftY)
      return Math.min(1, Math.max(0, radius + 0.5 - away))
    })
  })
  return { reach, covers }
}

/**
 * Paints points by adding up, on every pixel, how much of it they cover and in which colours: the colour of a pixel is the mean
 * of its points, its opacity 1 - (1 - opacity)^(cover^exponent). With an exponent of 1 that is what discs of this opacity laid
 * over each other come to. Nothing depends on the order within a layer.
 * Returns rows from the top, 4 bytes a pixel, colours multiplied by their alpha.
 */
export function paintDensity(scene: DensityScene, view: DensityView): Uint8Array<ArrayBuffer> {
  const pixels = new Uint8Array(4 * view.width * view.height)
  const sums = new Float32Array(4 * view.width * view.height)
  const opacities = Float32Array.from(
    { length: mostPoints * parts + 1 },
    (_, at) => 1 - (1 - view.opacity) ** ((at / parts) ** view.exponent),
  )
  for (const layer of pointLayers(scene.order)) {
    if (layer.count === 0) continue
    addDiscs(sums, scene, view, layer)
    layOver(pixels, sums, opacities)
    sums.fill(0)
  }
  return pixels
}

function addDiscs(
  sums: Float32Array,
  { positions, colours, sizes, order }: DensityScene,
  { width, height, x, y, scale, radius, grey }: DensityView,
  { start, count, isGrey }: PointLayer,
): void {
  const discs = new Map<number, Disc>()
  const discOf = (size: number): Disc => {
    // Quarters of a pixel: as many discs as differ to the eye.
    const rounded = Math.max(0.25, Math.round(radius * size * 4) / 4)
    const disc = discs.get(rounded) ?? makeDisc(rounded)
    discs.set(rounded, disc)
    return disc
  }
  const common = makeDisc(radius)
  let [red, green, blue] = grey
  for (let at = start; at < start + count; at += 1) {
    const index = order.indices[at] ?? 0
    const { reach, covers } = sizes ? discOf(sizes[index] ?? 1) : common
    const column = width / 2 + ((positions[2 * index] ?? 0) - x) * scale
    const row = height / 2 - ((positions[2 * index + 1] ?? 0) - y) * scale
    if (!(column > -reach && column < width + reach && row > -reach && row < height + reach)) continue
    const left = Math.floor(column)
    const top = Math.floor(row)
    const cover = covers[Math.floor((row - top) * steps) * steps + Math.floor((column - left) * steps)]
    if (!cover) continue
    if (!isGrey) {
      red = colours[4 * index] ?? 0
      green = colours[4 * index + 1] ?? 0
      blue = colours[4 * index + 2] ?? 0
    }
    const side = 2 * reach + 1
    const firstRow = Math.max(0, reach - top)
    const lastRow = Math.min(side, height - top + reach)
    const firstColumn = Math.max(0, reach - left)
    const lastColumn = Math.min(side, width - left + reach)
    for (let down = firstRow; down < lastRow; down += 1) {
      let to = 4 * ((top - reach + down) * width + left - reach + firstColumn)
      for (let right = firstColumn; right < lastColumn; right += 1, to += 4) {
        const share = cover[down * side + right] as number
        if (share === 0) continue
        sums[to] = (sums[to] as number) + red * share
        sums[to + 1] = (sums[to + 1] as number) + green * share
        sums[to + 2] = (sums[to + 2] as number) + blue * share
        sums[to + 3] = (sums[to + 3] as number) + share
      }
    }
  }
}

function layOver(pixels: Uint8Array, sums: Float32Array, opacities: Float32Array): void {
  for (let at = 0; at < sums.length; at += 4) {
    const cover = sums[at + 3] as number
    if (cover === 0) continue
    const opacity = opacities[Math.min(opacities.length - 1, Math.round(cover * parts))] as number
    const weight = opacity / cover
    const left = 1 - opacity
    for (let channel = 0; channel < 3; channel += 1) {
      pixels[at + channel] = Math.round((sums[at + channel] as number) * weight + (pixels[at + channel] as number) * left)
    }
    pixels[at + 3] = Math.round(255 * opacity + (pixels[at + 3] as number) * left)
  }
}
