import type { MetadataScalar } from '../metadata.ts'
import type { MemoryRow } from './memory-row.ts'

/** Most spellings of one user that are kept for filters. */
const mostValues = 8

/** Who, when and in which session, of all records of a collection in stored order; no texts. */
export interface MemoryColumns {
  readonly ids: readonly string[]
  /** Place in `userNames`; -1 for none. */
  readonly users: Int32Array
  /** Place in `sessionNames`; -1 for none. */
  readonly sessions: Int32Array
  /** Milliseconds since 1970; NaN for none. */
  readonly times: Float64Array
  readonly userNames: readonly string[]
  readonly sessionNames: readonly string[]
  /** What each user is called, by the latest record that says so; null where none does. */
  readonly userLabels: readonly (string | null)[]
  /** How each user is written in metadata: `7` and `"7"` are the same user. Empty where a filter cannot name the user. */
  readonly userValues: readonly (readonly MetadataScalar[])[]
}

class Names {
  readonly names: string[] = []
  readonly #codes = new Map<string, number>()

  codeOf(name: string | null): number {
    if (name === null) return -1
    let code = this.#codes.get(name)
    if (code === undefined) {
      code = this.names.length
      this.#codes.set(name, code)
      this.names.push(name)
    }
    return code
  }
}

/** Collects rows into columns: about 30 bytes and an id for each. */
export class MemoryColumnsBuilder {
  readonly #ids: string[] = []
  readonly #users: number[] = []
  readonly #sessions: number[] = []
  readonly #times: number[] = []
  readonly #userNames = new Names()
  readonly #sessionNames = new Names()
  readonly #labels: { label: string; time: number }[] = []
  readonly #values: MetadataScalar[][] = []

  add({ id, user, userValue, session, time, name }: MemoryRow): void {
    const code = this.#userNames.codeOf(user)
    this.#ids.push(id)
    this.#users.push(code)
    this.#sessions.push(this.#sessionNames.codeOf(session))
    this.#times.push(time)
    if (code === -1) return
    const known = this.#labels[code]
    const isNewer = known === undefined || Number.isNaN(known.time) || time >= known.time
    if (name !== null && isNewer) this.#labels[code] = { label: name, time }
    const values = (this.#values[code] ??= [])
    if (userValue !== null && values.length < mostValues && !values.includes(userValue)) values.push(userValue)
  }

  finish(): MemoryColumns {
    return {
      ids: this.#ids,
      users: Int32Array.from(this.#users),
      sessions: Int32Array.from(this.#sessions),
      times: Float64Array.from(this.#times),
      userNames: this.#userNames.names,
      sessionNames: this.#sessionNames.names,
      userLabels: this.#userNames.names.map((_, code) => this.#labels[code]?.label ?? null),
      userValues: this.#userNames.names.map((_, code) => this.#values[code] ?? []),
    }
  }
}
