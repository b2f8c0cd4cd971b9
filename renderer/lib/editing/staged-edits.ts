import { useMemo } from 'react'
import { z } from 'zod'
import { create } from 'zustand'
import { collectionRefSchema, type CollectionRef } from '../../../shared/contract/collections.ts'
import type { StoredRecord } from '../../../shared/domain/record.ts'
import { decode, encode } from '../../../shared/rpc/codec.ts'
import { readDraft, stagedEditSchema, type RecordDraft, type StagedEdit } from './record-draft.ts'

const storageKey = 'staged-edits'
const storedSchema = z.array(z.object({ collection: collectionRefSchema, edits: z.array(stagedEditSchema) }))

interface CollectionEdits {
  readonly collection: CollectionRef
  /** By the id under which the record is stored. */
  readonly edits: ReadonlyMap<string, StagedEdit>
}

interface StagedStore {
  readonly collections: ReadonlyMap<string, CollectionEdits>
  /** Grows whenever edits are discarded or were applied: what showed them can then go back to what is stored. */
  readonly round: number
  readonly set: (collection: CollectionRef, edits: ReadonlyMap<string, StagedEdit>) => void
}

function keyOf({ connectionId, collectionId }: CollectionRef): string {
  return `${connectionId} ${collectionId}`
}

/** What was staged before the window was loaded anew; what cannot be read any more is dropped. */
function restored(): ReadonlyMap<string, CollectionEdits> {
  const text = sessionStorage.getItem(storageKey)
  if (text === null) return new Map()
  try {
    const stored = storedSchema.parse(decode(text))
    return new Map(
      stored.map(({ collection, edits }) => [keyOf(collection), { collection, edits: new Map(edits.map((edit) => [edit.seen.id, edit])) }]),
    )
  } catch {
    return new Map()
  }
}

function keep(collections: ReadonlyMap<string, CollectionEdits>): void {
  const stored = [...collections.values()].map(({ collection, edits }) => ({ collection, edits: [...edits.values()] }))
  try {
    sessionStorage.setItem(storageKey, encode(stored))
  } catch {
    // The browser keeps a few megabytes; longer edits last as long as the page.
    sessionStorage.removeItem(storageKey)
  }
}

/** Edits that wait to be applied, of every collection. They outlive a reload of the window, not the window. */
const useStaged = create<StagedStore>()((set) => ({
  collections: restored(),
  round: 0,
  set: (collection, edits) =>
    set((state) => {
      const collections = new Map(state.collections)
      if (edits.size === 0) collections.delete(keyOf(collection))
      else collections.set(keyOf(collection), { collection, edits })
      keep(collections)
      return { collections }
    }),
}))

const none: ReadonlyMap<string, StagedEdit> = new Map()

function stagedIn(collection: CollectionRef): ReadonlyMap<string, StagedEdit> {
  return useStaged.getState().collections.get(keyOf(collection))?.edits ?? none
}

function stageIn(collection: CollectionRef, seen: StoredRecord, draft: RecordDraft): void {
  const next = new Map(stagedIn(collection))
  const { parts, problemCount } = readDraft({ seen, draft })
  if (parts.length === 0 && problemCount === 0) next.delete(seen.id)
  else next.set(seen.id, { seen, draft })
  useStaged.getState().set(collection, next)
}

function discardIn(collection: CollectionRef, ids: Iterable<string>): void {
  const next = new Map(stagedIn(collection))
  for (const id of ids) next.delete(id)
  useStaged.getState().set(collection, next)
  useStaged.setState(({ round }) => ({ round: round + 1 }))
}

export interface StagedEdits {
  readonly edits: ReadonlyMap<string, StagedEdit>
  /** Another number after edits were discarded or applied. */
  readonly round: number
  /** Stages a draft of a record, in the place of the one before; a draft that says what the record says is no edit. */
  readonly stage: (seen: StoredRecord, draft: RecordDraft) => void
  readonly discard: (ids: Iterable<string>) => void
}

/** The staged edits of a collection. */
export function useStagedEdits({ connectionId, collectionId }: CollectionRef): StagedEdits {
  const key = keyOf({ connectionId, collectionId })
  const edits = useStaged((store) => store.collections.get(key)?.edits) ?? none
  const round = useStaged((store) => store.round)
  const actions = useMemo(() => {
    const collection = { connectionId, collectionId }
    return {
      stage: (seen: StoredRecord, draft: RecordDraft) => stageIn(collection, seen, draft),
      discard: (ids: Iterable<string>) => discardIn(collection, ids),
    }
  }, [connectionId, collectionId])
  return { edits, round, ...actions }
}
