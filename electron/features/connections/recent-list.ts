import { z } from 'zod'
import { connectionKindSchema, serverAddressSchema } from '../../../shared/contract/connections.ts'
import { SettingsFile } from '../../platform/settings-file.ts'

/** Where a server is, without what opens it. */
const publicAddressSchema = serverAddressSchema.omit({ token: true, headers: true, title: true })

export const recentEntrySchema = z.object({
  id: z.string(),
  kind: connectionKindSchema,
  title: z.string(),
  location: z.string(),
  isSample: z.boolean(),
  pinned: z.boolean(),
  lastOpenedAt: z.number(),
  holds: z.object({ collections: z.number(), records: z.number() }).nullable(),
  /** Null for directories. */
  address: publicAddressSchema.nullable(),
})
export type RecentEntry = z.infer<typeof recentEntrySchema>

const recentFileSchema = z.looseObject({ connections: z.array(recentEntrySchema).default([]) })

const keptUnpinned = 50

function inOrder(entries: readonly RecentEntry[]): RecentEntry[] {
  return [...entries].sort((a, b) => Number(b.pinned) - Number(a.pinned) || b.lastOpenedAt - a.lastOpenedAt)
}

/** The connections that were opened before, pinned ones first, then the newest. */
export class RecentList {
  readonly #file: SettingsFile<typeof recentFileSchema>

  constructor(file: string, onDamaged: (file: string, setAside: string) => void) {
    this.#file = new SettingsFile({ file, schema: recentFileSchema, onDamaged })
  }

  async all(): Promise<RecentEntry[]> {
    return inOrder((await this.#file.read()).connections)
  }

  async find(id: string): Promise<RecentEntry | null> {
    return (await this.#file.read()).connections.find((entry) => entry.id === id) ?? null
  }

  /** Adds an entry, or renews the one with its id; a pin stays. */
  async remember(entry: RecentEntry): Promise<void> {
    await this.#change((entries) => {
      const before = entries.find(({ id }) => id === entry.id)
      const renewed = { ...entry, pinned: before?.pinned ?? entry.pinned, holds: entry.holds ?? before?.holds ?? null }
      return [renewed, ...entries.filter(({ id }) => id !== entry.id)]
    })
  }

  async modify(id: string, part: Partial<Pick<RecentEntry, 'pinned' | 'holds'>>): Promise<void> {
    await this.#change((entries) => entries.map((entry) => (entry.id === id ? { ...entry, ...part } : entry)))
  }

  async remove(id: string): Promise<void> {
    await this.#change((entries) => entries.filter((entry) => entry.id !== id))
  }

  async #change(change: (entries: RecentEntry[]) => RecentEntry[]): Promise<void> {
    await this.#file.update((contents) => {
      const entries = inOrder(change(contents.connections))
      const pinned = entries.filter((entry) => entry.pinned)
      return { ...contents, connections: [...pinned, ...entries.filter((entry) => !entry.pinned).slice(0, keptUnpinned)] }
    })
  }
}
