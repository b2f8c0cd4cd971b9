import type { AppEvent } from '../../shared/contract/events.ts'

/** What every part of the core is given. */
export interface CoreBasis {
  /** Where the app keeps its own files. */
  readonly data: string
  /** Lets every window know something. */
  readonly tell: (event: AppEvent) => void
  /** Says that a file of the app could not be read and was set aside. */
  readonly onDamaged: (file: string, setAside: string) => void
}
