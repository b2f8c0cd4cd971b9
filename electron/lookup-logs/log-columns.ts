const maxColumns = 200
const maxDepth = 4
const sampleLength = 80

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null
}

/** Reads one column of a row: by its whole name, else as a path into nested objects and lists. */
export function columnReader(name: string): (row: Readonly<Record<string, unknown>>) => unknown {
  const steps = name.split('.')
  if (steps.length === 1) return (row) => (Object.hasOwn(row, name) ? row[name] : undefined)
  return (row) => {
    if (Object.hasOwn(row, name)) return row[name]
    let value: unknown = row
    for (const step of steps) {
      if (!isObject(value) || !Object.hasOwn(value, step)) return undefined
      value = value[step]
    }
    return value
  }
}

/** The columns seen in the first rows of a log, with a value of each. */
export class SeenColumns {
  readonly #samples = new Map<string, string[]>()

  /** Looks at one row. Of lists the first item is looked at. */
  see(row: Readonly<Record<string, unknown>>, prefix = '', depth = 0): void {
    for (const [key, value] of Object.entries(row)) {
      const name = `${prefix}${key}`
      if (isObject(value) && depth < maxDepth) {
        const inner = Array.isArray(value) ? (value.length > 0 ? { 0: value[0] as unknown } : {}) : (value as Record<string, unknown>)
        this.see(inner, `${name}.`, depth + 1)
      } else this.#add(name, value)
    }
  }

  /** Names with up to 20 values of each, as text; null and empty values are left out. */
  all(): { name: string; samples: readonly string[] }[] {
    return [...this.#samples].map(([name, samples]) => ({ name, samples }))
  }

  #add(name: string, value: unknown): void {
    const samples = this.#samples.get(name) ?? []
    if (samples.length === 0 && this.#samples.size >= maxColumns) return
    this.#samples.set(name, samples)
    const text = value === null || value === undefined ? '' : String(value).slice(0, sampleLength)
    if (text !== '' && samples.length < 20) samples.push(text)
  }
}
