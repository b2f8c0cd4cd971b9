/** Repeatable randomness: the same seed gives the same sequence on every machine. */
export interface Random {
  /** 0 <= value < 1. */
  next(): number
  /** Whole number, 0 <= value < below. */
  below(below: number): number
  /** Whole number, from <= value <= to. */
  between(from: number, to: number): number
  chance(probability: number): boolean
  pick<Item>(items: readonly Item[]): Item
  /** A copy in random order. */
  shuffled<Item>(items: readonly Item[]): Item[]
  /** Like pick, but the first items come up much more often: item k with a weight of 1 / (k + 1 + flatness). */
  pickPopular<Item>(items: readonly Item[], flatness: number): Item
}

/** mulberry32 (Tommy Ettinger, public domain). */
export function createRandom(seed: number): Random {
  let state = seed | 0
  function next(): number {
    state = (state + 0x6d2b79f5) | 0
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state)
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4294967296
  }
  function below(limit: number): number {
    return Math.floor(next() * limit)
  }
  function pick<Item>(items: readonly Item[]): Item {
    const item = items[below(items.length)]
    if (item === undefined) throw new RangeError('There is nothing to pick from.')
    return item
  }
  return {
    next,
    below,
    pick,
    between: (from, to) => from + below(to - from + 1),
    chance: (probability) => next() < probability,
    shuffled: (items) => {
      const copy = [...items]
      for (let last = copy.length - 1; last > 0; last--) {
        const other = below(last + 1)
        const held = copy[last] as (typeof copy)[number]
        copy[last] = copy[other] as (typeof copy)[number]
        copy[other] = held
      }
      return copy
    },
    pickPopular: (items, flatness) => {
      const weights = items.map((_, index) => 1 / (index + 1 + flatness))
      let rest = next() * weights.reduce((sum, weight) => sum + weight, 0)
      for (const [index, weight] of weights.entries()) {
        rest -= weight
        if (rest < 0) return items[index] as (typeof items)[number]
      }
      return pick(items)
    },
  }
}
