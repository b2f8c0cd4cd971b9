import type { z } from 'zod'
import { memoryPageSize, type memories } from '../../../shared/contract/memories.ts'
import { turnsOf } from '../../../shared/domain/memory/episode.ts'
import {
  memoryEnd,
  memoryHead,
  memoryItems,
  memoryListEnd,
  memoryListHead,
  type MemoryItem,
} from '../../../shared/domain/memory/memory-text.ts'
import { noFilter } from '../../../shared/domain/where.ts'
import type { Memories } from './service.ts'

type ExportRequest = z.output<typeof memories.exportPart.input>
type ExportPart = z.output<typeof memories.exportPart.output>

/**
 * One part of a user's memory as text: `part` counts episodes, then facts. The first part begins the file, the one without a `next`
 * ends it; parts joined in order are the file.
 */
export async function exportPart(service: Memories, request: ExportRequest, signal: AbortSignal): Promise<ExportPart> {
  const { factsCollectionId, format, part, user, connectionId, collectionId, filter } = request
  const facts = factsCollectionId === null ? null : { connectionId, collectionId: factsCollectionId, filter: noFilter, user }
  const episodes = { connectionId, collectionId, filter, user }
  const count = async (ref: typeof episodes | null): Promise<number> =>
    ref === null ? 0 : ((await service.user(ref, signal))?.episodes ?? 0)
  const [ofEpisodes, ofFacts] = [await count(episodes), await count(facts)]
  const total = ofEpisodes + ofFacts

  const isFacts = part >= ofEpisodes && ofFacts > 0
  const list = isFacts ? 'facts' : 'episodes'
  const offset = isFacts ? part - ofEpisodes : part
  const ref = isFacts && facts !== null ? facts : episodes
  const page = await service.records({ ...ref, order: isFacts ? 'newest' : 'sessions', offset, limit: memoryPageSize }, signal)
  const items = page.found.map(({ record, time, session, number }): MemoryItem => ({
    record,
    turns: turnsOf(page.mapping, record),
    time,
    session,
    startsSession: number === 0,
  }))
  const done = page.found.length === 0 ? total : Math.min(total, part + memoryPageSize, isFacts ? total : ofEpisodes)
  const endsList = page.found.length === 0 || offset + memoryPageSize >= (isFacts ? ofFacts : ofEpisodes)
  const next = done >= total ? null : done
  const label = part === 0 ? ((await service.user(episodes, signal))?.label ?? null) : null
  const text = [
    part === 0 ? memoryHead(format, user, label) : '',
    offset === 0 ? memoryListHead(format, list) : '',
    memoryItems(format, list, items, offset === 0),
    endsList ? memoryListEnd(format) : '',
    next === null ? memoryEnd(format) : '',
  ].join('')
  return { text, next, done, total }
}
