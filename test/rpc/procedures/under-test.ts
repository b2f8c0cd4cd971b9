import type { RecordView } from '../../../shared/contract/records.ts'
import type { Reached, transports } from '../../support/reach-core.ts'
import type { SmallStore } from '../../support/small-store.ts'

/** A core behind a transport, and what its procedures are called with. */
export interface UnderTest {
  readonly transport: (typeof transports)[number]['transport']
  readonly reached: Reached
  /** Remembers what was asked, so that no procedure is left out. */
  readonly call: Reached['call']
  readonly home: string
  /** Null where no engine runs here. */
  readonly store: SmallStore | null
  readonly connectionId: string
  readonly collectionId: string
  /** The collection's records as stored, but for what is given. */
  view(part?: Partial<RecordView>): RecordView
}
