import { z } from 'zod'
import { embedderConfigSchema, localModelSchema, paritySchema } from '../../shared/contract/embedders.ts'
import { SettingsFile } from '../platform/settings-file.ts'

export const savedEmbedderSchema = z.object({
  id: z.string(),
  title: z.string(),
  config: embedderConfigSchema,
  /** True where a key is kept among the secrets. */
  hasKey: z.boolean(),
})
export type SavedEmbedder = z.infer<typeof savedEmbedderSchema>

/** What embedders.json holds. Choices are kept by collection, parity by collection and embedder. */
const embedderFileSchema = z.looseObject({
  embedders: z.array(savedEmbedderSchema).default([]),
  localModels: z.array(localModelSchema).default([]),
  /** Dimensions seen at the last use, by embedder. */
  dimensions: z.record(z.string(), z.number()).default({}),
  choices: z.record(z.string(), z.string()).default({}),
  parity: z.record(z.string(), z.record(z.string(), paritySchema)).default({}),
})
export type EmbedderFile = SettingsFile<typeof embedderFileSchema>
export type EmbedderFileContent = z.infer<typeof embedderFileSchema>

export function openEmbedderFile(file: string, onDamaged: (file: string, setAside: string) => void): EmbedderFile {
  return new SettingsFile({ file, schema: embedderFileSchema, onDamaged })
}
