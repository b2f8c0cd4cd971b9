import type { Preferences, settings } from '../../../shared/contract/settings.ts'
import type { Handlers } from '../../../shared/rpc/define.ts'
import { collectionKey, withEntry, type AppSettings } from '../../platform/app-settings.ts'

function preferencesOf({ theme, density }: Partial<Preferences>): Preferences {
  return { theme: theme ?? 'system', density: density ?? 'compact' }
}

export function settingsHandlers(appSettings: AppSettings): Handlers<typeof settings> {
  return {
    preferences: async () => preferencesOf((await appSettings.read()).preferences),
    setPreferences: async (part) => {
      const { preferences } = await appSettings.update((current) => ({ ...current, preferences: { ...current.preferences, ...part } }))
      return preferencesOf(preferences)
    },
    tableLayout: async (ref) => (await appSettings.read()).tableLayouts[collectionKey(ref)] ?? null,
    setTableLayout: async ({ layout, ...ref }) => {
      await appSettings.update((current) => ({ ...current, tableLayouts: withEntry(current.tableLayouts, collectionKey(ref), layout) }))
      return {}
    },
  }
}
