import path from 'node:path'

export interface LogLine {
  /** Milliseconds since 1970. */
  readonly at: number
  readonly source: string
  readonly line: string
}

const keptLines = 2000
const longestLine = 2000
/* oxlint-disable-next-line no-control-regex */
const terminalColours = /\u001B\[[0-9;]*m/g
const banner = /^[\s(#]*$/

/** The last lines of the engines' output, without colours, banner and full paths. */
export class LogRing {
  readonly #lines: LogLine[] = []
  readonly #partial = new Map<string, string>()
  readonly #hidden: { full: string; shown: string }[] = []

  /** From now on a path is shown as its last part only. */
  hide(directory: string): void {
    this.#hidden.push({ full: directory, shown: path.basename(directory) })
    this.#hidden.sort((a, b) => b.full.length - a.full.length)
  }

  /** Takes a piece of output; whole lines become visible. */
  write(source: string, text: string): void {
    const lines = ((this.#partial.get(source) ?? '') + text).split(/\r?\n/)
    this.#partial.set(source, (lines.pop() ?? '').slice(-longestLine))
    for (const line of lines) this.add(source, line)
  }

  /** Adds one line. */
  add(source: string, line: string): void {
    let shown = line.replace(terminalColours, '').trimEnd()
    if (banner.test(shown)) return
    for (const { full, shown: name } of this.#hidden) shown = shown.replaceAll(full, name)
    this.#lines.push({ at: Date.now(), source, line: shown.slice(0, longestLine) })
    if (this.#lines.length > keptLines) this.#lines.splice(0, this.#lines.length - keptLines)
  }

  lines(): LogLine[] {
    return [...this.#lines]
  }
}
