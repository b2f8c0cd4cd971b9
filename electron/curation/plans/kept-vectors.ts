import { createHash } from 'node:crypto'
import { mkdir, open, readdir, rm, stat, type FileHandle } from 'node:fs/promises'
import path from 'node:path'
import { cannotWrite } from '../../platform/settings-file.ts'

const hashLength = 32
/** Vectors of work that nobody took up again for so long are dropped. Milliseconds. */
const longestKept = 30 * 24 * 3_600_000

function hashOf(text: string): Buffer {
  return createHash('sha256').update(text).digest()
}

async function dropOld(folder: string): Promise<void> {
  for (const name of await readdir(folder)) {
    const file = path.join(folder, name)
    const found = await stat(file).catch(() => null)
    if (found && Date.now() - found.mtimeMs > longestKept) await rm(file, { force: true })
  }
}

/**
 * Vectors that were made of texts for one piece of work, kept by the hash of the text, so that the work goes on where it was
 * interrupted. A file of equal rows: the SHA-256 of the text, then the numbers as float32; a torn last row is cut off.
 */
export class KeptVectors {
  readonly #file: string
  readonly #handle: FileHandle
  readonly #dimension: number
  readonly #places: Map<string, number>
  #rows: number

  private constructor(file: string, handle: FileHandle, dimension: number, places: Map<string, number>, rows: number) {
    this.#file = file
    this.#handle = handle
    this.#dimension = dimension
    this.#places = places
    this.#rows = rows
  }

  /**
   * @param folder in the data folder, made when needed
   * @param work names the work, with everything that the vectors depend on but the texts
   * @throws AppError 'no-space', 'forbidden'
   */
  static async open(folder: string, work: string, dimension: number): Promise<KeptVectors> {
    const file = path.join(folder, `${createHash('sha256').update(`${dimension} ${work}`).digest('hex').slice(0, 32)}.vectors`)
    try {
      await mkdir(folder, { recursive: true, mode: 0o700 })
      await dropOld(folder)
      const handle = await open(file, 'a+', 0o600)
      const rowLength = hashLength + 4 * dimension
      const rows = Math.floor((await handle.stat()).size / rowLength)
      const places = new Map<string, number>()
      const hash = Buffer.alloc(hashLength)
      for (let row = 0; row < rows; row += 1) {
        await handle.read(hash, 0, hashLength, row * rowLength)
        places.set(hash.toString('base64'), row)
      }
      await handle.truncate(rows * rowLength)
      return new KeptVectors(file, handle, dimension, places, rows)
    } catch (error) {
      throw cannotWrite('vectors', error)
    }
  }

  /** The vector of a text; null where it was not made yet. */
  async get(text: string): Promise<Float32Array | null> {
    const row = this.#places.get(hashOf(text).toString('base64'))
    if (row === undefined) return null
    const vector = new Float32Array(this.#dimension)
    const bytes = new Uint8Array(vector.buffer)
    await this.#handle.read(bytes, 0, bytes.byteLength, row * (hashLength + bytes.byteLength) + hashLength)
    return vector
  }

  /** Keeps vectors of texts that it does not have. @throws AppError 'no-space', 'forbidden' */
  async add(texts: readonly string[], data: Float32Array): Promise<void> {
    const parts: Uint8Array[] = []
    for (const [index, text] of texts.entries()) {
      const hash = hashOf(text)
      const vector = data.slice(index * this.#dimension, (index + 1) * this.#dimension)
      parts.push(hash, new Uint8Array(vector.buffer))
      this.#places.set(hash.toString('base64'), this.#rows)
      this.#rows += 1
    }
    try {
      await this.#handle.appendFile(Buffer.concat(parts))
    } catch (error) {
      throw cannotWrite('vectors', error)
    }
  }

  /** Ends the use of the file; it stays. */
  async close(): Promise<void> {
    await this.#handle.close()
  }

  /** Ends the use of the file and removes it: the work is done. */
  async remove(): Promise<void> {
    await this.#handle.close()
    await rm(this.#file, { force: true })
  }
}
