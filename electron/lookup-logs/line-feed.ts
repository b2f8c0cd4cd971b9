/** No lookup is this long; what is, is not a log of lookups. */
const maxLine = 4 * 1024 * 1024

export type OnLine = (text: string, line: number) => void

/** UTF-16 where the byte order mark says so, else UTF-8. Marks are not part of the text. */
function encodingOf(start: Uint8Array): 'utf-8' | 'utf-16le' | 'utf-16be' {
  if (start[0] === 0xff && start[1] === 0xfe) return 'utf-16le'
  return start[0] === 0xfe && start[1] === 0xff ? 'utf-16be' : 'utf-8'
}

/** Whether the beginning of a file is text: it has no zero bytes, but for UTF-16. */
export function looksLikeText(start: Uint8Array): boolean {
  return encodingOf(start) !== 'utf-8' || !start.includes(0)
}

/** Cuts blocks of bytes into lines that end with LF or CR LF, numbered from 1. */
export class LineFeed {
  #decoder: TextDecoder | null = null
  #rest = ''
  #lines = 0
  #skipping = false

  /** What follows the last line end. */
  get rest(): string {
    return this.#skipping ? '' : this.#rest
  }

  get nextLine(): number {
    return this.#lines + 1
  }

  /** @param onTooLong told about a line longer than 4 MB, which is left out */
  feed(bytes: Uint8Array, onLine: OnLine, onTooLong: OnLine): void {
    this.#decoder ??= new TextDecoder(encodingOf(bytes))
    const text = this.#rest + this.#decoder.decode(bytes, { stream: true })
    let start = 0
    for (let end = text.indexOf('\n'); end !== -1; end = text.indexOf('\n', start)) {
      this.#lines += 1
      if (this.#skipping) this.#skipping = false
      else onLine(text.slice(start, text[end - 1] === '\r' && end > start ? end - 1 : end), this.#lines)
      start = end + 1
    }
    this.#rest = text.slice(start)
    if (this.#rest.length <= maxLine) return
    if (!this.#skipping) onTooLong(this.#rest.slice(0, 300), this.nextLine)
    this.#skipping = true
    this.#rest = ''
  }
}
