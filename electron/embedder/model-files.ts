import { readFile, stat } from 'node:fs/promises'
import path from 'node:path'
import { z } from 'zod'

export type ModelDtype = 'fp32' | 'fp16' | 'q8' | 'q4'

/** How transformers.js names the weights of each dtype. */
const suffixes: Readonly<Record<ModelDtype, string>> = { fp32: '', fp16: '_fp16', q8: '_quantized', q4: '_q4' }

const countSchema = z.union([z.boolean(), z.number().int().min(0).max(100)])
const configSchema = z.looseObject({
  'transformers.js_config': z
    .looseObject({ use_external_data_format: z.union([countSchema, z.record(z.string(), countSchema)]) })
    .optional(),
})

/** Weights beyond two gigabytes lie in files beside the graph; config.json says in how many. */
function externalFiles(config: unknown, weights: string): string[] {
  const parsed = configSchema.safeParse(config)
  const format = parsed.success ? parsed.data['transformers.js_config']?.use_external_data_format : undefined
  const found = typeof format === 'object' ? (format[weights] ?? format['model'] ?? 0) : (format ?? 0)
  return Array.from({ length: Number(found) }, (_, index) => `onnx/${weights}_data${index === 0 ? '' : `_${index}`}`)
}

/**
 * The files that transformers.js reads for a sentence model, as it names them: relative, with slashes.
 * @param config what config.json holds, since it may name further files; null where that is not known yet
 */
export function neededFiles(dtype: ModelDtype, config: unknown): string[] {
  const weights = `model${suffixes[dtype]}.onnx`
  return ['config.json', 'tokenizer.json', 'tokenizer_config.json', `onnx/${weights}`, ...externalFiles(config, weights)]
}

/** What config.json of a model's folder holds; null where it is absent or no JSON. */
export async function readConfig(folder: string): Promise<unknown> {
  try {
    return JSON.parse(await readFile(path.join(folder, 'config.json'), 'utf8')) as unknown
  } catch {
    return null
  }
}

/** Bytes of a file, null where it is absent. */
export async function sizeOf(file: string): Promise<number | null> {
  return stat(file).then(
    (found) => (found.isFile() ? found.size : null),
    () => null,
  )
}

/** The needed files that are not in the folder. */
export async function missingFiles(folder: string, dtype: ModelDtype): Promise<string[]> {
  const names = neededFiles(dtype, await readConfig(folder))
  const sizes = await Promise.all(names.map((name) => sizeOf(path.join(folder, name))))
  return names.filter((_, index) => sizes[index] === null)
}

/** Where the files of a model of the hub are kept. */
export function modelFolder(root: string, model: string): string {
  return path.join(root, ...model.split('/'))
}
