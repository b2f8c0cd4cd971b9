/**
 * The few instructions of WebAssembly that the app's own kernels are made of. Encodings and opcodes are those of the core
 * specification 2.0, chapter "Binary Format".
 */
export const i32 = 0x7f
export const f32 = 0x7d
export const v128 = 0x7b

export type Code = readonly number[]

/** LEB128. @param value 0 to 2^32 - 1 */
export function unsigned(value: number): number[] {
  const low = value & 0x7f
  const rest = value >>> 7
  return rest === 0 ? [low] : [low | 0x80, ...unsigned(rest)]
}

function signed(value: number): number[] {
  const low = value & 0x7f
  const rest = value >> 7
  const done = (rest === 0 && (low & 0x40) === 0) || (rest === -1 && (low & 0x40) !== 0)
  return done ? [low] : [low | 0x80, ...signed(rest)]
}

export const list = (items: readonly Code[]): number[] => [...unsigned(items.length), ...items.flat()]
const section = (id: number, content: Code): number[] => [id, ...unsigned(content.length), ...content]
const name = (text: string): number[] => list([...text].map((letter) => [letter.charCodeAt(0)]))

export const get = (local: number): number[] => [0x20, ...unsigned(local)]
export const set = (local: number): number[] => [0x21, ...unsigned(local)]
export const tee = (local: number): number[] => [0x22, ...unsigned(local)]
export const constant = (value: number): number[] => [0x41, ...signed(value)]
export const simd = (opcode: number): number[] => [0xfd, ...unsigned(opcode)]
export const loop = (body: Code): number[] => [0x03, 0x40, ...body, 0x0b]
export const add = [0x6a]
/** Of unsigned numbers. */
export const lessThan = [0x49]
/** Begins the innermost loop again where the number on the stack is not 0. */
export const repeatIf = [0x0d, 0]
export const loadVector = (offset: number): number[] => [...simd(0x00), 0, ...unsigned(offset)]
export const zeros = [...simd(0x0c), ...Array.from({ length: 16 }, () => 0)]
export const storeVector = (offset: number): number[] => [...simd(0x0b), 0, ...unsigned(offset)]
/** `local + bytes`, on the stack. */
export const advance = (local: number, bytes: number): number[] => [...get(local), ...constant(bytes), ...add]
/** `local += bytes`. */
export const moveOn = (local: number, bytes: number): number[] => [...advance(local, bytes), ...set(local)]
/** `local += bytes`, and the innermost loop again while it is below `end`. */
export const repeatBelow = (local: number, bytes: number, end: number): number[] => [
  ...[...advance(local, bytes), ...tee(local), ...get(end), ...lessThan, ...repeatIf],
]
/** `local -= 1`, and the innermost loop again while it is not 0. */
export const countDown = (local: number): number[] => [...advance(local, -1), ...tee(local), ...repeatIf]

/** A function without a result: its parameters, and its locals with what it does. */
export interface KernelFunction {
  readonly parameters: Code
  readonly body: Code
}

/**
 * A module of functions over an imported memory, `host.memory`.
 * @param mostPages of a shared memory; null for a memory of its own
 */
export function kernelModule(functions: Readonly<Record<string, KernelFunction>>, mostPages: number | null): WebAssembly.Module {
  const all = Object.entries(functions)
  const limits = mostPages === null ? [0, 1] : [3, 1, ...unsigned(mostPages)]
  return new WebAssembly.Module(
    Uint8Array.from([
      ...[0x00, 0x61, 0x73, 0x6d, 0x01, 0x00, 0x00, 0x00],
      ...section(1, list(all.map(([, { parameters }]) => [0x60, ...list(parameters.map((type) => [type])), 0]))),
      ...section(2, list([[...name('host'), ...name('memory'), 2, ...limits]])),
      ...section(3, list(all.map((_, index) => [index]))),
      ...section(7, list(all.map(([exported], index) => [...name(exported), 0, index]))),
      ...section(10, list(all.map(([, { body }]) => [...unsigned(body.length), ...body]))),
    ]),
  )
}
