import { randomUUID } from 'node:crypto'
import { z } from 'zod'
import type { CollectionRef } from '../../shared/contract/collections.ts'
import { experimentSchema, type Experiment } from '../../shared/domain/thresholds/experiment.ts'
import { AppError } from '../../shared/rpc/errors.ts'
import { collectionKey, withEntry } from '../platform/app-settings.ts'
import { SettingsFile } from '../platform/settings-file.ts'

const fileSchema = z.looseObject({ experiments: z.record(z.string(), z.array(experimentSchema)).default({}) })
const mostForCollection = 200

/** Experiments with thresholds, as people saved them. */
export class Experiments {
  readonly #file: SettingsFile<typeof fileSchema>

  constructor(file: string, onDamaged: (file: string, setAside: string) => void) {
    this.#file = new SettingsFile({ file, schema: fileSchema, onDamaged })
  }

  /** Newest first. */
  async list(ref: CollectionRef): Promise<Experiment[]> {
    return (await this.#file.read()).experiments[collectionKey(ref)] ?? []
  }

  /** @throws AppError 'no-space' where there are too many, or the disk is full */
  async save(ref: CollectionRef, experiment: Omit<Experiment, 'id' | 'createdAt'>): Promise<Experiment> {
    const saved = { ...experiment, id: randomUUID(), createdAt: Date.now() }
    await this.#change(ref, (list) => {
      if (list.length >= mostForCollection)
        throw new AppError('no-space', `A collection keeps at most ${mostForCollection} experiments.`, 'Remove some that are not needed.')
      return [saved, ...list]
    })
    return saved
  }

  /** @throws AppError 'not-found' */
  async rename(ref: CollectionRef, id: string, name: string): Promise<void> {
    await this.#change(ref, (list) => known(list, id).map((each) => (each.id === id ? { ...each, name } : each)))
  }

  /** @throws AppError 'not-found' */
  async remove(ref: CollectionRef, id: string): Promise<void> {
    await this.#change(ref, (list) => known(list, id).filter((each) => each.id !== id))
  }

  async #change(ref: CollectionRef, change: (list: readonly Experiment[]) => Experiment[]): Promise<void> {
    const key = collectionKey(ref)
    await this.#file.update((current) => {
      const changed = change(current.experiments[key] ?? [])
      return { ...current, experiments: withEntry(current.experiments, key, changed.length === 0 ? null : changed) }
    })
  }
}

function known(list: readonly Experiment[], id: string): readonly Experiment[] {
  if (list.some((each) => each.id === id)) return list
  throw new AppError('not-found', 'This experiment is not kept any more.', 'Save it again.')
}
