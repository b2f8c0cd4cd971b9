import { metadataTypeOf, metadataTypeSchema, type Metadata, type MetadataType } from '../metadata.ts'

/** A key and its type, of one record or of most. */
interface KeyType {
  readonly key: string
  readonly type: MetadataType
}

/** Which metadata keys and types each record has. Records of one producer have few different combinations, so each is kept once. */
export class KeyShapes {
  readonly #shapes: (readonly KeyType[])[] = []
  readonly #numbers = new Map<string, number>()
  readonly #ofRow: number[] = []

  add(metadata: Metadata | null): void {
    const shape = [...(metadata ?? [])].map(([key, value]): KeyType => ({ key, type: metadataTypeOf(value) }))
    const name = JSON.stringify(shape.map(({ key, type }) => [key, type]))
    let number = this.#numbers.get(name)
    if (number === undefined) {
      number = this.#shapes.push(shape) - 1
      this.#numbers.set(name, number)
    }
    this.#ofRow.push(number)
  }

  /** Keys that at least this share of all rows has, and some lack; with the rows that lack them, and the type that most others have. */
  missing(share: number): { readonly key: string; readonly type: MetadataType; readonly rows: readonly number[] }[] {
    const total = this.#ofRow.length
    const byType = this.#counts(({ key, type }) => JSON.stringify([key, type]))
    return [...this.#counts(({ key }) => key)].flatMap(([key, count]) => {
      if (count === total || count < share * total) return []
      const lacking = this.#shapes.map((shape) => !shape.some((one) => one.key === key))
      const found = metadataTypeSchema.options.map((type) => ({ type, records: byType.get(JSON.stringify([key, type])) ?? 0 }))
      const { type } = found.reduce((most, one) => (one.records > most.records ? one : most))
      return [{ key, type, rows: this.#rowsWhere((shape) => lacking[shape] === true) }]
    })
  }

  /** Values of another type than at least this share of their key has; `type` is what most have. */
  mistyped(share: number): { readonly key: string; readonly type: MetadataType; readonly rows: readonly number[] }[] {
    const byKey = this.#counts(({ key }) => key)
    const byType = this.#counts(({ key, type }) => JSON.stringify([key, type]))
    return [...byKey].flatMap(([key, count]) => {
      const types = new Set(this.#shapes.flatMap((shape) => shape.filter((one) => one.key === key).map(({ type }) => type)))
      // A list without items says nothing about the type of its key.
      const main = [...types].find((type) => type !== 'empty[]' && (byType.get(JSON.stringify([key, type])) ?? 0) >= share * count)
      if (main === undefined || types.size === 1) return []
      const wrong = this.#shapes.map((shape) => shape.some((one) => one.key === key && one.type !== main && one.type !== 'empty[]'))
      const rows = this.#rowsWhere((shape) => wrong[shape] === true)
      return rows.length === 0 ? [] : [{ key, type: main, rows }]
    })
  }

  #counts(name: (one: KeyType) => string): Map<string, number> {
    const records = this.#shapes.map(() => 0)
    for (const shape of this.#ofRow) records[shape] = (records[shape] ?? 0) + 1
    const counts = new Map<string, number>()
    for (const [number, shape] of this.#shapes.entries()) {
      for (const one of shape) counts.set(name(one), (counts.get(name(one)) ?? 0) + (records[number] ?? 0))
    }
    return counts
  }

  #rowsWhere(isMeant: (shape: number) => boolean): number[] {
    return this.#ofRow.flatMap((shape, row) => (isMeant(shape) ? [row] : []))
  }
}
