import { randomBytes } from 'node:crypto'
import { mkdir, open, readFile, rename, rm } from 'node:fs/promises'
import path from 'node:path'
import type { z } from 'zod'
import { AppError } from '../../shared/rpc/errors.ts'

export interface SettingsFileOptions<Schema extends z.ZodType> {
  readonly file: string
  /** Must accept `{}`: that is what an absent file holds. */
  readonly schema: Schema
  /** Told once, with the new name, when the file could not be understood and was set aside. */
  readonly onDamaged: (file: string, setAside: string) => void
}

function isCode(error: unknown, code: string): boolean {
  return error instanceof Error && 'code' in error && error.code === code
}

/**
 * A small JSON file with a schema. A change is written to a new file that replaces the old one, so that a crash
 * leaves either; changes come one after another, each made to what the file holds then. A file that cannot be
 * understood is renamed, never overwritten. Only its owner may read it.
 */
export class SettingsFile<Schema extends z.ZodType> {
  readonly #options: SettingsFileOptions<Schema>
  #last: Promise<unknown> = Promise.resolve()

  constructor(options: SettingsFileOptions<Schema>) {
    this.#options = options
  }

  /** What the file holds, after the changes asked for before. */
  read(): Promise<z.output<Schema>> {
    return this.#inTurn(() => this.#load())
  }

  /**
   * Replaces the contents by what `change` makes of them, and returns that.
   * @throws AppError 'no-space' or 'forbidden' where it cannot be written; the old contents then remain.
   */
  update(change: (current: z.output<Schema>) => z.input<Schema>): Promise<z.output<Schema>> {
    return this.#inTurn(async () => {
      const next = this.#options.schema.parse(change(await this.#load()))
      await this.#write(`${JSON.stringify(next, null, 2)}\n`)
      return next
    })
  }

  #inTurn<Result>(work: () => Promise<Result>): Promise<Result> {
    const result = this.#last.then(work, work)
    this.#last = result.catch(() => undefined)
    return result
  }

  async #load(): Promise<z.output<Schema>> {
    const { file, schema } = this.#options
    let text: string
    try {
      text = await readFile(file, 'utf8')
    } catch (error) {
      if (isCode(error, 'ENOENT')) return schema.parse({})
      throw error
    }
    let value: unknown
    try {
      value = JSON.parse(text)
    } catch {
      return this.#setAside()
    }
    const parsed = schema.safeParse(value)
    return parsed.success ? parsed.data : this.#setAside()
  }

  async #setAside(): Promise<z.output<Schema>> {
    const { file, schema, onDamaged } = this.#options
    const setAside = `${file}.${new Date().toISOString().replaceAll(':', '-')}.damaged`
    await rename(file, setAside)
    onDamaged(file, setAside)
    return schema.parse({})
  }

  async #write(text: string): Promise<void> {
    const { file } = this.#options
    const temporary = `${file}.${randomBytes(6).toString('hex')}.new`
    try {
      await mkdir(path.dirname(file), { recursive: true, mode: 0o700 })
      const handle = await open(temporary, 'wx', 0o600)
      try {
        await handle.writeFile(text)
        await handle.sync()
      } finally {
        await handle.close()
      }
      await rename(temporary, file)
    } catch (error) {
      await rm(temporary, { force: true }).catch(() => undefined)
      throw cannotWrite(path.basename(file), error)
    }
  }
}

/** What to throw where a file of the data folder could not be written. */
export function cannotWrite(name: string, error: unknown): unknown {
  const remedy = 'What was kept before is unchanged. Make room or correct the permissions of the data folder, then try again.'
  if (isCode(error, 'ENOSPC') || isCode(error, 'EDQUOT') || isCode(error, 'EFBIG')) {
    return new AppError('no-space', `There is no space left to save ${name}.`, remedy, { cause: error })
  }
  if (isCode(error, 'EACCES') || isCode(error, 'EPERM') || isCode(error, 'EROFS')) {
    return new AppError('forbidden', `The app may not write ${name} in its data folder.`, remedy, { cause: error })
  }
  return error
}
