import type { Dirent } from 'node:fs'
import { readdir, rm } from 'node:fs/promises'
import path from 'node:path'
import { AppError } from '../../shared/rpc/errors.ts'
import { missingFiles, modelFolder, sizeOf, type ModelDtype } from './model-files.ts'

export interface DownloadedModel {
  readonly model: string
  readonly bytes: number
  /** False while files are missing or unfinished. */
  readonly complete: boolean
}

const dtypes: readonly ModelDtype[] = ['fp32', 'fp16', 'q8', 'q4']

async function entriesOf(folder: string): Promise<Dirent[]> {
  return readdir(folder, { withFileTypes: true }).catch((error: NodeJS.ErrnoException) => {
    if (error.code === 'ENOENT') return []
    throw error
  })
}

async function filesOf(folder: string): Promise<string[]> {
  const entries = await entriesOf(folder)
  const nested = await Promise.all(
    entries.map((entry) => {
      const at = path.join(folder, entry.name)
      return entry.isDirectory() ? filesOf(at) : entry.isFile() ? [at] : []
    }),
  )
  return nested.flat()
}

async function describe(root: string, model: string): Promise<DownloadedModel> {
  const folder = modelFolder(root, model)
  const files = await filesOf(folder)
  const sizes = await Promise.all(files.map(sizeOf))
  const isUnfinished = files.some((file) => file.endsWith('.partial'))
  const missing = await Promise.all(dtypes.map((dtype) => missingFiles(folder, dtype)))
  return {
    model,
    bytes: sizes.reduce<number>((sum, size) => sum + (size ?? 0), 0),
    complete: !isUnfinished && missing.some((names) => names.length === 0),
  }
}

/** A model's folder holds files; an owner's folder holds only folders of models. */
async function isModel(folder: string): Promise<boolean> {
  const entries = await entriesOf(folder)
  return entries.some((entry) => entry.isFile() || entry.name === 'onnx')
}

/** The models in the app's folder, whether they were downloaded or put there by hand. */
export async function listModels(root: string): Promise<DownloadedModel[]> {
  const models: string[] = []
  for (const owner of await entriesOf(root)) {
    if (!owner.isDirectory()) continue
    if (await isModel(path.join(root, owner.name))) models.push(owner.name)
    else {
      const names = await entriesOf(path.join(root, owner.name))
      models.push(...names.filter((name) => name.isDirectory()).map((name) => `${owner.name}/${name.name}`))
    }
  }
  return Promise.all(models.sort().map((model) => describe(root, model)))
}

/**
 * Removes the files of a model from the app's folder, and its owner's folder where that is empty then.
 * @throws AppError 'not-found' where the folder holds no such model.
 */
export async function removeModel(root: string, model: string): Promise<void> {
  const known = await listModels(root)
  if (!known.some((other) => other.model === model)) {
    throw new AppError('not-found', `There are no files of ${model} in ${root}.`)
  }
  const folder = modelFolder(root, model)
  await rm(folder, { recursive: true, force: true })
  const owner = path.dirname(folder)
  if (owner !== root && (await entriesOf(owner)).length === 0) await rm(owner, { recursive: true, force: true })
}
