import { createHash } from 'node:crypto'
import path from 'node:path'
import type { z } from 'zod'
import type { CollectionRef } from '../../shared/contract/collections.ts'
import { collectionKey } from './app-settings.ts'
import { SettingsFile, type SettingsFileOptions } from './settings-file.ts'

export interface CollectionFilesOptions<Schema extends z.ZodType> extends Omit<SettingsFileOptions<Schema>, 'file'> {
  /** In the app's data folder; made when needed. */
  readonly folder: string
}

/** One settings file for each collection, in a folder of their own. */
export class CollectionFiles<Schema extends z.ZodType> {
  readonly #options: CollectionFilesOptions<Schema>
  readonly #files = new Map<string, SettingsFile<Schema>>()

  constructor(options: CollectionFilesOptions<Schema>) {
    this.#options = options
  }

  /** The file of a collection; always the same object, since changes must come one after another. */
  of(ref: CollectionRef): SettingsFile<Schema> {
    const { folder, ...options } = this.#options
    const key = collectionKey(ref)
    const name = `${createHash('sha256').update(key).digest('hex').slice(0, 32)}.json`
    const file = this.#files.get(key) ?? new SettingsFile({ ...options, file: path.join(folder, name) })
    this.#files.set(key, file)
    return file
  }
}
