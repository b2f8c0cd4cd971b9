import { open } from 'node:fs/promises'
import type { CollectionState } from './change.ts'
import { frameTypes, readFrames } from './journal-frames.ts'
import { damagedJournal, parsePayload, partSchema } from './journal-payloads.ts'
import type { Journal } from './journal.ts'

/** A part of a change with the places of its batches in the file. */
export type OutlinePart = { readonly index: number } & (
  | { readonly kind: 'records'; readonly collection: CollectionState; readonly batches: readonly number[] }
  | { readonly kind: 'create-collection' | 'delete-collection'; readonly collection: CollectionState }
  | { readonly kind: 'modify-collection'; readonly before: CollectionState; readonly after: CollectionState }
)

export interface JournalOutline {
  readonly parts: readonly OutlinePart[]
  /** Ids of collections that the change made, by the number of the part. */
  readonly made: ReadonlyMap<number, string>
}

/** What a journal consists of, without its records. @throws AppError 'damaged' */
export async function outlineOf(journal: Journal): Promise<JournalOutline> {
  const { made, prepared } = await journal.summary()
  const parts: OutlinePart[] = []
  let batches: number[] = []
  let found = 0
  const file = await open(journal.path, 'r')
  try {
    for await (const { type, at, payload } of readFrames(file, new Set([frameTypes.part]))) {
      if (type === frameTypes.batch) {
        batches.push(at)
        found += 1
      }
      if (payload === null) continue
      const part = parsePayload(partSchema, payload)
      batches = []
      parts.push(part.kind === 'records' ? { ...part, index: parts.length, batches } : { ...part, index: parts.length })
    }
  } finally {
    await file.close()
  }
  if (found !== prepared.batches) throw damagedJournal()
  return { parts, made }
}
