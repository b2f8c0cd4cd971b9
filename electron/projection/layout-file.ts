import { createHash, randomBytes } from 'node:crypto'
import { mkdir, open, readdir, readFile, rename, rm, stat, utimes } from 'node:fs/promises'
import path from 'node:path'
import { z } from 'zod'
import { type MapSettings, trustworthinessSchema } from '../../shared/contract/maps.ts'
import type { CollectionRef } from '../../shared/contract/collections.ts'
import { log } from '../platform/log.ts'

const format = 1
const mostFiles = 64
const ending = '.layout'

const headerSchema = z.object({
  format: z.literal(format),
  ids: z.array(z.string()),
  frozen: z.boolean(),
  epoch: z.number(),
  epochs: z.number(),
  trustworthiness: trustworthinessSchema.nullable(),
})

/** A layout as it is kept between visits. */
export interface SavedLayout extends Omit<z.infer<typeof headerSchema>, 'format'> {
  /** Two for each id: of its vector. */
  readonly hashes: Int32Array
  /** x and y for each id, NaN for none. */
  readonly positions: Float32Array
  /** For each id 1 where it was laid out with the others, 0 where it was placed among them. */
  readonly laidOut: Uint8Array
}

/** Layouts on disk, one for each collection and settings: a line of JSON, then the numbers. The oldest ones go. */
export class LayoutFiles {
  readonly #folder: string

  constructor(folder: string) {
    this.#folder = folder
  }

  /** The layout that was saved last; null where there is none that can be read. */
  async load(ref: CollectionRef, settings: MapSettings): Promise<SavedLayout | null> {
    const file = this.#file(ref, settings)
    let bytes: Buffer
    try {
      bytes = await readFile(file)
    } catch {
      return null
    }
    try {
      const end = bytes.indexOf('\n')
      const { format: _format, ...header } = headerSchema.parse(JSON.parse(bytes.toString('utf8', 0, end)))
      const count = header.ids.length
      // A copy, because numbers in a file need not be aligned.
      const numbers = new Uint8Array(bytes.subarray(end + 1)).buffer
      if (numbers.byteLength !== count * 17) throw new RangeError('The file is cut off.')
      await utimes(file, new Date(), new Date())
      return {
        ...header,
        hashes: new Int32Array(numbers, 0, count * 2),
        positions: new Float32Array(numbers, count * 8, count * 2),
        laidOut: new Uint8Array(numbers, count * 16, count),
      }
    } catch (error) {
      log.warn('A saved layout could not be read and is made anew', error)
      return null
    }
  }

  /** Saves a layout in place of an earlier one. Where that fails, the next visit makes it anew. */
  async save(ref: CollectionRef, settings: MapSettings, { hashes, positions, laidOut, ...header }: SavedLayout): Promise<void> {
    const file = this.#file(ref, settings)
    const draft = `${file}.${randomBytes(6).toString('hex')}`
    try {
      await mkdir(this.#folder, { recursive: true, mode: 0o700 })
      const handle = await open(draft, 'wx', 0o600)
      try {
        await handle.write(`${JSON.stringify({ format, ...header })}\n`)
        for (const part of [hashes, positions, laidOut]) await handle.write(new Uint8Array(part.buffer, part.byteOffset, part.byteLength))
      } finally {
        await handle.close()
      }
      await rename(draft, file)
      await this.#prune()
    } catch (error) {
      log.warn('A layout could not be saved', error)
      await rm(draft, { force: true })
    }
  }

  #file({ connectionId, collectionId }: CollectionRef, settings: MapSettings): string {
    const { method, nNeighbors, minDist, metric, seed } = settings
    const key = JSON.stringify([connectionId, collectionId, method, nNeighbors, minDist, metric, seed])
    return path.join(this.#folder, createHash('sha256').update(key).digest('hex').slice(0, 32) + ending)
  }

  async #prune(): Promise<void> {
    const names = (await readdir(this.#folder)).filter((name) => name.endsWith(ending))
    if (names.length <= mostFiles) return
    const aged = await Promise.all(names.map(async (name) => ({ name, at: (await stat(path.join(this.#folder, name))).mtimeMs })))
    const oldest = aged.toSorted((a, b) => a.at - b.at).slice(0, names.length - mostFiles)
    await Promise.all(oldest.map(({ name }) => rm(path.join(this.#folder, name), { force: true })))
  }
}
