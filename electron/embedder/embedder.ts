export interface EmbedOptions {
  readonly signal?: AbortSignal
  /** Some models embed questions and texts differently. */
  readonly purpose: 'query' | 'document'
}

/** Turns texts into vectors. The same text gives the same vector every time. */
export interface Embedder {
  /** Stable name, as collections record it. */
  readonly name: string
  /** Length of every vector. */
  readonly dimension: number
  /**
   * Vectors of the texts, row-major: text i is at `[i * dimension, (i + 1) * dimension)`. Rows have norm 1, or 0 for a text
   * without anything to embed.
   * @throws AppError 'cancelled' after the signal.
   */
  embed(texts: readonly string[], options: EmbedOptions): Promise<Float32Array>
}
