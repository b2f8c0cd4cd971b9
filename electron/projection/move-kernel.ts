import {
  add,
  advance,
  type Code,
  constant,
  f32,
  get,
  i32,
  kernelModule,
  lessThan,
  list,
  loop,
  repeatIf,
  set,
  simd,
  tee,
  unsigned,
  v128,
} from '../platform/wasm-code.ts'
import { pieceMask, pieceShift, tableNumbers } from './force-table.ts'

/** Most that a point moves along an axis in one update, before the learning rate. */
const most = 4

/** Points that may push the head of an edge at once. */
export const mostPushes = 1024
/** Addresses in the kernel's memory: the state of xorshift32, then tables of forces, then what is up to the caller. */
export const stateAt = 0
const drawnAt = 16
export const attractionAt = drawnAt + 8 * mostPushes
export const repulsionAt = attractionAt + tableNumbers * 4
export const kernelEnd = repulsionAt + tableNumbers * 4
/** Bytes of a point: x and y as float32. */
export const pointBytes = 8
/** Bytes of an edge: the addresses of its head and tail, and how many points push the head; int32 each. */
export const edgeBytes = 12

export interface MoveKernel {
  /**
   * Moves the points of edges, one edge after the other: the head and tail are drawn together, then the head is pushed by points
   * drawn at random.
   * @param edges address of the first edge
   * @param end address after the last; greater than `edges`
   * @param points address of the points, of which the one after the last has no place (NaN)
   * @param tailShare 1, or 0 where tails stand still
   */
  move(edges: number, end: number, points: number, count: number, rate: number, tailShare: number): void
}

const [edges, end, points, pointCount, rate, tailShare] = [0, 1, 2, 3, 4, 5]
const [headA, tailA, countA, headB, tailB, countB] = [6, 7, 8, 9, 10, 11]
const [state, stateAfterA, at, other, isApart, steps, none] = [12, 13, 14, 15, 16, 17, 18]
const [heads, tails, others, apart, squared, piece, move, rates, mostMove, leastMove, zeros] = [19, 20, 21, 22, 23, 24, 25, 26, 27, 28, 29]

const load = (offset: number): number[] => [0x28, 2, ...unsigned(offset)]
const store = (offset: number): number[] => [0x36, 2, ...unsigned(offset)]
const when = (then: Code, otherwise?: Code): number[] => [0x04, 0x40, ...then, ...(otherwise ? [0x05, ...otherwise] : []), 0x0b]
const select = [0x1b]
const [isZero, isEqual, isDifferent, and, xor, shiftLeft, shiftRight] = [[0x45], [0x46], [0x47], [0x71], [0x73], [0x74], [0x76]] as const
/** The upper 32 bits of the product of two unsigned numbers on the stack. */
const upperProduct = (a: Code, b: Code): number[] => [...a, 0xad, ...b, 0xad, 0x7e, 0x42, 32, 0x88, 0xa7]

const splat = simd(0x13)
const isGreater = simd(0x44)
const isSame = simd(0x41)
const vectorAnd = simd(0x4e)
const vectorOr = simd(0x50)
const vectorAdd = simd(0xe4)
const vectorSubtract = simd(0xe5)
const vectorMultiply = simd(0xe6)
/** Of two: the second where it is less, or greater; where one is NaN, the first. */
const lesser = simd(0xea)
const greater = simd(0xeb)
const shiftLanesRight = simd(0xad)
const lane = (index: number): number[] => [...simd(0x1b), index]
const loadFirst = (offset: number): number[] => [...simd(0x5d), 2, ...unsigned(offset)]
const loadSecond = (offset: number): number[] => [...simd(0x57), 2, ...unsigned(offset), 1]
const storeHalf = (half: number): number[] => [...simd(0x5b), 2, 0, half]
/** Lanes of float32 of two vectors, 0 to 3 of the first and 4 to 7 of the second. */
const lanes = (...of: number[]): number[] => [...simd(0x0d), ...of.flatMap((each) => [0, 1, 2, 3].map((byte) => 4 * each + byte))]
const number = (value: number): number[] => [0x43, ...new Uint8Array(Float32Array.of(value).buffer), ...splat]

/** Repeats `body` with `at` from `from` up to before `to`. */
const count = (from: Code, to: Code, body: Code): number[] => [
  ...from,
  ...set(at),
  ...get(at),
  ...to,
  ...lessThan,
  ...when(loop([...body, ...advance(at, 1), ...tee(at), ...to, ...lessThan, ...repeatIf])),
]

const shift = (by: number, direction: Code): number[] => [
  ...get(state),
  ...get(state),
  ...constant(by),
  ...direction,
  ...xor,
  ...set(state),
]
/** Where the points that push stand: of both edges in turns. */
const drawnPlace = [...get(at), ...constant(3), ...shiftLeft]

/** Draws the points that push a head. A point does not push itself; `otherEnd` is one that the pair moves before. */
const draw = (head: number, otherEnd: number, countOf: number, offset: number): number[] =>
  count(constant(0), get(countOf), [
    ...shift(13, shiftLeft),
    ...shift(17, shiftRight),
    ...shift(5, shiftLeft),
    ...upperProduct(get(state), get(pointCount)),
    ...constant(3),
    ...shiftLeft,
    ...get(points),
    ...add,
    ...set(other),
    ...[...get(isApart), ...get(other), ...get(otherEnd), ...isDifferent, ...and, ...set(isApart)],
    ...drawnPlace,
    ...[...get(none), ...get(other), ...get(other), ...get(head), ...isEqual, ...select],
    ...store(drawnAt + offset),
  ])

const padDrawn = (countOf: number, offset: number): number[] =>
  count(get(countOf), get(steps), [...drawnPlace, ...get(none), ...store(drawnAt + offset)])

const pair = (first: Code, second: Code): number[] => [...second, ...first, ...loadFirst(0), ...loadSecond(0)]

/** Where the piece of a table for a lane of `move` lies, less the address of the table. */
const pieceOf = (index: number): number[] => [...get(move), ...lane(index), ...constant(pieceMask), ...and]

/** From `heads` and `others`: `apart`, `squared`, and in `move` how far the force of a table moves; 0 where they are not apart. */
const findMoves = (table: number): number[] => [
  ...[...get(heads), ...get(others), ...vectorSubtract, ...tee(apart), ...get(apart), ...vectorMultiply, ...tee(squared)],
  ...[...get(squared), ...get(squared), ...lanes(1, 0, 3, 2), ...vectorAdd, ...tee(squared)],
  ...[...constant(pieceShift), ...shiftLanesRight, ...set(move)],
  ...[...pieceOf(2), ...pieceOf(0), ...loadFirst(table), ...loadSecond(table), ...set(piece)],
  ...[...get(piece), ...get(piece), ...lanes(0, 0, 2, 2), ...get(piece), ...get(piece), ...lanes(1, 1, 3, 3)],
  ...[...get(squared), ...vectorMultiply, ...vectorAdd, ...get(apart), ...get(rates), ...vectorMultiply, ...vectorMultiply],
  ...[...get(mostMove), ...lesser, ...get(leastMove), ...greater],
  ...[...get(squared), ...get(zeros), ...isGreater, ...vectorAnd, ...set(move)],
]

const loadEdge = (head: number, tail: number, countOf: number, offset: number): number[] =>
  [head, tail, countOf].flatMap((local, place) => [...get(edges), ...load(offset + 4 * place), ...set(local)])

const areDifferent = (a: number, b: number): number[] => [...get(a), ...get(b), ...isDifferent]

const body = [
  ...list([
    [13, i32],
    [11, v128],
  ]),
  ...[...constant(0), ...load(stateAt), ...set(state)],
  ...[...get(rate), ...splat, ...tee(rates), ...number(most), ...vectorMultiply, ...set(mostMove)],
  ...[...get(rates), ...number(-most), ...vectorMultiply, ...set(leastMove)],
  ...[...get(pointCount), ...constant(3), ...shiftLeft, ...get(points), ...add, ...set(none)],
  ...loop([
    ...loadEdge(headA, tailA, countA, 0),
    ...[...advance(edges, edgeBytes), ...get(end), ...lessThan, ...tee(isApart)],
    ...when(
      [
        ...loadEdge(headB, tailB, countB, edgeBytes),
        ...[...areDifferent(headA, headB), ...areDifferent(tailA, tailB), ...and],
        ...[...areDifferent(headA, tailB), ...and, ...areDifferent(headB, tailA), ...and, ...set(isApart)],
      ],
      [...get(none), ...set(tailB)],
    ),
    ...draw(headA, tailB, countA, 0),
    ...[...get(state), ...set(stateAfterA)],
    ...[...get(isApart), ...when(draw(headB, headA, countB, 4))],
    ...[...get(isApart), ...isZero],
    ...when([...[...get(stateAfterA), ...set(state)], ...[...get(none), ...tee(headB), ...set(tailB), ...constant(0), ...set(countB)]]),
    ...[...get(countA), ...get(countB), ...get(countB), ...get(countA), ...lessThan, ...select, ...set(steps)],
    ...padDrawn(countA, 0),
    ...padDrawn(countB, 4),
    ...[...pair(get(headA), get(headB)), ...set(heads)],
    ...[...pair(get(tailA), get(tailB)), ...tee(tails), ...set(others)],
    ...findMoves(attractionAt),
    ...[...get(heads), ...get(move), ...vectorAdd, ...set(heads)],
    ...[...get(tails), ...get(move), ...get(tailShare), ...splat, ...vectorMultiply, ...vectorSubtract, ...set(tails)],
    ...[...get(tailA), ...get(tails), ...storeHalf(0), ...get(tailB), ...get(tails), ...storeHalf(1)],
    ...count(constant(0), get(steps), [
      ...[...pair([...drawnPlace, ...load(drawnAt)], [...drawnPlace, ...load(drawnAt + 4)]), ...set(others)],
      ...findMoves(repulsionAt),
      // Points at the same place are parted by the most that there is.
      ...[...get(squared), ...get(zeros), ...isSame, ...get(mostMove), ...vectorAnd],
      ...[...get(move), ...vectorOr, ...get(heads), ...vectorAdd, ...set(heads)],
    ]),
    ...[...get(headA), ...get(heads), ...storeHalf(0), ...get(headB), ...get(heads), ...storeHalf(1)],
    ...[...constant(2 * edgeBytes), ...constant(edgeBytes), ...get(isApart), ...select, ...get(edges), ...add, ...tee(edges)],
    ...[...get(end), ...lessThan, ...repeatIf],
  ]),
  ...[...constant(0), ...get(state), ...store(stateAt)],
  0x0b,
]

let compiled: WebAssembly.Module | null = null

/**
 * The inner loop of a layout in SIMD, on float32. Two edges whose updates do not touch each other are calculated side by side; others
 * one by one, so that the result is that of one edge after the other, bit for bit.
 */
export function createMoveKernel(memory: WebAssembly.Memory): MoveKernel {
  compiled ??= kernelModule({ move: { parameters: [i32, i32, i32, i32, f32, f32], body } }, null)
  const { exports } = new WebAssembly.Instance(compiled, { host: { memory } })
  return exports as unknown as MoveKernel
}
