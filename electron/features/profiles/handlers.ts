import type { profiles as profilesContract } from '../../../shared/contract/profiles.ts'
import type { Handlers } from '../../../shared/rpc/define.ts'
import type { Profiles } from './service.ts'

export function profilesHandlers(profiles: Profiles): Handlers<typeof profilesContract> {
  return {
    get: (ref, { signal }) => profiles.get(ref, signal),
    set: async ({ connectionId, collectionId, mapping }) => {
      await profiles.set({ connectionId, collectionId }, mapping)
      return {}
    },
  }
}
