import { randomUUID } from 'node:crypto'
import path from 'node:path'
import type { CollectionRef } from '../../shared/contract/collections.ts'
import { collectionSubject } from '../../shared/contract/jobs.ts'
import type { EmbedderChoice, EmbedderConfig, EmbedderInfo, EmbedderTest, Parity } from '../../shared/contract/embedders.ts'
import type { ProfileMapping } from '../../shared/domain/profiles/profile.ts'
import { AppError } from '../../shared/rpc/errors.ts'
import type { JobContext, Jobs } from '../jobs/jobs.ts'
import { collectionKey, withEntry } from '../platform/app-settings.ts'
import type { Secrets } from '../platform/secrets.ts'
import type { OpenStores } from '../store/open-stores.ts'
import { builtInEmbedder, builtInEmbedders, describeEmbedder, miniLmDimension, miniLmId } from './built-in.ts'
import { proposeEmbedder } from './choose-embedder.ts'
import type { EmbedOptions, Embedded } from './embedder.ts'
import { openEmbedderFile, type EmbedderFile, type EmbedderFileContent, type SavedEmbedder } from './embedder-file.ts'
import { EmbedderHost } from './embedder-host.ts'
import { Models } from './models.ts'
import { isLoopback } from './network-failure.ts'
import { compareVectors, sampleForParity } from './parity.ts'
import type { Recipe } from './protocol.ts'

export interface EmbeddersOptions {
  /** The app's data folder: embedders.json and the models are kept there. */
  readonly data: string
  readonly stores: OpenStores
  readonly secrets: Secrets
  /** Where keys are kept, in words. */
  readonly keptIn: string
  readonly jobs: Jobs
  /** How the records of a collection are laid out. */
  readonly mappingOf: (ref: CollectionRef, signal: AbortSignal) => Promise<ProfileMapping>
  /** Where models are fetched from, such as `https://huggingface.co`. */
  readonly modelHost: string
  readonly onDamaged: (file: string, setAside: string) => void
  /** Answers about embedders changed without a call: a download ended. */
  readonly onChange: () => void
}

/** An embedder that fits a collection. */
export interface CollectionEmbedder {
  readonly info: EmbedderInfo
  /**
   * Vectors of the collection's dimension.
   * @throws AppError 'invalid-input' where the dimension is another, before any of the texts is sent or embedded where it is
   * known or can be tried out; otherwise as `TextEmbedder.embed`.
   */
  embed(texts: readonly string[], options: EmbedOptions): Promise<Embedded>
}

/** Says nothing about anybody: it is what servers get to see before they get a person's texts. */
const neutralText = 'A short text to try the embedder.'
const numbers = new Intl.NumberFormat('en')

function secretId(embedderId: string): string {
  return `embedder:${embedderId}`
}

function hostOf(config: EmbedderConfig): string | null {
  return config.kind === 'openai' ? new URL(config.baseUrl).host : null
}

/**
 * Text to vectors for the whole app: which embedders there are, which one a collection asks for, whether it is the one that
 * made its vectors, and the vectors themselves. Nothing that a store names is set up, loaded or called without a person.
 */
export class Embedders {
  readonly #options: EmbeddersOptions
  readonly #file: EmbedderFile
  readonly #host = new EmbedderHost()
  readonly #models: Models

  constructor(options: EmbeddersOptions) {
    this.#options = options
    this.#file = openEmbedderFile(path.join(options.data, 'embedders.json'), options.onDamaged)
    this.#models = new Models({
      folder: path.join(options.data, 'models'),
      host: options.modelHost,
      file: this.#file,
      jobs: options.jobs,
      onChange: options.onChange,
    })
  }

  get models(): Models {
    return this.#models
  }

  /** Built-in ones first, the lexical one with the given dimension; then those that were set up, oldest first. */
  async list(dimension: number | null): Promise<EmbedderInfo[]> {
    const content = await this.#file.read()
    return Promise.all([...builtInEmbedders(dimension), ...content.embedders].map((embedder) => this.#describe(embedder, content)))
  }

  /** @throws AppError 'not-found' for an unknown embedder. */
  async info(id: string): Promise<EmbedderInfo> {
    const content = await this.#file.read()
    return this.#describe(this.#known(content, id), content)
  }

  /**
   * Sets an embedder up, or changes one. Its key is removed where it would reach another host.
   * @throws AppError 'invalid-input' for addresses with credentials, 'not-found' for an unknown id or local model.
   */
  async save({ id, title, config }: { id: string | null; title: string; config: EmbedderConfig }): Promise<EmbedderInfo> {
    if (config.kind === 'openai' && /^[^:]+:\/\/[^/]*@/.test(config.baseUrl)) {
      throw new AppError('invalid-input', 'The base URL holds a name or password.', 'Leave it out, and enter the key on its own.')
    }
    const content = await this.#file.read()
    if (config.kind === 'transformers' && config.localModelId !== null) await this.#models.localModel(config.localModelId)
    const before = id === null ? null : (content.embedders.find((embedder) => embedder.id === id) ?? null)
    if (id !== null && before === null) throw this.#unknown(id)
    const keepsKey = before !== null && before.hasKey && hostOf(before.config) !== null && hostOf(before.config) === hostOf(config)
    if (before?.hasKey && !keepsKey) await this.#options.secrets.remove(secretId(before.id))
    const saved: SavedEmbedder = { id: id ?? randomUUID(), title, config, hasKey: keepsKey }
    const isSameModel = before !== null && JSON.stringify(before.config) === JSON.stringify(config)
    const next = await this.#file.update((current) => ({
      ...(isSameModel ? current : withoutFindings(current, saved.id)),
      embedders: before ? current.embedders.map((other) => (other.id === saved.id ? saved : other)) : [...current.embedders, saved],
    }))
    return this.#describe(saved, next)
  }

  /** Forgets an embedder with its key. Collections it was chosen for go back to what they say. */
  async remove(id: string): Promise<void> {
    if (builtInEmbedder(id)) throw new AppError('invalid-input', 'Built-in embedders cannot be removed.')
    const { hasKey } = await this.#saved(id)
    if (hasKey) await this.#options.secrets.remove(secretId(id))
    await this.#file.update((current) => ({
      ...withoutFindings(current, id),
      embedders: current.embedders.filter((embedder) => embedder.id !== id),
      choices: Object.fromEntries(Object.entries(current.choices).filter(([, chosen]) => chosen !== id)),
    }))
  }

  async setKey(id: string, key: string | null): Promise<{ keptIn: string }> {
    const { config } = await this.#saved(id)
    if (config.kind !== 'openai') throw new AppError('invalid-input', 'This embedder runs on this computer and takes no key.')
    if (key === null) await this.#options.secrets.remove(secretId(id))
    else await this.#options.secrets.set(secretId(id), { token: key, headers: [] })
    await this.#file.update((current) => ({
      ...current,
      embedders: current.embedders.map((embedder) => (embedder.id === id ? { ...embedder, hasKey: key !== null } : embedder)),
    }))
    return { keptIn: this.#options.keptIn }
  }

  /** Embeds a short text of the app's own and says what came back, as a job where it takes longer. Errors as in `TextEmbedder.embed`. */
  async test(id: string, signal: AbortSignal): Promise<EmbedderTest> {
    const { title } = this.#known(await this.#file.read(), id)
    const purpose = { method: 'embedders.test', subject: id }
    return this.#options.jobs.follow({ title: `Test ${title}`, purpose, signal }, (context) => this.#test(id, context))
  }

  async #test(id: string, { signal, progress }: JobContext): Promise<EmbedderTest> {
    progress('Embedding a short text', 0, null)
    const started = performance.now()
    const { dimension, data } = await this.embedTexts(id, [neutralText], 'query', signal)
    const milliseconds = performance.now() - started
    const norm = Math.sqrt(data.reduce((sum, value) => sum + value * value, 0))
    const message = `It works: ${numbers.format(dimension)} dimensions, norm ${norm.toFixed(3)}, in ${numbers.format(Math.ceil(milliseconds))} ms.`
    return { dimension, norm, milliseconds, message }
  }

  /** The embedder for a collection: the one a person chose, else the one the collection asks for. Nothing is loaded or sent. */
  async choice(ref: CollectionRef, signal?: AbortSignal): Promise<EmbedderChoice> {
    const [content, facts] = await Promise.all([this.#file.read(), this.#facts(ref, signal)])
    const chosenId = content.choices[collectionKey(ref)]
    const chosen = chosenId === undefined ? null : find(content, chosenId)
    const proposal = proposeEmbedder(facts, content.embedders, (embedder) => dimensionOf(embedder, content))
    const embedder = chosen ?? (proposal.embedderId === null ? null : find(content, proposal.embedderId))
    const info = embedder && (await this.#describe(embedder, content))
    return {
      embedder: info,
      reason: chosen ? 'Chosen for this collection.' : proposal.reason,
      chosenByPerson: chosen !== null,
      problem: info && problemOf(info, facts.dimension),
      suggestion: chosen ? null : proposal.suggestion,
    }
  }

  async choose(ref: CollectionRef, embedderId: string | null, signal?: AbortSignal): Promise<EmbedderChoice> {
    if (embedderId !== null && !find(await this.#file.read(), embedderId)) throw this.#unknown(embedderId)
    await this.#file.update((current) => ({ ...current, choices: withEntry(current.choices, collectionKey(ref), embedderId) }))
    return this.choice(ref, signal)
  }

  /**
   * An embedder for a collection: the given one, or with null the one of {@link choice}.
   * @throws AppError 'not-found' where there is none, 'invalid-input' where its dimension is known to be another.
   */
  async embedderFor(ref: CollectionRef, embedderId: string | null, signal?: AbortSignal): Promise<CollectionEmbedder> {
    const [content, { dimension }] = await Promise.all([this.#file.read(), this.#facts(ref, signal)])
    const info =
      embedderId === null ? (await this.choice(ref, signal)).embedder : await this.#describe(this.#known(content, embedderId), content)
    if (info === null) {
      throw new AppError('not-found', 'No embedder is chosen for this collection.', 'Choose one for it, or search by record or by vector.')
    }
    const problem = problemOf(info, dimension)
    if (problem !== null) throw wrongDimension(problem)
    return {
      info,
      embed: async (texts, options) => {
        if (dimension !== null) await this.#expectDimension(info, dimension, options.signal)
        const embedded = await this.embedTexts(info.id, texts, options.purpose, options.signal, options.onProgress)
        const found = problemOf({ ...info, dimension: embedded.dimension }, texts.length === 0 ? null : dimension)
        if (found !== null) throw wrongDimension(found)
        return embedded
      },
    }
  }

  /** Vectors of texts, whatever their dimension. Errors as in `TextEmbedder.embed`, and 'not-found' for an unknown embedder. */
  async embedTexts(
    embedderId: string,
    texts: readonly string[],
    purpose: EmbedOptions['purpose'],
    signal?: AbortSignal,
    onProgress?: EmbedOptions['onProgress'],
  ): Promise<Embedded> {
    const content = await this.#file.read()
    const embedder = this.#known(content, embedderId)
    const options: EmbedOptions = { purpose, ...(signal ? { signal } : {}), ...(onProgress ? { onProgress } : {}) }
    const embedded = await this.#host.embed(await this.#recipe(embedder), texts, options)
    if (embedded.dimension > 0 && embedded.dimension !== dimensionOf(embedder, content)) await this.#learn(embedder, embedded.dimension)
    return embedded
  }

  /** The last parity check of an embedder on a collection; null where there was none since either changed. */
  async parity(ref: CollectionRef, embedderId: string): Promise<Parity | null> {
    const { parity } = await this.#file.read()
    return parity[collectionKey(ref)]?.[embedderId] ?? null
  }

  /**
   * Embeds up to 20 stored texts again and compares, as a job where it takes longer; see `compareVectors`. Errors as in
   * {@link CollectionEmbedder}.
   */
  checkParity(ref: CollectionRef, embedderId: string, signal: AbortSignal): Promise<Parity> {
    const purpose = { method: 'embedders.checkParity', subject: collectionSubject(ref) }
    return this.#options.jobs.follow({ title: 'Check parity', purpose, signal }, (context) => this.#checkParity(ref, embedderId, context))
  }

  async #checkParity(ref: CollectionRef, embedderId: string, { signal, progress }: JobContext): Promise<Parity> {
    progress('Reading stored vectors', 0, null)
    const embedder = await this.embedderFor(ref, embedderId, signal)
    const store = await this.#options.stores.get(ref.connectionId, signal)
    const [sample, mapping] = await Promise.all([
      sampleForParity(store, ref.collectionId, { signal }),
      this.#options.mappingOf(ref, signal),
    ])
    const onProgress = (done: number, total: number): void => progress('Embedding stored texts', done, total)
    const compared = await compareVectors(sample, mapping, (texts, purpose) => embedder.embed(texts, { purpose, signal, onProgress }))
    const parity: Parity = { ...compared, checkedAt: Date.now() }
    const key = collectionKey(ref)
    await this.#file.update((current) => ({
      ...current,
      parity: { ...current.parity, [key]: { ...current.parity[key], [embedderId]: parity } },
    }))
    return parity
  }

  /** Fetches the missing files of a transformers embedder as a job; returns its id, that of the running one where there is one. */
  async download(id: string): Promise<string> {
    const { config } = this.#known(await this.#file.read(), id)
    if (config.kind !== 'transformers' || config.localModelId !== null) {
      throw new AppError('invalid-input', 'This embedder has no files to download.')
    }
    return this.#models.download(config.model, config.dtype)
  }

  /** Removes a download. The worker ends first, since it has files of models open; what it embeds meanwhile is cancelled. */
  async removeDownload(model: string): Promise<void> {
    await this.#host.unload()
    await this.#models.remove(model)
  }

  /** Ends the worker. */
  async close(): Promise<void> {
    await this.#host.close()
  }

  async #facts(ref: CollectionRef, signal?: AbortSignal) {
    const store = await this.#options.stores.get(ref.connectionId, signal)
    const { summary, metadata, embeddingFunction } = await store.detail(ref.collectionId, signal ? { signal } : {})
    return { dimension: summary.dimension, metadata, embeddingFunction }
  }

  /** Tries an embedder out with a neutral text where nothing else tells its dimension, so that a wrong server never sees a person's texts. */
  async #expectDimension(info: EmbedderInfo, dimension: number, signal: AbortSignal | undefined): Promise<void> {
    const content = await this.#file.read()
    const known = dimensionOf(this.#known(content, info.id), content)
    if (known !== null) return
    const tried = await this.embedTexts(info.id, [neutralText], 'query', signal)
    const problem = problemOf({ ...info, dimension: tried.dimension }, dimension)
    if (problem !== null) throw wrongDimension(problem)
  }

  async #learn(embedder: SavedEmbedder, dimension: number): Promise<void> {
    await this.#file.update((current) => ({ ...current, dimensions: { ...current.dimensions, [embedder.id]: dimension } }))
  }

  async #recipe({ id, title, config, hasKey }: SavedEmbedder): Promise<Recipe> {
    switch (config.kind) {
      case 'lexical':
        return config
      case 'transformers': {
        const { dtype, pooling, normalise, maxTokens, queryPrefix, documentPrefix } = config
        const folder = await this.#models.folderOf(config)
        return { kind: 'transformers', title, folder, dtype, pooling, normalise, maxTokens, queryPrefix, documentPrefix }
      }
      case 'openai': {
        const secret = hasKey ? await this.#options.secrets.get(secretId(id)) : null
        if (hasKey && secret === null) {
          throw new AppError('unauthorised', `The key of ${title} cannot be read any more.`, 'Enter it again.')
        }
        return { ...config, key: secret?.token ?? null }
      }
    }
  }

  async #describe(embedder: SavedEmbedder, content: EmbedderFileContent): Promise<EmbedderInfo> {
    const { id, title, config, hasKey } = embedder
    const isRemote = config.kind === 'openai' && !isLoopback(new URL(config.baseUrl).hostname)
    return {
      id,
      title,
      description: describeEmbedder(config),
      config,
      dimension: dimensionOf(embedder, content),
      sendsTo: isRemote ? hostOf(config) : null,
      needs: config.kind === 'transformers' ? await this.#models.needsOf(config) : null,
      hasKey,
      builtIn: builtInEmbedder(id) !== null,
    }
  }

  async #saved(id: string): Promise<SavedEmbedder> {
    return this.#known(await this.#file.read(), id)
  }

  #known(content: EmbedderFileContent, id: string): SavedEmbedder {
    const embedder = find(content, id)
    if (!embedder) throw this.#unknown(id)
    return embedder
  }

  #unknown(id: string): AppError {
    return new AppError('not-found', `There is no embedder ${JSON.stringify(id)}.`, 'It may have been removed: choose another one.')
  }
}

function find(content: EmbedderFileContent, id: string): SavedEmbedder | null {
  return builtInEmbedder(id) ?? content.embedders.find((embedder) => embedder.id === id) ?? null
}

/** From the configuration, or as seen at the last use; null where neither tells. */
function dimensionOf({ id, config }: SavedEmbedder, { dimensions }: EmbedderFileContent): number | null {
  if (config.kind === 'lexical') return config.dimension
  if (id === miniLmId) return miniLmDimension
  return (config.kind === 'openai' ? config.dimensions : null) ?? dimensions[id] ?? null
}

function problemOf({ title, dimension }: EmbedderInfo, expected: number | null): string | null {
  if (dimension === null || expected === null || dimension === expected) return null
  return `${title} makes vectors of ${numbers.format(dimension)} dimensions; those of the collection have ${numbers.format(expected)}.`
}

function wrongDimension(problem: string): AppError {
  return new AppError('invalid-input', problem, 'Choose another embedder for this collection.')
}

/** Without what was learned about an embedder that is no longer the same. */
function withoutFindings(content: EmbedderFileContent, id: string): EmbedderFileContent {
  return {
    ...content,
    dimensions: withEntry<number>(content.dimensions, id, null),
    parity: Object.fromEntries(
      Object.entries(content.parity).map(([collection, checks]) => [collection, withEntry<Parity>(checks, id, null)]),
    ),
  }
}
