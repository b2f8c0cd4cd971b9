import type { sets as setsContract } from '../../../shared/contract/sets.ts'
import type { Handlers } from '../../../shared/rpc/define.ts'
import type { SavedSets } from './saved-sets.ts'

export function setsHandlers(saved: SavedSets): Handlers<typeof setsContract> {
  return {
    list: (ref) => saved.list(ref),
    ids: async ({ id, ...ref }) => [...(await saved.ids(ref, id))],
    save: ({ name, ids, ...ref }) => saved.save(ref, name, ids),
    rename: async ({ id, name, ...ref }) => {
      await saved.rename(ref, id, name)
      return {}
    },
    remove: async ({ id, ...ref }) => {
      await saved.remove(ref, id)
      return {}
    },
  }
}
