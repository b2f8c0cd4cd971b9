import { z } from 'zod'
import type { CollectionRef } from '../../shared/contract/collections.ts'
import { logMappingSchema } from '../../shared/contract/lookup-logs.ts'
import { collectionKey, withEntry } from '../platform/app-settings.ts'
import { SettingsFile } from '../platform/settings-file.ts'

const keptLogSchema = z.object({
  id: z.string(),
  /** Path of the file. */
  file: z.string(),
  /** What a person made of its columns; null where they are guessed. */
  mapping: logMappingSchema.nullable(),
  /** New lines are read as they are appended. */
  watching: z.boolean(),
})
/** What is remembered of a log from one start of the app to the next: where it is and how it is read, nothing of what it holds. */
export type KeptLog = z.infer<typeof keptLogSchema>

const fileSchema = z.looseObject({ logs: z.record(z.string(), z.array(keptLogSchema)).default({}) })
/** Logs that are remembered for a collection; the ones opened first are forgotten. */
const mostForCollection = 20

/** The logs of each collection that were opened and not closed again, in the order in which they were opened. */
export class KeptLogs {
  readonly #file: SettingsFile<typeof fileSchema>

  constructor(file: string, onDamaged: (file: string, setAside: string) => void) {
    this.#file = new SettingsFile({ file, schema: fileSchema, onDamaged })
  }

  async of(ref: CollectionRef): Promise<readonly KeptLog[]> {
    return (await this.#file.read()).logs[collectionKey(ref)] ?? []
  }

  /** Remembers a log, at the end; one that is known keeps its place. */
  async add(ref: CollectionRef, log: KeptLog): Promise<void> {
    await this.#change(ref, (logs) => {
      const isKnown = logs.some(({ id }) => id === log.id)
      return isKnown ? logs.map((known) => (known.id === log.id ? log : known)) : [...logs, log].slice(-mostForCollection)
    })
  }

  async change(ref: CollectionRef, logId: string, part: Partial<Pick<KeptLog, 'mapping' | 'watching'>>): Promise<void> {
    await this.#change(ref, (logs) => logs.map((log) => (log.id === logId ? { ...log, ...part } : log)))
  }

  async forget(ref: CollectionRef, logId: string): Promise<void> {
    await this.#change(ref, (logs) => logs.filter(({ id }) => id !== logId))
  }

  async #change(ref: CollectionRef, change: (logs: readonly KeptLog[]) => KeptLog[]): Promise<void> {
    const key = collectionKey(ref)
    await this.#file.update((current) => {
      const changed = change(current.logs[key] ?? [])
      return { ...current, logs: withEntry(current.logs, key, changed.length === 0 ? null : changed) }
    })
  }
}
