/** Uniform numbers in [0, 1) that repeat for the same seed: mulberry32 (Tommy Ettinger, public domain), 32 bits of state. */
export function seededRandom(seed: number): () => number {
  let state = seed >>> 0
  return () => {
    state = (state + 0x6d2b79f5) >>> 0
    let mixed = Math.imul(state ^ (state >>> 15), state | 1)
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61)
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296
  }
}

/** Puts the items of `list` between two places, `to` excluded, into random order, in place (Fisher and Yates). */
export function shuffle(list: Int32Array, random: () => number, from = 0, to = list.length): void {
  for (let at = to - 1; at > from; at -= 1) {
    const other = from + Math.floor(random() * (at - from + 1))
    const item = list[at] ?? 0
    list[at] = list[other] ?? 0
    list[other] = item
  }
}
