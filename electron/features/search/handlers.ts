import type { search as searchContract } from '../../../shared/contract/search.ts'
import type { Handlers } from '../../../shared/rpc/define.ts'
import type { SavedSearches } from './saved-searches.ts'
import type { SearchProgram } from './search-program.ts'
import type { Search } from './service.ts'

export interface SearchHandlersOptions {
  readonly search: Search
  readonly saved: SavedSearches
  readonly programs: SearchProgram
}

export function searchHandlers({ search, saved, programs }: SearchHandlersOptions): Handlers<typeof searchContract> {
  return {
    methods: (ref, { signal }) => search.methods(ref, signal),
    run: async ({ probe, settings, ...ref }, { signal }) => {
      const [answer] = await search.run(ref, [probe], settings, signal)
      if (!answer) throw new Error('The search gave no answer.')
      return answer
    },
    runList: ({ probes, settings, ...ref }, { signal }) => search.run(ref, probes, settings, signal),
    history: ({ find, savedOnly, ...ref }) => saved.list(ref, find, savedOnly),
    remember: ({ probes, settings, ...ref }) => saved.remember(ref, { probes, settings }),
    name: async ({ id, name, ...ref }) => {
      await saved.name(ref, id, name)
      return {}
    },
    forget: async ({ id, ...ref }) => {
      await saved.forget(ref, id)
      return {}
    },
    program: async ({ probes, settings, language, ...ref }, { signal }) => ({
      text: await programs.write(ref, probes, settings, language, signal),
    }),
  }
}
