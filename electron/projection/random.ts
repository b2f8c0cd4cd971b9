/**
 * Repeatable randomness: xorshift32 (Marsaglia 2003, "Xorshift RNGs", Journal of Statistical Software 8/14). Its one word of
 * state lets the layout's inner loop keep it in a variable.
 */
export class Random {
  state: number

  /** @param seed any number; its lower 32 bits count */
  constructor(seed: number) {
    // Neighbouring seeds are spread by a step of splitmix32, and a state of zero would stay zero.
    let mixed = (seed + 0x9e3779b9) | 0
    mixed = Math.imul(mixed ^ (mixed >>> 16), 0x21f0aaad)
    mixed = Math.imul(mixed ^ (mixed >>> 15), 0x735a2d97)
    this.state = (mixed ^ (mixed >>> 15)) | 0 || 1
  }

  /** 0 <= value < 1, a multiple of 2^-32. */
  next(): number {
    let state = this.state
    state ^= state << 13
    state ^= state >>> 17
    state ^= state << 5
    this.state = state
    return (state >>> 0) / 4_294_967_296
  }

  /** Whole number, 0 <= value < limit. */
  below(limit: number): number {
    return Math.floor(this.next() * limit)
  }

  /** Normally distributed with mean 0 and deviation 1 (Box and Muller 1958). */
  normal(): number {
    return Math.sqrt(-2 * Math.log(1 - this.next())) * Math.cos(2 * Math.PI * this.next())
  }
}
