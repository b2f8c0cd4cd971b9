import type { CollectionRef } from '../../../shared/contract/collections.ts'
import type { SearchSettings } from '../../../shared/contract/search.ts'
import type { ProfileMapping } from '../../../shared/domain/profiles/profile.ts'
import type { ParsedProbes, ProbeKind } from './probes.ts'

/** What the query page asks, all of it from its address. */
export interface QueryState {
  readonly collection: CollectionRef
  readonly mapping: ProfileMapping
  readonly kind: ProbeKind
  /** As written; empty where nothing was asked. */
  readonly text: string
  readonly parsed: ParsedProbes
  readonly settings: SearchSettings
  /** Shared by the collection's views; null until it is known. */
  readonly threshold: number | null
  readonly setThreshold: (threshold: number) => void
  readonly openId: string | null
}
