import { randomUUID } from 'node:crypto'
import { stat } from 'node:fs/promises'
import path from 'node:path'
import { z } from 'zod'
import type { CollectionRef } from '../../shared/contract/collections.ts'
import type { PairFile } from '../../shared/contract/thresholds.ts'
import { pairColumnsSchema, type PairColumns } from '../../shared/domain/thresholds/labelled-pairs.ts'
import { AppError } from '../../shared/rpc/errors.ts'
import { collectionKey, withEntry } from '../platform/app-settings.ts'
import { SettingsFile } from '../platform/settings-file.ts'
import { cannotRead } from '../lookup-logs/log-reader.ts'
import { Kept } from '../store/kept.ts'
import { readPairFile, type ReadPairs } from './pair-file.ts'

const keptSchema = z.object({
  id: z.string(),
  /** Path of the file. */
  file: z.string(),
  /** What a person made of its columns; null where they are guessed. */
  mapping: pairColumnsSchema.nullable(),
  pairs: z.number(),
  labelled: z.number(),
})
export type KeptPairs = z.infer<typeof keptSchema>

const fileSchema = z.looseObject({ pairs: z.record(z.string(), z.array(keptSchema)).default({}) })
const mostForCollection = 50

function isLabelled({ label, matchedQuery, entryId, expectedResponse, matchesNothing }: ReadPairs['pairs'][number]): boolean {
  return label !== null || matchesNothing || matchedQuery !== null || entryId !== null || expectedResponse !== null
}

/** Files of labelled pairs, each for one collection. Where they are is kept; what they hold is read when it is needed. */
export class PairFiles {
  readonly #file: SettingsFile<typeof fileSchema>
  readonly #read = new Kept<ReadPairs>({ most: 4 })

  constructor(file: string, onDamaged: (file: string, setAside: string) => void) {
    this.#file = new SettingsFile({ file, schema: fileSchema, onDamaged })
  }

  async list(ref: CollectionRef): Promise<readonly KeptPairs[]> {
    return (await this.#file.read()).pairs[collectionKey(ref)] ?? []
  }

  /** @throws AppError 'not-found' where it is not kept */
  async known(ref: CollectionRef, pairsId: string): Promise<KeptPairs> {
    const kept = (await this.list(ref)).find(({ id }) => id === pairsId)
    if (kept) return kept
    throw new AppError('not-found', 'This file of pairs is not kept any more.', 'Import it again.')
  }

  /** Names the state of a file: another name where it was changed or is read differently. Errors as in {@link known}. */
  async state(ref: CollectionRef, pairsId: string): Promise<string> {
    const { file, mapping } = await this.known(ref, pairsId)
    const { mtimeMs, size } = await stat(file).catch((cause: NodeJS.ErrnoException) => {
      throw cannotRead(file, cause)
    })
    return JSON.stringify([file, mtimeMs, size, mapping])
  }

  /** What a file holds. Errors as in {@link readPairFile}. */
  async read(ref: CollectionRef, pairsId: string, signal: AbortSignal): Promise<ReadPairs> {
    const { file, mapping } = await this.known(ref, pairsId)
    return this.#read.get(await this.state(ref, pairsId), signal, () => readPairFile(file, mapping, signal))
  }

  async describe(ref: CollectionRef, pairsId: string, signal: AbortSignal): Promise<PairFile> {
    const { id, file } = await this.known(ref, pairsId)
    const { pairs, ...others } = await this.read(ref, pairsId, signal)
    return { id, name: path.basename(file), path: file, ...others, pairs: pairs.length, labelled: pairs.filter(isLabelled).length }
  }

  /** Reads a file and keeps where it is; one that is known is read anew. Its path must not come from the renderer. */
  async add(ref: CollectionRef, file: string, signal: AbortSignal): Promise<PairFile> {
    const known = (await this.list(ref)).find((each) => each.file === file)
    return this.#keep(ref, { id: known?.id ?? randomUUID(), file, mapping: known?.mapping ?? null }, signal)
  }

  /** Reads a file under another mapping. @throws AppError 'not-found' */
  async map(ref: CollectionRef, pairsId: string, mapping: PairColumns | null, signal: AbortSignal): Promise<PairFile> {
    const { id, file } = await this.known(ref, pairsId)
    return this.#keep(ref, { id, file, mapping }, signal)
  }

  /** @throws AppError 'not-found' */
  async remove(ref: CollectionRef, pairsId: string): Promise<void> {
    await this.known(ref, pairsId)
    await this.#change(ref, (kept) => kept.filter(({ id }) => id !== pairsId))
  }

  async #keep(ref: CollectionRef, one: Pick<KeptPairs, 'id' | 'file' | 'mapping'>, signal: AbortSignal): Promise<PairFile> {
    const { pairs } = await readPairFile(one.file, one.mapping, signal)
    const kept = { ...one, pairs: pairs.length, labelled: pairs.filter(isLabelled).length }
    await this.#change(ref, (list) =>
      list.some(({ id }) => id === one.id)
        ? list.map((each) => (each.id === one.id ? kept : each))
        : [...list, kept].slice(-mostForCollection),
    )
    return this.describe(ref, one.id, signal)
  }

  async #change(ref: CollectionRef, change: (kept: readonly KeptPairs[]) => KeptPairs[]): Promise<void> {
    const key = collectionKey(ref)
    await this.#file.update((current) => {
      const changed = change(current.pairs[key] ?? [])
      return { ...current, pairs: withEntry(current.pairs, key, changed.length === 0 ? null : changed) }
    })
  }
}
