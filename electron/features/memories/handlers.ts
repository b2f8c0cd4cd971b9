import type { memories as memoriesContract } from '../../../shared/contract/memories.ts'
import type { Handlers } from '../../../shared/rpc/define.ts'
import { exportPart } from './export-part.ts'
import { factsCollections } from './facts-collections.ts'
import { Memories, type MemoriesOptions } from './service.ts'

export function memoriesHandlers(options: MemoriesOptions): Handlers<typeof memoriesContract> {
  const service = new Memories(options)
  return {
    users: (request, { signal }) => service.users(request, signal),
    user: (request, { signal }) => service.user(request, signal),
    sessions: (request, { signal }) => service.sessions(request, signal),
    timeline: (request, { signal }) => service.timeline(request, signal),
    ids: (request, { signal }) => service.ids(request, signal),
    factsCollections: (ref, { signal }) => factsCollections(options, ref, signal),
    exportPart: (request, { signal }) => exportPart(service, request, signal),
  }
}
