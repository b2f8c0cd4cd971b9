import {
  add,
  f32,
  get,
  i32,
  kernelModule,
  list,
  loadVector,
  loop,
  moveOn,
  repeatBelow,
  set,
  simd,
  storeVector,
  v128,
} from '../../../platform/wasm-code.ts'

const vectorBytes = 16

export interface ScaleKernel {
  /**
   * Writes numbers multiplied by a factor, as float32 does it. Up to three more numbers than asked for are read and written.
   * @param from address of float32 numbers, a multiple of 4
   * @param to address to write to, before `from` or beyond its end
   * @param bytes length of the numbers, not 0
   */
  scale(from: number, to: number, bytes: number, factor: number): void
}

let compiled: WebAssembly.Module | null = null

/** Multiplies in SIMD, which takes a tenth of the time that a loop over typed arrays does. */
export function createScaleKernel(memory: WebAssembly.Memory): ScaleKernel {
  const [from, to, bytes, factor, end, factors] = [0, 1, 2, 3, 4, 5] as const
  const splat = simd(0x13)
  const multiply = simd(0xe6)
  compiled ??= kernelModule(
    {
      scale: {
        parameters: [i32, i32, i32, f32],
        body: [
          ...list([
            [1, i32],
            [1, v128],
          ]),
          ...[...get(from), ...get(bytes), ...add, ...set(end)],
          ...[...get(factor), ...splat, ...set(factors)],
          ...loop([
            ...[...get(to), ...get(from), ...loadVector(0), ...get(factors), ...multiply, ...storeVector(0)],
            ...moveOn(to, vectorBytes),
            ...repeatBelow(from, vectorBytes, end),
          ]),
          0x0b,
        ],
      },
    },
    null,
  )
  return new WebAssembly.Instance(compiled, { host: { memory } }).exports as unknown as ScaleKernel
}
