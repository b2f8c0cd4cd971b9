import { create } from 'zustand'
import type { CollectionRef } from '../../../shared/contract/collections.ts'
import type { ImportFile } from '../../../shared/contract/imports.ts'
import type { Scope } from '../../../shared/contract/curation.ts'
import type { DraftType } from './metadata-draft.ts'

/** Records that something is to be done with. */
export interface NamedScope {
  readonly scope: Scope
  /** "12 selected records", "all 1,234 records that match". */
  readonly words: string
  /** The filter in words, for History; null where the records were picked by hand. */
  readonly rule: string | null
}

/** What a dialog of bulk changes proposes: an operation, with as much of it as is known, as it would be typed. */
export interface BulkProposal {
  readonly kind: 'set' | 'remove' | 'convert' | 'embed' | 'normalise'
  readonly key?: string
  /** The type and text of a value to set. */
  readonly type?: DraftType
  readonly text?: string
  readonly convertTo?: 'string' | 'integer' | 'float' | 'boolean'
}

/** A dialog in which a change is prepared; any view may ask for one, the root shows it. */
export type ChangeDialog =
  | { readonly kind: 'review'; readonly collection: CollectionRef }
  | {
      readonly kind: 'bulk' | 'delete'
      readonly collection: CollectionRef
      readonly records: NamedScope
      readonly proposal?: BulkProposal
    }
  /** `from` is the record whose fields are taken over. */
  | { readonly kind: 'add'; readonly collection: CollectionRef; readonly from: string | null }
  /** `files` are open already. */
  | { readonly kind: 'import'; readonly collection: CollectionRef; readonly files: readonly ImportFile[] }
  | { readonly kind: 'create-collection'; readonly connectionId: string }
  | {
      readonly kind: 'modify-collection' | 'duplicate-collection' | 'merge-collection' | 'delete-collection'
      readonly collection: CollectionRef
    }
  | {
      readonly kind: 'conflicts'
      readonly connectionId: string
      readonly changeId: string
      readonly title: string
      readonly isRedo: boolean
    }

interface ChangeDialogStore {
  readonly dialog: ChangeDialog | null
  /** What waits for a connection to be opened for editing. */
  readonly waiting: { readonly connectionId: string; readonly onStarted: () => void } | null
  readonly show: (dialog: ChangeDialog) => void
  readonly close: () => void
  readonly wait: (connectionId: string, onStarted: () => void) => void
  readonly stopWaiting: () => void
}

/** Which dialog of editing is open. */
export const useChangeDialogs = create<ChangeDialogStore>()((set) => ({
  dialog: null,
  waiting: null,
  show: (dialog) => set({ dialog }),
  close: () => set({ dialog: null }),
  wait: (connectionId, onStarted) => set({ waiting: { connectionId, onStarted } }),
  stopWaiting: () => set({ waiting: null }),
}))

/** The connection that a dialog is about. */
export function connectionOf(dialog: ChangeDialog): string {
  return 'collection' in dialog ? dialog.collection.connectionId : dialog.connectionId
}
