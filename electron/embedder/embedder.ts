export interface EmbedOptions {
  readonly signal?: AbortSignal
  /** Some models embed questions and texts differently. */
  readonly purpose: 'query' | 'document'
  /** Texts embedded so far, of how many. */
  readonly onProgress?: (done: number, total: number) => void
}

/** Vectors of texts, row-major: text i is at `[i * dimension, (i + 1) * dimension)`. */
export interface Embedded {
  readonly dimension: number
  readonly data: Float32Array<ArrayBuffer>
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
  embed(texts: readonly string[], options: EmbedOptions): Promise<Float32Array<ArrayBuffer>>
}

/** An embedder whose dimension is known only from what it makes. */
export interface TextEmbedder {
  /**
   * @throws AppError 'cancelled' after the signal; 'not-found' where files are missing, 'damaged' where they cannot be read;
   * 'unreachable', 'unauthorised', 'busy', 'invalid-input' or 'unsupported' for servers.
   */
  embed(texts: readonly string[], options: EmbedOptions): Promise<Embedded>
}
