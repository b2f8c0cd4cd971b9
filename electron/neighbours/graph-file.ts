import { createHash, randomBytes } from 'node:crypto'
import { mkdir, open, readdir, readFile, rename, rm, stat, utimes } from 'node:fs/promises'
import path from 'node:path'
import { z } from 'zod'
import { neighbourReportSchema } from '../../shared/contract/neighbours.ts'
import { spaceSchema } from '../../shared/domain/space.ts'

/** Changes with everything that would make a file of an earlier version mean something else. */
export const graphFormat = 1
const mark = `mnemoscope neighbours ${graphFormat}\n`
const hashBytes = 32
/** What was left behind by a write that broke off is removed after this time. */
const leftoverAge = 3_600_000

const headerSchema = z.object({
  fingerprint: z.string(),
  dimension: z.number().int().nonnegative(),
  k: z.number().int().min(1),
  metric: spaceSchema,
  rows: z.number().int().nonnegative(),
  /** Bytes of the ids. */
  idBytes: z.number().int().nonnegative(),
  report: neighbourReportSchema,
})

/** A graph with what tells whether it is still right. */
export interface StoredGraph extends Omit<z.infer<typeof headerSchema>, 'rows' | 'idBytes'> {
  readonly ids: readonly string[]
  /** Two numbers of each row's vector: see `hashRows`. */
  readonly hashes: Uint32Array
  readonly indices: Int32Array
  readonly distances: Float32Array
}

const bytesOf = (numbers: Uint32Array | Int32Array | Float32Array): Uint8Array =>
  new Uint8Array(numbers.buffer, numbers.byteOffset, numbers.byteLength)

/** Writes a graph to a new file that replaces the old one. @throws as the file system does */
export async function writeGraph(file: string, { ids, hashes, indices, distances, ...facts }: StoredGraph): Promise<void> {
  const idText = Buffer.from(JSON.stringify(ids))
  const header = headerSchema.parse({ ...facts, rows: ids.length, idBytes: idText.length })
  const parts = [Buffer.from(`${mark}${JSON.stringify(header)}\n`), bytesOf(hashes), bytesOf(indices), bytesOf(distances), idText]
  const hash = createHash('sha256')
  const temporary = `${file}.${randomBytes(6).toString('hex')}.new`
  await mkdir(path.dirname(file), { recursive: true, mode: 0o700 })
  try {
    const handle = await open(temporary, 'wx', 0o600)
    try {
      for (const part of parts) {
        hash.update(part)
        await handle.writeFile(part)
      }
      await handle.writeFile(hash.digest())
      await handle.sync()
    } finally {
      await handle.close()
    }
    await rename(temporary, file)
  } catch (error) {
    await rm(temporary, { force: true })
    throw error
  }
}

/** The graph in a file; null where there is none, or one that is damaged or of another version. */
export async function readGraph(file: string): Promise<StoredGraph | null> {
  const bytes = await readFile(file).catch(() => null)
  if (!bytes?.subarray(0, mark.length).equals(Buffer.from(mark))) return null
  const end = bytes.length - hashBytes
  if (!createHash('sha256').update(bytes.subarray(0, end)).digest().equals(bytes.subarray(end))) return null
  const headerEnd = bytes.indexOf('\n', mark.length)
  const header = headerSchema.safeParse(JSON.parse(bytes.toString('utf8', mark.length, headerEnd)))
  if (!header.success) return null
  const { rows, idBytes, ...facts } = header.data
  let at = headerEnd + 1
  // Numbers must start at a multiple of their size, so every part is copied out.
  const take = (length: number): ArrayBuffer => {
    at += length
    return new Uint8Array(bytes.subarray(at - length, at)).buffer
  }
  if (at + rows * 8 + rows * facts.k * 8 + idBytes !== end) return null
  const hashes = new Uint32Array(take(rows * 8))
  const indices = new Int32Array(take(rows * facts.k * 4))
  const distances = new Float32Array(take(rows * facts.k * 4))
  const ids = z
    .array(z.string())
    .length(rows)
    .parse(JSON.parse(bytes.toString('utf8', at, end)))
  return { ...facts, ids, hashes, indices, distances }
}

/** Remembers that a file was used now. */
export async function touchGraph(file: string): Promise<void> {
  const now = new Date()
  await utimes(file, now, now).catch(() => undefined)
}

/** Removes the files that were not used for longest, until all together are within `limit` bytes, and what broken writes left. */
export async function removeOldGraphs(folder: string, limit: number): Promise<void> {
  const names = await readdir(folder).catch(() => [])
  const files = await Promise.all(
    names.map(async (name) => {
      const file = path.join(folder, name)
      const facts = await stat(file).catch(() => null)
      return { file, bytes: facts?.size ?? 0, usedAt: facts?.mtimeMs ?? 0 }
    }),
  )
  let total = 0
  for (const { file, bytes, usedAt } of files.sort((a, b) => b.usedAt - a.usedAt)) {
    if (file.endsWith('.new')) {
      if (Date.now() - usedAt > leftoverAge) await rm(file, { force: true })
      continue
    }
    total += bytes
    if (total > limit) await rm(file, { force: true })
  }
}
