import { z } from 'zod'
import { SettingsFile } from '../platform/settings-file.ts'

const defaultLimit = 2 * 2 ** 30

/** Most bytes that History may keep. */
const historySettingsSchema = z.looseObject({ limit: z.number().default(defaultLimit) })
export type HistorySettings = SettingsFile<typeof historySettingsSchema>

export function openHistorySettings(file: string, onDamaged: (file: string, setAside: string) => void): HistorySettings {
  return new SettingsFile({ file, schema: historySettingsSchema, onDamaged })
}
