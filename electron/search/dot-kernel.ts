/** Numbers of a row that one turn of the kernel's inner loop takes; rows are padded with zeros to a multiple of it. */
export const kernelStep = 8

export interface DotKernel {
  /**
   * Writes the inner products of a query with rows that lie one after the other.
   * @param rows address of the first row: float32 numbers
   * @param query address of the query: float64 numbers, as many as a row has, at a multiple of 16
   * @param rowBytes length of a row in bytes, a multiple of 32 and not 0
   * @param count number of rows, at least 1
   * @param products address for `count` float64 numbers
   */
  dots(rows: number, query: number, rowBytes: number, count: number, products: number): void
}

// Encodings and opcodes are those of the WebAssembly core specification 2.0, chapter "Binary Format".
const i32 = 0x7f
const v128 = 0x7b

function unsigned(value: number): number[] {
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

const list = (items: readonly (readonly number[])[]): number[] => [...unsigned(items.length), ...items.flat()]
const section = (id: number, content: readonly number[]): number[] => [id, ...unsigned(content.length), ...content]
const name = (text: string): number[] => list([...text].map((letter) => [letter.charCodeAt(0)]))
const get = (local: number): number[] => [0x20, ...unsigned(local)]
const set = (local: number): number[] => [0x21, ...unsigned(local)]
const tee = (local: number): number[] => [0x22, ...unsigned(local)]
const constant = (value: number): number[] => [0x41, ...signed(value)]
const simd = (opcode: number): number[] => [0xfd, ...unsigned(opcode)]
const loop = (body: readonly number[]): number[] => [0x03, 0x40, ...body, 0x0b]
const add = [0x6a]
const lessThan = [0x49]
const repeatIf = [0x0d, 0]
const storeDouble = [0x39, 3, 0]
const addDoubles = [0xa0]
const loadPair = (offset: number): number[] => [...simd(0x00), 0, ...unsigned(offset)]
const loadHalf = (offset: number): number[] => [...simd(0x5d), 0, ...unsigned(offset)]
const toDoubles = simd(0x5f)
const addPairs = simd(0xf0)
const multiplyPairs = simd(0xf2)
const lane = (index: number): number[] => [...simd(0x21), index]
const zeros = [...simd(0x0c), ...Array.from({ length: 16 }, () => 0)]

const [rows, query, rowBytes, count, products, rowEnd, queryAt] = [0, 1, 2, 3, 4, 5, 6]
const sums = [7, 8, 9, 10]

function dotsBody(): number[] {
  const pair = (sum: number, index: number): number[] => [
    ...get(sum),
    ...get(rows),
    ...loadHalf(8 * index),
    ...toDoubles,
    ...get(queryAt),
    ...loadPair(16 * index),
    ...multiplyPairs,
    ...addPairs,
    ...set(sum),
  ]
  const advance = (local: number, bytes: number): number[] => [...get(local), ...constant(bytes), ...add]
  const [first, second, third, fourth] = sums.map(get) as [number[], number[], number[], number[]]
  const total = [...first, ...second, ...addPairs, ...third, ...fourth, ...addPairs, ...addPairs]
  const oneRow = [
    ...sums.flatMap((sum) => [...zeros, ...set(sum)]),
    ...get(rows),
    ...get(rowBytes),
    ...add,
    ...set(rowEnd),
    ...get(query),
    ...set(queryAt),
    ...loop([
      ...sums.flatMap(pair),
      ...advance(queryAt, 8 * kernelStep),
      ...set(queryAt),
      ...advance(rows, 4 * kernelStep),
      ...tee(rows),
      ...get(rowEnd),
      ...lessThan,
      ...repeatIf,
    ]),
    ...get(products),
    ...total,
    ...tee(7),
    ...lane(0),
    ...get(7),
    ...lane(1),
    ...addDoubles,
    ...storeDouble,
    ...advance(products, 8),
    ...set(products),
    ...advance(count, -1),
    ...tee(count),
    ...repeatIf,
  ]
  const locals = list([
    [2, i32],
    [sums.length, v128],
  ])
  return [...locals, ...loop(oneRow), 0x0b]
}

const maxPages = 65_536

function kernelBytes(): Uint8Array<ArrayBuffer> {
  const type = [0x60, ...list(Array.from({ length: 5 }, () => [i32])), 0]
  const importedMemory = [...name('host'), ...name('memory'), 2, 3, ...unsigned(1), ...unsigned(maxPages)]
  const body = dotsBody()
  return Uint8Array.from([
    ...[0x00, 0x61, 0x73, 0x6d, 0x01, 0x00, 0x00, 0x00],
    ...section(1, list([type])),
    ...section(2, list([importedMemory])),
    ...section(3, list([[0]])),
    ...section(7, list([[...name('dots'), 0, 0]])),
    ...section(10, list([[...unsigned(body.length), ...body]])),
  ])
}

let compiled: WebAssembly.Module | null = null

/**
 * Inner products in SIMD over a shared memory. Products and sums are double precision, so the result is that of a plain
 * loop over numbers up to the order of additions; plain JavaScript takes about five times as long, which is why the few
 * instructions are assembled here.
 * @param memory shared, with a maximum of at most 65,536 pages
 */
export function createDotKernel(memory: WebAssembly.Memory): DotKernel {
  compiled ??= new WebAssembly.Module(kernelBytes())
  const { exports } = new WebAssembly.Instance(compiled, { host: { memory } })
  return exports as unknown as DotKernel
}
