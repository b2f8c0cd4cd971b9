import { isUnitNorm, type NormSummary } from '../../shared/domain/similarity.ts'
import type { Space } from '../../shared/domain/space.ts'
import { type BlockLayout, normsOf, rowsOf } from './block-layout.ts'

export interface VectorBlockOptions {
  readonly key: number
  /** Of the collection. */
  readonly space: Space
  readonly ids: readonly string[]
  /** Ids of records without a vector that can be read. */
  readonly missing: readonly string[]
  readonly memory: WebAssembly.Memory
  readonly layout: BlockLayout
}

/** The vectors of a collection at one moment, in a memory that all search workers see. */
export class VectorBlock {
  readonly key: number
  readonly space: Space
  readonly ids: readonly string[]
  readonly missing: readonly string[]
  readonly memory: WebAssembly.Memory
  readonly layout: BlockLayout
  readonly #rows: Float32Array
  readonly #norms: Float64Array
  #positions: Map<string, number> | null = null
  #summary: (NormSummary & { readonly zero: number; readonly nonFinite: number }) | null = null

  constructor({ key, space, ids, missing, memory, layout }: VectorBlockOptions) {
    this.key = key
    this.space = space
    this.ids = ids
    this.missing = missing
    this.memory = memory
    this.layout = layout
    this.#rows = rowsOf(memory, layout)
    this.#norms = normsOf(memory, layout)
  }

  /** 0 for a collection without vectors. */
  get dimension(): number {
    return this.ids.length === 0 ? 0 : this.layout.dimension
  }

  get bytes(): number {
    return this.memory.buffer.byteLength
  }

  /** Not to be changed: it is the memory itself. */
  vector(position: number): Float32Array {
    const at = position * this.layout.stride
    return this.#rows.subarray(at, at + this.layout.dimension)
  }

  /** Euclidean norm; NaN or infinite where a number is not finite. */
  norm(position: number): number {
    return this.#norms[position] ?? Number.NaN
  }

  positionOf(id: string): number | null {
    this.#positions ??= new Map(this.ids.map((each, position) => [each, position]))
    return this.#positions.get(id) ?? null
  }

  /** Norms of all vectors that are neither zero nor broken, and how many are. */
  norms(): NormSummary & { readonly zero: number; readonly nonFinite: number } {
    if (this.#summary) return this.#summary
    let [min, max, nonUnit, count, zero, nonFinite] = [Infinity, 0, 0, 0, 0, 0]
    for (const norm of this.#norms) {
      if (!Number.isFinite(norm)) nonFinite += 1
      else if (norm === 0) zero += 1
      else {
        count += 1
        min = Math.min(min, norm)
        max = Math.max(max, norm)
        if (!isUnitNorm(norm)) nonUnit += 1
      }
    }
    this.#summary = { min: count === 0 ? 0 : min, max, nonUnit, count, zero, nonFinite }
    return this.#summary
  }
}
