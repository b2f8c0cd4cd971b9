import { readdir, rm, stat } from 'node:fs/promises'
import path from 'node:path'
import { z } from 'zod'
import { AppError } from '../../shared/rpc/errors.ts'
import { log } from '../platform/log.ts'
import { SettingsFile } from '../platform/settings-file.ts'
import { preparingEnding } from './journal-writer.ts'
import { Journal, type JournalSummary } from './journal.ts'

const ending = '.journal'
const plainName = /^[\w-]{1,80}$/
/** Ids of collections that were made again, by the ids that they had before. */
const idsSchema = z.looseObject({ collections: z.record(z.string(), z.string()).default({}) })

export interface KeptChange {
  readonly journal: Journal
  readonly summary: JournalSummary
}

interface Known {
  readonly size: number
  readonly modified: number
  readonly summary: JournalSummary | null
}

/** A name that cannot lead out of the folder. */
function safeName(name: string): string {
  if (plainName.test(name)) return name
  throw new AppError('not-found', 'History has no such change.', 'It may have been forgotten.')
}

async function namesIn(folder: string): Promise<string[]> {
  try {
    return await readdir(folder)
  } catch (error) {
    const code = (error as NodeJS.ErrnoException).code
    if (code === 'ENOENT' || code === 'ENOTDIR') return []
    throw error
  }
}

/** The id that a collection has now, where it was made again. */
export function idNow(newIds: ReadonlyMap<string, string>, collectionId: string): string {
  let id = collectionId
  for (let steps = 0; steps < newIds.size; steps += 1) {
    const next = newIds.get(id)
    if (next === undefined) break
    id = next
  }
  return id
}

/** The journals of all connections: a folder for each, a file for each change. */
export class JournalFolder {
  readonly #root: string
  readonly #onDamaged: (file: string, setAside: string) => void
  readonly #known = new Map<string, Known>()
  readonly #ids = new Map<string, SettingsFile<typeof idsSchema>>()

  constructor(root: string, onDamaged: (file: string, setAside: string) => void) {
    this.#root = root
    this.#onDamaged = onDamaged
  }

  folderOf(connectionId: string): string {
    return path.join(this.#root, safeName(connectionId))
  }

  fileOf(connectionId: string, changeId: string): string {
    return path.join(this.folderOf(connectionId), `${safeName(changeId)}${ending}`)
  }

  /** Changes of a connection, newest first. A journal that cannot be read at all is left out, and stays where it is. */
  async all(connectionId: string): Promise<KeptChange[]> {
    const folder = this.folderOf(connectionId)
    const files = (await namesIn(folder)).filter((name) => name.endsWith(ending)).map((name) => path.join(folder, name))
    const found = await Promise.all(files.map((file) => this.#read(file)))
    return found.filter((kept) => kept !== null).toSorted((a, b) => b.summary.header.at - a.summary.header.at)
  }

  /** Removes what changes left that were cut off before they were written down whole. Nothing of them was sent. */
  async removeIncomplete(connectionId: string): Promise<void> {
    const folder = this.folderOf(connectionId)
    for (const name of (await namesIn(folder)).filter((each) => each.endsWith(preparingEnding))) await rm(path.join(folder, name))
  }

  /** @throws AppError 'not-found' */
  async find(changeId: string): Promise<KeptChange> {
    safeName(changeId)
    for (const connectionId of (await namesIn(this.#root)).filter((name) => plainName.test(name))) {
      const kept = await this.#read(this.fileOf(connectionId, changeId))
      if (kept !== null) return kept
    }
    throw new AppError('not-found', 'History has no such change.', 'It may have been forgotten.')
  }

  /** Size of everything that is kept, in bytes. */
  async bytes(): Promise<number> {
    let sum = 0
    for (const connectionId of await namesIn(this.#root)) {
      const folder = path.join(this.#root, connectionId)
      for (const name of (await namesIn(folder)).filter((each) => each.endsWith(ending))) {
        const info = await stat(path.join(folder, name)).catch(() => null)
        sum += info?.size ?? 0
      }
    }
    return sum
  }

  /** The ids that collections have now, by the ids that they had. */
  async newIds(connectionId: string): Promise<ReadonlyMap<string, string>> {
    return new Map(Object.entries((await this.#idsOf(connectionId).read()).collections))
  }

  async rememberId(connectionId: string, before: string, now: string): Promise<void> {
    await this.#idsOf(connectionId).update((current) => ({ ...current, collections: { ...current.collections, [before]: now } }))
  }

  #idsOf(connectionId: string): SettingsFile<typeof idsSchema> {
    const file = path.join(this.folderOf(connectionId), 'ids.json')
    const known = this.#ids.get(file) ?? new SettingsFile({ file, schema: idsSchema, onDamaged: this.#onDamaged })
    this.#ids.set(file, known)
    return known
  }

  async #read(file: string): Promise<KeptChange | null> {
    const info = await stat(file).catch(() => null)
    if (info === null) return null
    const known = this.#known.get(file)
    const isKnown = known?.size === info.size && known.modified === info.mtimeMs
    const journal = new Journal(file)
    const summary = isKnown ? known.summary : await this.#summarise(journal)
    this.#known.set(file, { size: info.size, modified: info.mtimeMs, summary })
    return summary && { journal, summary }
  }

  async #summarise(journal: Journal): Promise<JournalSummary | null> {
    try {
      return await journal.summary()
    } catch (error) {
      log.warn('A journal of History cannot be read', error)
      return null
    }
  }
}
