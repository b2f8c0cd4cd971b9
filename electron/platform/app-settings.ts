import { z } from 'zod'
import { preferencesSchema, tableLayoutSchema } from '../../shared/contract/settings.ts'
import { profileMappingSchema } from '../../shared/domain/profiles/profile.ts'
import { SettingsFile } from './settings-file.ts'

/** Everything in settings.json. What concerns one collection is kept under {@link collectionKey}. */
const appSettingsSchema = z.looseObject({
  preferences: z.looseObject(preferencesSchema.partial().shape).default({}),
  /** The command that starts Chroma, where the person has named one. */
  engineCommand: z.string().nullable().default(null),
  tableLayouts: z.record(z.string(), tableLayoutSchema).default({}),
  profileMappings: z.record(z.string(), profileMappingSchema).default({}),
})

export type AppSettings = SettingsFile<typeof appSettingsSchema>

export function openAppSettings(file: string, onDamaged: (file: string, setAside: string) => void): AppSettings {
  return new SettingsFile({ file, schema: appSettingsSchema, onDamaged })
}

/** Under which name something about a collection is kept. */
export function collectionKey(ref: { connectionId: string; collectionId: string }): string {
  return `${ref.connectionId}/${ref.collectionId}`
}

/** `record` with `key` set to `value`, or without it where the value is null. */
export function withEntry<Value>(record: Readonly<Record<string, Value>>, key: string, value: Value | null): Record<string, Value> {
  const others = Object.entries(record).filter(([name]) => name !== key)
  return Object.fromEntries(value === null ? others : [...others, [key, value]])
}
