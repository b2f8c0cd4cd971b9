import {
  add,
  countDown,
  get,
  i32,
  list,
  loadVector,
  loop,
  moveOn,
  repeatBelow,
  set,
  simd,
  storeVector,
  tee,
  unsigned,
  v128,
  zeros,
} from '../platform/wasm-code.ts'

const storeInteger = (offset: number): number[] => [0x36, 2, ...unsigned(offset)]
/** Eight int8 numbers as int16. */
const loadWidened = (offset: number): number[] => [...simd(0x01), 0, ...unsigned(offset)]
const loadSplat = (offset: number): number[] => [...simd(0x0a), 0, ...unsigned(offset)]
const multiplyPairs = simd(0xba)
const addIntegers = simd(0xae)
const toDoubles = simd(0xfe)
const [addDoubles, subtractDoubles, multiplyDoubles, lessDoubles] = [simd(0xf0), simd(0xf1), simd(0xf2), simd(0x49)]
const both = simd(0x4e)
const isEveryLaneTrue = simd(0xc3)
const isZero = [0x45]
const when = (body: readonly number[]): number[] => [0x04, 0x40, ...body, 0x0b]
/** Four of the eight int32 lanes of two vectors. */
const lanes = (...chosen: readonly number[]): number[] => [
  ...simd(0x0d),
  ...chosen.flatMap((lane) => [0, 1, 2, 3].map((byte) => 4 * lane + byte)),
]

const [firstRow, query, rowBytes, fours, norms, steps, errors, terms, products, found] = [0, 1, 2, 3, 4, 5, 6, 7, 8, 9]
const [secondRow, thirdRow, fourthRow, rowEnd, queryAt, number] = [10, 11, 12, 13, 14, 15]
const rowAddresses = [firstRow, secondRow, thirdRow, fourthRow]
const sums = [16, 17, 18, 19]
const [eight, four] = [20, 21]
const [productTerm, errorTerm, normTerm, squareTerm, least] = [22, 23, 24, 25, 26]
const termLocals = [productTerm, errorTerm, normTerm, squareTerm, least]

/** Adds the products of eight numbers of each row to its sum. */
function eightNumbers(index: number): number[] {
  const ofRow = (row: number, place: number): number[] => {
    const sum = sums[place] as number
    return [...get(sum), ...get(row), ...loadWidened(8 * index), ...get(eight), ...multiplyPairs, ...addIntegers, ...set(sum)]
  }
  return [...get(queryAt), ...loadVector(16 * index), ...set(eight), ...rowAddresses.flatMap(ofRow)]
}

/** The four sums of lanes of the four vectors, as one vector: two are laid into each other, added, and then all four. */
function addLanes(): number[] {
  const [first, second, third, fourth] = sums.map(get) as [number[], number[], number[], number[]]
  const pair = (a: readonly number[], b: readonly number[]): number[] => [
    ...[...a, ...b, ...lanes(0, 4, 1, 5)],
    ...[...a, ...b, ...lanes(2, 6, 3, 7)],
    ...addIntegers,
  ]
  return [
    ...[...pair(first, second), ...set(sums[0] as number)],
    ...[...pair(third, fourth), ...set(sums[2] as number)],
    ...[...first, ...third, ...lanes(0, 1, 4, 5)],
    ...[...first, ...third, ...lanes(2, 3, 6, 7)],
    ...addIntegers,
  ]
}

/** Whether two rows are left out, as two masks. @param at of the first of the two among the four: 0 or 2 */
function leftOut(at: 0 | 2): number[] {
  const load = (address: number): number[] => [...get(address), ...loadVector(8 * at)]
  return [
    ...[...get(four), ...get(four), ...lanes(at, at + 1, at, at + 1), ...toDoubles],
    ...[...load(steps), ...multiplyDoubles, ...get(productTerm), ...multiplyDoubles],
    ...[...load(errors), ...get(errorTerm), ...multiplyDoubles, ...addDoubles],
    ...[...load(norms), ...get(normTerm), ...load(norms), ...get(squareTerm), ...multiplyDoubles, ...subtractDoubles],
    ...[...multiplyDoubles, ...addDoubles],
    ...[...get(least), ...lessDoubles],
  ]
}

/** The body of `sift`. @param step numbers that one turn of the inner loop takes, a multiple of 8 */
export function siftBody(step: number): number[] {
  const oneRowOn = [...get(rowBytes), ...add]
  const fourRows = [
    ...sums.flatMap((sum) => [...zeros, ...set(sum)]),
    ...[...get(firstRow), ...oneRowOn, ...tee(secondRow), ...oneRowOn, ...tee(thirdRow), ...oneRowOn, ...set(fourthRow)],
    ...[...get(secondRow), ...set(rowEnd), ...get(query), ...set(queryAt)],
    ...loop([
      ...Array.from({ length: step / 8 }, (_, index) => eightNumbers(index)).flat(),
      ...moveOn(queryAt, 2 * step),
      ...[secondRow, thirdRow, fourthRow].flatMap((row) => moveOn(row, step)),
      ...repeatBelow(firstRow, step, rowEnd),
    ]),
    ...[...get(fourthRow), ...set(firstRow)],
    ...[...addLanes(), ...set(four)],
    ...[...get(products), ...get(four), ...storeVector(0)],
    ...[...leftOut(0), ...leftOut(2), ...both, ...isEveryLaneTrue, ...isZero],
    ...when([...get(found), ...get(number), ...storeInteger(0), ...moveOn(found, 4)]),
    ...moveOn(number, 4),
    ...moveOn(products, 16),
    ...[norms, steps, errors].flatMap((address) => moveOn(address, 32)),
    ...countDown(fours),
  ]
  const locals = list([
    [6, i32],
    [sums.length + 2 + termLocals.length, v128],
  ])
  return [
    ...locals,
    ...termLocals.flatMap((local, index) => [...get(terms), ...loadSplat(8 * index), ...set(local)]),
    ...loop(fourRows),
    ...[...get(terms), ...get(found), ...storeInteger(8 * termLocals.length)],
    0x0b,
  ]
}
