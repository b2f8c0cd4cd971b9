export type Rgba = readonly [red: number, green: number, blue: number, alpha: number]

/** A CSS colour as bytes, read by the browser itself; black where it is none. */
export function cssColour(colour: string): Rgba {
  const context = new OffscreenCanvas(1, 1).getContext('2d', { willReadFrequently: true })
  if (!context) return [0, 0, 0, 255]
  context.fillStyle = colour
  context.fillRect(0, 0, 1, 1)
  const [red = 0, green = 0, blue = 0, alpha = 255] = context.getImageData(0, 0, 1, 1).data
  return [red, green, blue, alpha]
}
