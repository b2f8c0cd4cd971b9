import { randomUUID } from 'node:crypto'
import { realpath } from 'node:fs/promises'
import path from 'node:path'
import type { EmbedderConfig, LocalModel } from '../../shared/contract/embedders.ts'
import { AppError } from '../../shared/rpc/errors.ts'
import type { JobContext, Jobs } from '../jobs/jobs.ts'
import type { EmbedderFile } from './embedder-file.ts'
import { downloadModel } from './model-download.ts'
import { missingFiles, modelFolder, type ModelDtype } from './model-files.ts'
import { listModels, removeModel, type DownloadedModel } from './model-store.ts'

type TransformersConfig = Extract<EmbedderConfig, { kind: 'transformers' }>

export interface ModelsOptions {
  /** Where downloads are kept: a folder per model, named as on the hub. */
  readonly folder: string
  readonly host: string
  readonly file: EmbedderFile
  readonly jobs: Jobs
  readonly onChange: () => void
}

/** The sentence models on this computer: downloads in the app's folder, and folders elsewhere that a person named. */
export class Models {
  readonly #options: ModelsOptions
  readonly #running = new Map<string, { jobId: string; dtype: ModelDtype; finished: Promise<void> }>()

  constructor(options: ModelsOptions) {
    this.#options = options
  }

  async list(): Promise<{ folder: string; bytes: number; downloads: DownloadedModel[]; local: LocalModel[] }> {
    const { folder, file } = this.#options
    const [downloads, { localModels }] = await Promise.all([listModels(folder), file.read()])
    return { folder, bytes: downloads.reduce((sum, { bytes }) => sum + bytes, 0), downloads, local: localModels }
  }

  /** Where the files of a transformers embedder are, or belong. @throws AppError 'not-found' for a local model that was forgotten. */
  async folderOf({ model, localModelId }: TransformersConfig): Promise<string> {
    return localModelId === null ? modelFolder(this.#options.folder, model) : (await this.localModel(localModelId)).folder
  }

  /** What is missing before a transformers embedder can be used, in a sentence; null where nothing is. */
  async needsOf(config: TransformersConfig): Promise<string | null> {
    const { localModels } = await this.#options.file.read()
    const local = localModels.find(({ id }) => id === config.localModelId)
    if (config.localModelId !== null && !local) return 'The folder of this model is no longer known: choose it again.'
    const folder = local?.folder ?? modelFolder(this.#options.folder, config.model)
    const missing = await missingFiles(folder, config.dtype)
    if (missing.length === 0) return null
    const names = missing.length === 1 ? `${missing[0]} is` : `${missing.slice(0, -1).join(', ')} and ${missing.at(-1)} are`
    return `${names} missing. ${local ? 'Put' : `Download ${missing.length === 1 ? 'it' : 'them'}, or put`} ${missing.length === 1 ? 'it' : 'them'} into ${folder}.`
  }

  /**
   * Fetches what a model lacks, as a job; returns its id, and that of the running job where there is one for it.
   * @throws AppError 'busy' where another dtype of the model is being fetched.
   */
  download(model: string, dtype: ModelDtype): string {
    const running = this.#running.get(model)
    if (running && running.dtype !== dtype) {
      throw new AppError('busy', `${model} is being downloaded with dtype ${running.dtype}.`, 'Wait until it is there, or cancel it.')
    }
    if (running) return running.jobId
    const { folder: root, host, jobs, onChange } = this.#options
    let finish = (): void => undefined
    const finished = new Promise<void>((resolve) => {
      finish = resolve
    })
    const download = async ({ signal, progress }: JobContext): Promise<string> => {
      try {
        await downloadModel({ host, model, dtype, folder: modelFolder(root, model), signal, progress })
        return model
      } finally {
        this.#running.delete(model)
        finish()
        onChange()
      }
    }
    const jobId = jobs.start(`Download ${model}`, download, { method: 'embedders.download', subject: model })
    this.#running.set(model, { jobId, dtype, finished })
    return jobId
  }

  /** Removes the files of a download; one that still runs is cancelled. @throws AppError 'not-found'. */
  async remove(model: string): Promise<void> {
    const running = this.#running.get(model)
    if (running) {
      this.#options.jobs.cancel(running.jobId)
      await running.finished
    }
    await removeModel(this.#options.folder, model)
  }

  /** Makes a folder known as a model; the path must not come from the renderer. @throws AppError 'not-found' where it is none. */
  async addLocal(folder: string): Promise<LocalModel> {
    const real = await realpath(folder)
    const missing = (await missingFiles(real, 'fp32')).filter((name) => !name.startsWith('onnx/'))
    if (missing.length > 0) {
      throw new AppError(
        'not-found',
        `${real} is not the folder of a sentence model: ${missing.join(', ')} ${missing.length === 1 ? 'is' : 'are'} missing.`,
        'Choose the folder that holds config.json, tokenizer.json, tokenizer_config.json and the folder onnx.',
      )
    }
    const { localModels } = await this.#options.file.read()
    const known = localModels.find((model) => model.folder === real)
    if (known) return known
    const added: LocalModel = { id: randomUUID(), name: path.basename(real), folder: real }
    await this.#options.file.update((current) => ({ ...current, localModels: [...current.localModels, added] }))
    return added
  }

  async localModel(id: string): Promise<LocalModel> {
    const { localModels } = await this.#options.file.read()
    const found = localModels.find((model) => model.id === id)
    if (!found) throw new AppError('not-found', 'The folder of this model is no longer known.', 'Choose it again.')
    return found
  }

  /** Forgets a local model; its files stay. */
  async removeLocal(id: string): Promise<void> {
    await this.localModel(id)
    await this.#options.file.update((current) => ({ ...current, localModels: current.localModels.filter((model) => model.id !== id) }))
  }
}
