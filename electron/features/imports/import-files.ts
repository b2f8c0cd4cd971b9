import { randomUUID } from 'node:crypto'
import { readFile, stat } from 'node:fs/promises'
import path from 'node:path'
import { recordEndings, type ImportFile } from '../../../shared/contract/imports.ts'
import { AppError } from '../../../shared/rpc/errors.ts'

const markdownEndings = ['.md', '.markdown', '.mdx']
/** Bytes of one file, and characters of all that are open. */
const mostBytes = 128_000_000
const mostCharacters = 256_000_000

export interface OpenFile extends ImportFile {
  readonly text: string
}

function kindOf(name: string): ImportFile['kind'] {
  const ending = path.extname(name).toLowerCase()
  if (recordEndings.includes(ending)) return 'records'
  return markdownEndings.includes(ending) ? 'markdown' : 'text'
}

function decode(bytes: Uint8Array, name: string): string {
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(bytes)
  } catch (cause) {
    throw new AppError('invalid-input', `${name} is not text in UTF-8.`, 'Save it as UTF-8, then choose it again.', { cause })
  }
}

async function readBytes(file: string): Promise<Uint8Array> {
  const name = path.basename(file)
  try {
    const { size } = await stat(file)
    if (size <= mostBytes) return await readFile(file)
  } catch (cause) {
    throw new AppError('forbidden', `${name} cannot be read.`, 'Check its permissions, or choose another file.', { cause })
  }
  throw new AppError('unsupported', `${name} is larger than ${mostBytes / 1_000_000} MB.`, 'Split it into smaller files.')
}

/** Files to import from, in memory until they are closed. */
export class ImportFiles {
  readonly #files = new Map<string, OpenFile>()

  /** @throws AppError 'forbidden', 'invalid-input' where it is no text in UTF-8, 'unsupported' where it is too large */
  async open(file: string): Promise<ImportFile> {
    const bytes = await readBytes(file)
    const name = path.basename(file)
    return this.#keep(name, decode(bytes, name), bytes.byteLength)
  }

  /** A file by what it holds. Folders in its name are left out. */
  add(name: string, text: string): ImportFile {
    const last = name.split(/[/\\]/).at(-1) ?? name
    return this.#keep(last === '' ? 'text' : last, text.replace(/^\ufeff/, ''), Buffer.byteLength(text))
  }

  close(ids: readonly string[]): void {
    for (const id of ids) this.#files.delete(id)
  }

  /** @throws AppError 'stale' where one of them was closed */
  get(ids: readonly string[]): OpenFile[] {
    return ids.map((id) => {
      const file = this.#files.get(id)
      if (!file) throw new AppError('stale', 'A file is no longer open.', 'Choose it again.')
      return file
    })
  }

  #keep(name: string, text: string, bytes: number): ImportFile {
    const held = [...this.#files.values()].reduce((sum, file) => sum + file.text.length, 0)
    if (held + text.length > mostCharacters)
      throw new AppError('unsupported', 'The open files hold too much text together.', 'Import some of them first.')
    const file: OpenFile = { id: randomUUID(), name, bytes, kind: kindOf(name), text }
    this.#files.set(file.id, file)
    return { id: file.id, name, bytes, kind: file.kind }
  }
}
