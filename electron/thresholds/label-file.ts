import { createHash } from 'node:crypto'
import { mkdir, open, readFile } from 'node:fs/promises'
import path from 'node:path'
import { z } from 'zod'
import type { CollectionRef } from '../../shared/contract/collections.ts'
import { givenLabelSchema } from '../../shared/contract/thresholds.ts'
import { collectionKey } from '../platform/app-settings.ts'
import { log } from '../platform/log.ts'
import { cannotWrite } from '../platform/settings-file.ts'

const labelLineSchema = z.object({
  type: z.literal('label'),
  source: z.string(),
  key: z.string(),
  pair: z.string(),
  /** Null takes a label away. */
  label: givenLabelSchema.nullable(),
  chosenBy: z.enum(['queue', 'person']),
  /** Milliseconds since 1970. */
  at: z.number(),
  query: z.string().nullable(),
  entryId: z.string().nullable(),
  matchedQuery: z.string().nullable(),
  similarity: z.number().nullable(),
  namespace: z.string().nullable(),
})
/** A label as it was given, with enough to be of use where its source is gone. */
export type LabelLine = z.infer<typeof labelLineSchema>

const lineSchema = z.discriminatedUnion('type', [labelLineSchema, z.object({ type: z.literal('undo'), source: z.string() })])
type Line = z.infer<typeof lineSchema>

/**
 * The labels that people gave, a file of JSON lines for each collection. Lines are only ever appended, and are on the disk before
 * a label counts as given; taking back is a line as well.
 */
export class LabelFile {
  readonly #folder: string
  readonly #kept = new Map<string, { lines: LabelLine[]; endsWell: boolean }>()
  #last: Promise<unknown> = Promise.resolve()

  /** @param folder in the app's data folder; made when needed */
  constructor(folder: string) {
    this.#folder = folder
  }

  /** Labels that were not taken back, oldest first; those of one source, or with null of all. */
  of(ref: CollectionRef, source: string | null): Promise<LabelLine[]> {
    return this.#inTurn(async () => {
      const { lines } = await this.#load(ref)
      return source === null ? [...lines] : lines.filter((line) => line.source === source)
    })
  }

  /** @throws AppError 'no-space' or 'forbidden' where it cannot be written; then nothing was labelled */
  add(ref: CollectionRef, line: LabelLine): Promise<void> {
    return this.#inTurn(() => this.#append(ref, line))
  }

  /** Takes the last label of a source back and gives it; null where there is none. Errors as in {@link add}. */
  undo(ref: CollectionRef, source: string): Promise<LabelLine | null> {
    return this.#inTurn(async () => {
      const { lines } = await this.#load(ref)
      const last = lines.findLast((line) => line.source === source) ?? null
      if (last !== null) await this.#append(ref, { type: 'undo', source })
      return last
    })
  }

  #inTurn<Result>(work: () => Promise<Result>): Promise<Result> {
    const result = this.#last.then(work, work)
    this.#last = result.catch(() => undefined)
    return result
  }

  #fileOf(ref: CollectionRef): string {
    return path.join(this.#folder, `${createHash('sha256').update(collectionKey(ref)).digest('hex').slice(0, 32)}.jsonl`)
  }

  async #load(ref: CollectionRef): Promise<{ lines: LabelLine[]; endsWell: boolean }> {
    const file = this.#fileOf(ref)
    const known = this.#kept.get(file)
    if (known) return known
    const text = await readFile(file, 'utf8').catch((error: NodeJS.ErrnoException) => {
      if (error.code === 'ENOENT') return ''
      throw error
    })
    const kept = { lines: [] as LabelLine[], endsWell: text === '' || text.endsWith('\n') }
    let damaged = 0
    for (const each of text.split('\n')) {
      if (each === '') continue
      const line = parsed(each)
      if (line === null) damaged += 1
      else apply(kept.lines, line)
    }
    // A line that a crash cut off must not cost the others.
    if (damaged > 0) log.warn(`${damaged} damaged lines of ${path.basename(file)} were left out`)
    this.#kept.set(file, kept)
    return kept
  }

  async #append(ref: CollectionRef, line: Line): Promise<void> {
    const kept = await this.#load(ref)
    const file = this.#fileOf(ref)
    try {
      await mkdir(this.#folder, { recursive: true, mode: 0o700 })
      const handle = await open(file, 'a', 0o600)
      try {
        const before = kept.endsWell ? '' : '\n'
        kept.endsWell = false
        await handle.writeFile(`${before}${JSON.stringify(line)}\n`)
        await handle.sync()
      } finally {
        await handle.close()
      }
    } catch (error) {
      throw cannotWrite(path.basename(file), error)
    }
    kept.endsWell = true
    apply(kept.lines, line)
  }
}

function parsed(text: string): Line | null {
  try {
    const line = lineSchema.safeParse(JSON.parse(text))
    return line.success ? line.data : null
  } catch {
    return null
  }
}

function apply(lines: LabelLine[], line: Line): void {
  if (line.type === 'label') lines.push(line)
  else {
    const last = lines.findLastIndex(({ source }) => source === line.source)
    if (last !== -1) lines.splice(last, 1)
  }
}
