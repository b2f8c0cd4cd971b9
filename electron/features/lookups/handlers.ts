import type { lookups as lookupsContract } from '../../../shared/contract/lookups.ts'
import type { Handlers } from '../../../shared/rpc/define.ts'
import type { LookupDryRun } from './dry-run.ts'
import type { LookupSettingsFile } from './lookup-settings.ts'

export interface LookupsHandlersOptions {
  readonly settings: LookupSettingsFile
  readonly dryRun: LookupDryRun
}

export function lookupsHandlers({ settings, dryRun }: LookupsHandlersOptions): Handlers<typeof lookupsContract> {
  return {
    settings: (ref) => settings.get(ref),
    setSettings: async ({ settings: next, ...ref }) => {
      await settings.set(ref, next)
      return {}
    },
    dryRun: ({ query, settings: rules, ...ref }, { signal }) => dryRun.run(ref, query, rules, signal),
  }
}
