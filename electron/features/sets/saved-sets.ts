import { randomUUID } from 'node:crypto'
import { z } from 'zod'
import type { CollectionRef } from '../../../shared/contract/collections.ts'
import { maxSets, savedSetSchema, type SavedSet } from '../../../shared/contract/sets.ts'
import { AppError } from '../../../shared/rpc/errors.ts'
import { CollectionFiles } from '../../platform/collection-files.ts'

const fileSchema = z.looseObject({
  /** Newest first. */
  sets: z.array(savedSetSchema.omit({ count: true }).extend({ ids: z.array(z.string()) })).default([]),
})
type Stored = z.infer<typeof fileSchema>['sets'][number]

function described({ ids, ...set }: Stored): SavedSet {
  return { ...set, count: ids.length }
}

/** Records that somebody gave a name: one file for each collection, in the app's own data. */
export class SavedSets {
  readonly #files: CollectionFiles<typeof fileSchema>

  /** @param folder in the app's data folder; made when needed */
  constructor(folder: string, onDamaged: (file: string, setAside: string) => void) {
    this.#files = new CollectionFiles({ folder, schema: fileSchema, onDamaged })
  }

  /** Newest first. */
  async list(ref: CollectionRef): Promise<SavedSet[]> {
    return (await this.#files.of(ref).read()).sets.map(described)
  }

  /** @throws AppError 'not-found' */
  async ids(ref: CollectionRef, id: string): Promise<string[]> {
    const { sets } = await this.#files.of(ref).read()
    return this.#find(sets, id).ids
  }

  /** @throws AppError 'invalid-input' where there are {@link maxSets} already */
  async save(ref: CollectionRef, name: string, ids: readonly string[]): Promise<SavedSet> {
    const set: Stored = { id: randomUUID(), name, at: Date.now(), ids: [...new Set(ids)] }
    await this.#files.of(ref).update(({ sets, ...others }) => {
      if (sets.length >= maxSets)
        throw new AppError('invalid-input', `This collection has ${maxSets} saved sets already.`, 'Remove one that is no longer needed.')
      return { ...others, sets: [set, ...sets] }
    })
    return described(set)
  }

  /** @throws AppError 'not-found' */
  async rename(ref: CollectionRef, id: string, name: string): Promise<void> {
    await this.#files.of(ref).update(({ sets, ...others }) => {
      const found = this.#find(sets, id)
      return { ...others, sets: sets.map((set) => (set === found ? { ...set, name } : set)) }
    })
  }

  /** @throws AppError 'not-found' */
  async remove(ref: CollectionRef, id: string): Promise<void> {
    await this.#files.of(ref).update(({ sets, ...others }) => {
      const found = this.#find(sets, id)
      return { ...others, sets: sets.filter((set) => set !== found) }
    })
  }

  #find(sets: readonly Stored[], id: string): Stored {
    const found = sets.find((set) => set.id === id)
    if (!found) throw new AppError('not-found', 'This saved set is no longer kept.', 'The records themselves are where they were.')
    return found
  }
}
