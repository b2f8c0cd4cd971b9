import { z } from 'zod'
import type { CollectionRef } from '../../../shared/contract/collections.ts'
import { type LookupSettings, lookupSettingsSchema } from '../../../shared/contract/lookups.ts'
import { defaultThreshold } from '../../../shared/domain/lookup.ts'
import { collectionKey } from '../../platform/app-settings.ts'
import { SettingsFile } from '../../platform/settings-file.ts'

/** How caches look up, where nobody has said otherwise. */
export const defaultLookupSettings: LookupSettings = {
  namespace: null,
  threshold: defaultThreshold,
  normalise: { unicode: true, lowerCase: true, stripPunctuation: false, collapseSpace: true, trim: true },
  embed: 'as-asked',
  exactLayer: true,
  semanticLayer: true,
  honourExpiry: true,
  embedderId: null,
  at: null,
}

const fileSchema = z.looseObject({ settings: z.record(z.string(), lookupSettingsSchema).default({}) })

/** How each collection is looked up in, as a person set it. */
export class LookupSettingsFile {
  readonly #file: SettingsFile<typeof fileSchema>

  constructor(file: string, onDamaged: (file: string, setAside: string) => void) {
    this.#file = new SettingsFile({ file, schema: fileSchema, onDamaged })
  }

  async get(ref: CollectionRef): Promise<LookupSettings> {
    const { settings } = await this.#file.read()
    return settings[collectionKey(ref)] ?? defaultLookupSettings
  }

  /** Changes some of them; the others stay. */
  async set(ref: CollectionRef, change: Partial<LookupSettings>): Promise<void> {
    const key = collectionKey(ref)
    await this.#file.update((current) => {
      const settings = { ...(current.settings[key] ?? defaultLookupSettings), ...change }
      return { ...current, settings: { ...current.settings, [key]: settings } }
    })
  }
}
