import { randomUUID } from 'node:crypto'
import { z } from 'zod'
import type { CollectionRef } from '../../../shared/contract/collections.ts'
import { maxSets, savedSetSchema, type SavedSet } from '../../../shared/contract/sets.ts'
import { AppError } from '../../../shared/rpc/errors.ts'
import { collectionKey } from '../../platform/app-settings.ts'
import { CollectionFiles } from '../../platform/collection-files.ts'
import { Kept } from '../../store/kept.ts'

const fileSchema = z.looseObject({
  /** Newest first. */
  sets: z.array(savedSetSchema.omit({ count: true }).extend({ ids: z.array(z.string()) })).default([]),
})
type Stored = z.infer<typeof fileSchema>['sets'][number]

function keyOf(ref: CollectionRef, id: string): string {
  return `${collectionKey(ref)}/${id}`
}

function described({ ids, ...set }: Stored): SavedSet {
  return { ...set, count: ids.length }
}

/** Records that somebody gave a name: one file for each collection, in the app's own data. */
export class SavedSets {
  /** A set keeps its records for as long as it is kept. */
  readonly #ids = new Kept<readonly string[]>({ most: 8 })
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
  ids(ref: CollectionRef, id: string): Promise<readonly string[]> {
    return this.#ids.get(keyOf(ref, id), undefined, async () => this.#find((await this.#files.of(ref).read()).sets, id).ids)
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
    this.#ids.drop((key) => key === keyOf(ref, id))
  }

  #find(sets: readonly Stored[], id: string): Stored {
    const found = sets.find((set) => set.id === id)
    if (!found) throw new AppError('not-found', 'This saved set is no longer kept.', 'The records themselves are where they were.')
    return found
  }
}
