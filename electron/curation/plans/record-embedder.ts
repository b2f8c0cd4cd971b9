import type { CollectionRef } from '../../../shared/contract/collections.ts'
import type { EmbedderInfo, Parity } from '../../../shared/contract/embedders.ts'
import type { ProfileMapping } from '../../../shared/domain/profiles/profile.ts'
import type { StoredRecord } from '../../../shared/domain/record.ts'
import type { Embedded, EmbedOptions } from '../../embedder/embedder.ts'
import type { Embedders } from '../../embedder/embedders.ts'
import { embeddedTextOf } from '../../embedder/parity.ts'
import { KeptVectors } from './kept-vectors.ts'
import { partsOf } from './record-states.ts'

const textsAtOnce = 256
/** Says nothing about anybody: its vector tells the dimension. */
const neutralText = 'A short text to try the embedder.'

export interface RecordEmbedderOptions {
  readonly embedders: Embedders
  readonly mappingOf: (ref: CollectionRef, signal: AbortSignal) => Promise<ProfileMapping>
  /** Where vectors are kept until the work they are made for is done. */
  readonly folder: string
}

type Embed = (texts: readonly string[], options: EmbedOptions) => Promise<Embedded>
type Progress = (done: number, total: number) => void

/** Makes vectors of records, of the text that the vectors of their collection were made of. */
export class RecordEmbedder {
  readonly info: EmbedderInfo
  readonly #folder: string
  readonly #ref: CollectionRef
  readonly #embed: Embed
  readonly #basis: Parity['text']
  readonly #mapping: ProfileMapping
  #kept: KeptVectors | null = null

  private constructor(
    { folder, ref, info, embed }: { folder: string; ref: CollectionRef; info: EmbedderInfo; embed: Embed },
    basis: Parity['text'],
    mapping: ProfileMapping,
  ) {
    this.info = info
    this.#folder = folder
    this.#ref = ref
    this.#embed = embed
    this.#basis = basis
    this.#mapping = mapping
  }

  /**
   * The embedder of a collection. Which text its vectors were made of is known from a parity check, which is made where there was none.
   * @throws AppError as `Embedders.embedderFor`: 'not-found' where none is chosen, 'invalid-input' for another dimension.
   */
  static async ofCollection(options: RecordEmbedderOptions, ref: CollectionRef, signal: AbortSignal): Promise<RecordEmbedder> {
    const { embedders, mappingOf, folder } = options
    const { info, embed } = await embedders.embedderFor(ref, null, signal)
    const parity = (await embedders.parity(ref, info.id)) ?? (await embedders.checkParity(ref, info.id, signal))
    return new RecordEmbedder({ folder, ref, info, embed }, parity.text, await mappingOf(ref, signal))
  }

  /**
   * Any embedder, for vectors that go to another collection than `ref`, whatever their dimension.
   * @throws AppError 'not-found' for an unknown embedder.
   */
  static async forCopyOf(
    options: RecordEmbedderOptions,
    ref: CollectionRef,
    embedderId: string,
    signal: AbortSignal,
  ): Promise<RecordEmbedder> {
    const { embedders, mappingOf, folder } = options
    const info = await embedders.info(embedderId)
    const own = (await embedders.choice(ref, signal)).embedder
    const known = own && (await embedders.parity(ref, own.id))
    const mapping = await mappingOf(ref, signal)
    const guessed = mapping.kind === 'cache' && mapping.fields.query !== undefined ? 'query' : 'document'
    const embed: Embed = (texts, { purpose, signal: until, onProgress }) =>
      embedders.embedTexts(embedderId, texts, purpose, until, onProgress)
    return new RecordEmbedder({ folder, ref, info, embed }, known?.text ?? guessed, mapping)
  }

  /** The text of a record that its vector is made of; null where it has none, so that no vector can be made. */
  textOf(record: StoredRecord): string | null {
    return embeddedTextOf(this.#basis, record, this.#mapping)
  }

  /**
   * Vectors of texts, equal ones embedded once. With `keep`, what was embedded stays on disk until {@link finish}, and is taken from there
   * when the same work is done again after an interruption.
   * @throws AppError as `TextEmbedder.embed`, 'invalid-input' where the dimension is not that of the collection.
   */
  async vectorsOf(texts: readonly string[], keep: boolean, signal: AbortSignal, onProgress: Progress): Promise<Map<string, Float32Array>> {
    const vectors = new Map<string, Float32Array>()
    const distinct = [...new Set(texts)]
    const kept = keep && distinct.length > 0 ? await this.#keptVectors(signal) : null
    const missing: string[] = []
    for (const text of distinct) {
      const known = kept && (await kept.get(text))
      if (known) vectors.set(text, known)
      else missing.push(text)
    }
    for (const part of partsOf(missing, textsAtOnce)) {
      onProgress(vectors.size, distinct.length)
      const { dimension, data } = await this.#embed(part, { purpose: this.#purpose, signal })
      await kept?.add(part, data)
      for (const [index, text] of part.entries()) vectors.set(text, data.slice(index * dimension, (index + 1) * dimension))
    }
    onProgress(distinct.length, distinct.length)
    return vectors
  }

  /** How many numbers its vectors have; tries it out where that is not known. */
  async dimension(signal: AbortSignal): Promise<number> {
    return this.info.dimension ?? (await this.#embed([neutralText], { purpose: 'query', signal })).dimension
  }

  /** The work is done, or it ends here and may be taken up again. */
  async finish(isDone: boolean): Promise<void> {
    const kept = this.#kept
    this.#kept = null
    await (isDone ? kept?.remove() : kept?.close())
  }

  get #purpose(): EmbedOptions['purpose'] {
    return this.#basis === 'document' ? 'document' : 'query'
  }

  async #keptVectors(signal: AbortSignal): Promise<KeptVectors> {
    const work = JSON.stringify([this.info.config, this.#basis, this.#ref.connectionId, this.#ref.collectionId])
    this.#kept ??= await KeptVectors.open(this.#folder, work, await this.dimension(signal))
    return this.#kept
  }
}
