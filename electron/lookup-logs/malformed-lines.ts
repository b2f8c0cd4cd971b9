export interface MalformedLine {
  readonly line: number
  readonly text: string
  readonly reason: string
}

const kept = 200
const keptLength = 300

/** Lines that could not be read: all are counted, the first are kept to be shown. */
export class MalformedLines {
  readonly #first: MalformedLine[] = []
  #total = 0

  get total(): number {
    return this.#total
  }

  get first(): readonly MalformedLine[] {
    return this.#first
  }

  add(line: number, text: string, reason: string): void {
    this.#total += 1
    if (this.#first.length < kept) this.#first.push({ line, text: text.slice(0, keptLength), reason })
  }

  /** Takes the last one away again. */
  dropLast(): void {
    if (this.#first.length === this.#total) this.#first.pop()
    this.#total -= 1
  }
}
