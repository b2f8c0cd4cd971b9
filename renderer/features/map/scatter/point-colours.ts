import type { ScatterColours } from './scatter-props.ts'

/** 4 bytes for each of `count` points; points without a colour are black. */
export function pointColours(colours: ScatterColours, count: number): Uint8Array {
  if (colours.kind === 'rgba' && colours.values.length === 4 * count) return colours.values
  const bytes = new Uint8Array(4 * count)
  if (colours.kind === 'rgba') {
    bytes.set(colours.values.subarray(0, 4 * count))
    return bytes
  }
  const { codes, palette } = colours
  const entries = new Uint32Array(palette.slice().buffer, 0, palette.length >> 2)
  const words = new Uint32Array(bytes.buffer)
  for (let index = 0; index < count; index += 1) words[index] = entries[codes[index] ?? 0] ?? 0xff000000
  return bytes
}
