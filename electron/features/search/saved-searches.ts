import { randomUUID } from 'node:crypto'
import { z } from 'zod'
import type { CollectionRef } from '../../../shared/contract/collections.ts'
import { maxSavedSearches, type Probe, savedSearchSchema, type SavedSearch } from '../../../shared/contract/search.ts'
import { decode, encode } from '../../../shared/rpc/codec.ts'
import { AppError } from '../../../shared/rpc/errors.ts'
import { CollectionFiles } from '../../platform/collection-files.ts'

/** A pasted vector is long: beyond this many characters the oldest searches that nobody named go. */
const mostCharacters = 4_000_000

const questionSchema = savedSearchSchema.pick({ probes: true, settings: true })
type Question = z.infer<typeof questionSchema>

const fileSchema = z.looseObject({
  /** Newest first. The question is text of the app's own codec, since filters hold 64-bit integers. */
  searches: z.array(z.object({ id: z.string(), at: z.number(), name: z.string().nullable(), question: z.string() })).default([]),
})
type Stored = z.infer<typeof fileSchema>['searches'][number]

function read({ id, at, name, question }: Stored): SavedSearch[] {
  const parsed = questionSchema.safeParse(decode(question))
  return parsed.success ? [{ id, at, name, ...parsed.data }] : []
}

function bounded(searches: readonly Stored[]): Stored[] {
  const kept = [...searches]
  let characters = kept.reduce((sum, { question }) => sum + question.length, 0)
  while (kept.length > maxSavedSearches || characters > mostCharacters) {
    const unnamed = kept.findLastIndex(({ name }, place) => name === null && place > 0)
    const [gone] = kept.splice(unnamed === -1 ? kept.length - 1 : unnamed, 1)
    characters -= gone?.question.length ?? 0
    if (kept.length <= 1) break
  }
  return kept
}

function textOf(probe: Probe): string {
  return probe.kind === 'text' ? probe.text : probe.kind === 'record' ? probe.id : probe.vector.join(', ')
}

function searchable({ name, probes }: SavedSearch): string {
  return [name ?? '', ...probes.map(textOf)].join('\n').toLowerCase()
}

/** What was looked for in each collection, and what a person gave a name: one file for each collection. */
export class SavedSearches {
  readonly #files: CollectionFiles<typeof fileSchema>

  /** @param folder in the app's data folder; made when needed */
  constructor(folder: string, onDamaged: (file: string, setAside: string) => void) {
    this.#files = new CollectionFiles({ folder, schema: fileSchema, onDamaged })
  }

  /** Newest first. */
  async list(ref: CollectionRef, find: string, savedOnly: boolean): Promise<SavedSearch[]> {
    const { searches } = await this.#files.of(ref).read()
    const needle = find.trim().toLowerCase()
    return searches.flatMap(read).filter((search) => (search.name !== null || !savedOnly) && searchable(search).includes(needle))
  }

  /** Puts a search in front; the same one from before moves there with its name. */
  async remember(ref: CollectionRef, asked: Question): Promise<SavedSearch> {
    const question = encode(questionSchema.parse(asked))
    let first: Stored | undefined
    await this.#files.of(ref).update(({ searches, ...others }) => {
      const known = searches.find((search) => search.question === question)
      first = { id: known?.id ?? randomUUID(), at: Date.now(), name: known?.name ?? null, question }
      return { ...others, searches: bounded([first, ...searches.filter((search) => search !== known)]) }
    })
    if (!first) throw new Error('The search was not kept.')
    return { id: first.id, at: first.at, name: first.name, ...asked }
  }

  /** @throws AppError 'not-found' */
  async name(ref: CollectionRef, id: string, name: string | null): Promise<void> {
    await this.#files.of(ref).update(({ searches, ...others }) => {
      if (!searches.some((search) => search.id === id))
        throw new AppError('not-found', 'This search is no longer kept.', 'Search again, then name it.')
      return { ...others, searches: searches.map((search) => (search.id === id ? { ...search, name } : search)) }
    })
  }

  /** Forgets one search, or with null all that have no name. */
  async forget(ref: CollectionRef, id: string | null): Promise<void> {
    await this.#files.of(ref).update(({ searches, ...others }) => ({
      ...others,
      searches: searches.filter((search) => (id === null ? search.name !== null : search.id !== id)),
    }))
  }
}
