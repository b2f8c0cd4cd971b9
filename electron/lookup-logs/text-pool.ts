/** Texts by small numbers, each kept once. Number 0 stands for no text. */
export class TextPool {
  readonly #texts: (string | null)[] = [null]
  readonly #numbers = new Map<string, number>()
  #bytes = 0

  /** Memory taken, bytes, about: the characters and what a map needs for each. */
  get bytes(): number {
    return this.#bytes
  }

  get size(): number {
    return this.#texts.length - 1
  }

  numberOf(text: string | null): number {
    if (text === null) return 0
    const known = this.#numbers.get(text)
    if (known !== undefined) return known
    // A slice would keep the whole block of the file alive that it was cut from.
    const own = Buffer.from(text, 'utf8').toString('utf8')
    const number = this.#texts.length
    this.#texts.push(own)
    this.#numbers.set(own, number)
    this.#bytes += own.length * 2 + 64
    return number
  }

  /** The number of a text that is there already; undefined where it is not. */
  find(text: string): number | undefined {
    return this.#numbers.get(text)
  }

  textOf(number: number): string | null {
    return this.#texts[number] ?? null
  }

  /** One byte for each text: 1 where `matches`. */
  matching(matches: (text: string) => boolean): Uint8Array {
    return Uint8Array.from(this.#texts, (text) => Number(text !== null && matches(text)))
  }
}
