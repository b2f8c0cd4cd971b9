import type { BulkPreview } from '../../../shared/contract/curation.ts'
import type { MetadataValue } from '../../../shared/domain/metadata.ts'
import type { StoredRecord } from '../../../shared/domain/record.ts'

export const mostSamples = 8
const bytesPerNumber = 9

function valueBytes(value: MetadataValue): number {
  if (Array.isArray(value)) return value.reduce<number>((sum, item) => sum + valueBytes(item), 0)
  return typeof value === 'string' ? value.length : bytesPerNumber
}

/** About how many bytes a record takes without its vector. */
export function recordBytes(record: StoredRecord | null): number {
  if (record === null) return 0
  let bytes = record.id.length + (record.document?.length ?? 0) + (record.uri?.length ?? 0)
  for (const [key, value] of record.metadata ?? []) bytes += key.length + valueBytes(value)
  return bytes
}

/** Counts what would become of records, and keeps a sample of those that would change. */
export class PreviewTally {
  readonly #expected: number
  readonly #vectorBytes: number
  readonly #refused = new Map<string, { count: number; exampleId: string }>()
  readonly #sample: BulkPreview['sample'] = []
  #last: BulkPreview['sample'][number] | null = null
  #records = 0
  #changed = 0
  #unchanged = 0
  #bytes = 0
  #nextSample = 0

  /** @param expected how many records there are about @param vectorBytes what of vectors is kept for each record that changes */
  constructor(expected: number, vectorBytes: number) {
    this.#expected = expected
    this.#vectorBytes = vectorBytes
  }

  unchanged(): void {
    this.#records += 1
    this.#unchanged += 1
  }

  refused(id: string, reason: string): void {
    this.#records += 1
    const known = this.#refused.get(reason)
    if (known) known.count += 1
    else this.#refused.set(reason, { count: 1, exampleId: id })
  }

  changed(id: string, before: StoredRecord | null, after: StoredRecord | null): void {
    this.#records += 1
    this.#changed += 1
    this.#bytes += recordBytes(before) + recordBytes(after) + this.#vectorBytes
    this.#last = { id, before, after }
    if (this.#records <= this.#nextSample || this.#sample.length >= mostSamples - 1) return
    this.#sample.push(this.#last)
    this.#nextSample = this.#records + Math.floor(this.#expected / mostSamples)
  }

  /** What was counted. Reasons are ordered by their counts. */
  preview(notes: readonly string[], state: string): BulkPreview {
    const sample = this.#last === null || this.#sample.includes(this.#last) ? this.#sample : [...this.#sample, this.#last]
    return {
      records: this.#records,
      changed: this.#changed,
      unchanged: this.#unchanged,
      refused: [...this.#refused].map(([reason, found]) => ({ reason, ...found })).toSorted((a, b) => b.count - a.count),
      sample: [...sample],
      bytes: this.#bytes,
      notes: [...notes],
      state,
    }
  }
}
