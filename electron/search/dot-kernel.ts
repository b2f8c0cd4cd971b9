import {
  add,
  countDown,
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
  unsigned,
  v128,
  zeros,
} from '../platform/wasm-code.ts'
import { siftBody } from './sift-body.ts'

/** Numbers of a row that one turn of the kernel's inner loop takes; rows are padded with zeros to a multiple of it. */
export const kernelStep = 8
/** The same for rows of int8. */
export const smallKernelStep = 32

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
  /**
   * The same for rows of int8 and a query of int16, with products of int32. Nothing may overflow.
   * @param rowBytes a multiple of 32 and not 0
   */
  smallDots(rows: number, query: number, rowBytes: number, count: number, products: number): void
  /**
   * The same four rows at a time, with a list of those fours that may hold a row that counts. A row is left out where
   * `a * product * step + b * error + norm * (c - d * norm) < e`; what is not a number is never left out.
   * @param fours how many times four rows, at least 1
   * @param norms address of the first row's norm, float64, with those of the next rows after it; so are `steps` and `errors`
   * @param terms address of a, b, c, d and e, float64; behind them the end of the list is written, int32
   * @param products address for `4 * fours` int32 numbers
   * @param found address of the list: for each four the number of its first row among those given, int32
   */
  sift(
    rows: number,
    query: number,
    rowBytes: number,
    fours: number,
    norms: number,
    steps: number,
    errors: number,
    terms: number,
    products: number,
    found: number,
  ): void
}

/** Bytes that the terms of `sift` take with the end of its list. */
export const termsBytes = 48

const storeDouble = [0x39, 3, 0]
const storeInteger = [0x36, 2, 0]
const addDouble = [0xa0]
const loadHalf = (offset: number): number[] => [...simd(0x5d), 0, ...unsigned(offset)]
const toDoubles = simd(0x5f)
const addDoubles = simd(0xf0)
const multiplyDoubles = simd(0xf2)
const doubleLane = (index: number): number[] => [...simd(0x21), index]
const widenLow = simd(0x87)
const widenHigh = simd(0x88)
const multiplyPairs = simd(0xba)
const addIntegers = simd(0xae)
const integerLane = (index: number): number[] => [...simd(0x1b), index]

const [rows, query, rowBytes, count, products, rowEnd, queryAt] = [0, 1, 2, 3, 4, 5, 6]
const sums = [7, 8, 9, 10]
const sixteenNumbers = 11

interface Numbers {
  /** What one turn of the inner loop adds to the sums. */
  readonly step: readonly number[]
  readonly rowStep: number
  readonly queryStep: number
  readonly addSums: readonly number[]
  /** Stores the sum of the lanes of the first of the sums. */
  readonly store: readonly number[]
  readonly productBytes: number
}

/** For every row: clear the sums, go through the row, store the product. */
function kernelBody({ step, rowStep, queryStep, addSums, store, productBytes }: Numbers): number[] {
  const [first, second, third, fourth] = sums.map(get) as [number[], number[], number[], number[]]
  const oneRow = [
    ...sums.flatMap((sum) => [...zeros, ...set(sum)]),
    ...get(rows),
    ...get(rowBytes),
    ...add,
    ...set(rowEnd),
    ...get(query),
    ...set(queryAt),
    ...loop([...step, ...moveOn(queryAt, queryStep), ...repeatBelow(rows, rowStep, rowEnd)]),
    ...get(products),
    ...[...first, ...second, ...addSums, ...third, ...fourth, ...addSums, ...addSums],
    ...set(7),
    ...store,
    ...moveOn(products, productBytes),
    ...countDown(count),
  ]
  const locals = list([
    [2, i32],
    [sums.length + 1, v128],
  ])
  return [...locals, ...loop(oneRow), 0x0b]
}

function dotsBody(): number[] {
  const pair = (sum: number, index: number): number[] => [
    ...get(sum),
    ...get(rows),
    ...loadHalf(8 * index),
    ...toDoubles,
    ...get(queryAt),
    ...loadVector(16 * index),
    ...multiplyDoubles,
    ...addDoubles,
    ...set(sum),
  ]
  return kernelBody({
    step: sums.flatMap(pair),
    rowStep: 4 * kernelStep,
    queryStep: 8 * kernelStep,
    addSums: addDoubles,
    store: [...get(7), ...doubleLane(0), ...get(7), ...doubleLane(1), ...addDouble, ...storeDouble],
    productBytes: 8,
  })
}

function smallDotsBody(): number[] {
  const half = (sum: number, widen: readonly number[], at: number): number[] => [
    ...get(sum),
    ...get(sixteenNumbers),
    ...widen,
    ...get(queryAt),
    ...loadVector(at),
    ...multiplyPairs,
    ...addIntegers,
    ...set(sum),
  ]
  const sixteen = (index: number): number[] => [
    ...get(rows),
    ...loadVector(16 * index),
    ...set(sixteenNumbers),
    ...half(sums[2 * index] as number, widenLow, 32 * index),
    ...half(sums[2 * index + 1] as number, widenHigh, 32 * index + 16),
  ]
  const lanes = [0, 1, 2, 3].map((index) => [...get(7), ...integerLane(index)])
  return kernelBody({
    step: [...sixteen(0), ...sixteen(1)],
    rowStep: smallKernelStep,
    queryStep: 2 * smallKernelStep,
    addSums: addIntegers,
    store: [...lanes.flatMap((lane, index) => (index === 0 ? lane : [...lane, ...add])), ...storeInteger],
    productBytes: 4,
  })
}

const maxPages = 65_536

let compiled: WebAssembly.Module | null = null

/**
 * Inner products in SIMD over a shared memory. Products and sums of `dots` are double precision, so the result is that of a
 * plain loop up to the order of additions. Plain JavaScript takes about five times as long, and fifteen times as long as
 * `smallDots`, which is why the few instructions are assembled here.
 * @param memory shared, with a maximum of at most 65,536 pages
 */
export function createDotKernel(memory: WebAssembly.Memory): DotKernel {
  const parameters = [i32, i32, i32, i32, i32]
  compiled ??= kernelModule(
    {
      dots: { parameters, body: dotsBody() },
      smallDots: { parameters, body: smallDotsBody() },
      sift: { parameters: [...parameters, ...parameters], body: siftBody(smallKernelStep) },
    },
    maxPages,
  )
  const { exports } = new WebAssembly.Instance(compiled, { host: { memory } })
  return exports as unknown as DotKernel
}
