import { constants } from 'node:fs'
import { access, cp, mkdir, readdir, realpath, rename, rm, stat } from 'node:fs/promises'
import path from 'node:path'
import { Worker } from 'node:worker_threads'
import type { StoreCare as Care } from '../../shared/contract/cleanup.ts'
import { AppError, fromWireError, toWireError } from '../../shared/rpc/errors.ts'
import type { Jobs } from '../jobs/jobs.ts'
import { builtFile } from '../platform/paths.ts'
import { folderBytes, storeBytes } from '../store/directory/folder-bytes.ts'
import { segmentFolders } from '../store/directory/recognise.ts'
import type { Engines } from '../store/engine/engines.ts'
import { holderWords, openFiles } from '../store/open-files/open-files.ts'
import { takeOwnLock } from '../store/engine/own-lock.ts'
import type { OpenStores } from '../store/open-stores.ts'
import { storeCareReplySchema, type StoreFacts } from './store-care-protocol.ts'

export interface StoreCareOptions {
  /** The app's data folder. */
  readonly data: string
  readonly scratch: string
  readonly stores: OpenStores
  readonly engines: Engines
  readonly jobs: Jobs
  readonly directoryOf: (connectionId: string) => Promise<string | null>
}

/** Operations in the queue for each collection that Chroma leaves there at most, twice over. */
const usualQueue = 2000
const numbers = new Intl.NumberFormat('en')
const trashName = /^(\d{13})~([\w-]{1,80})$/

function megabytes(bytes: number): string {
  return `${numbers.format(Math.round(bytes / 100_000) / 10)} MB`
}

/** Looks after what lies around collections: index folders that nothing names, the write-ahead queue, and free pages of the database. */
export class StoreCare {
  readonly #options: StoreCareOptions

  constructor(options: StoreCareOptions) {
    this.#options = options
  }

  /** Null for servers. Errors as a private copy of the database. */
  async look(connectionId: string): Promise<Care | null> {
    const directory = await this.#options.directoryOf(connectionId)
    if (directory === null) return null
    const facts = await this.#facts(directory)
    const orphans = await this.#orphans(directory, facts)
    return {
      orphans: await Promise.all(
        orphans.map(async (name) => ({
          name,
          bytes: (await folderBytes(directory, name)) ?? 0,
          files: (await readdir(path.join(directory, name))).length,
        })),
      ),
      trash: await this.#trash(connectionId),
      queue: { operations: facts.queued, purges: facts.purges, large: facts.queued > usualQueue * Math.max(1, facts.collections) },
      database: { bytes: facts.bytes, freeBytes: facts.freeBytes },
      refusal: await this.#refusal(directory),
    }
  }

  /**
   * Moves folders that no segment names to the app's trash.
   * @throws AppError 'busy' where somebody has the store open, 'stale' where a folder belongs to a collection after all
   */
  async removeOrphans(connectionId: string, names: readonly string[]): Promise<number> {
    const directory = await this.#directory(connectionId)
    return this.#whileClosed(directory, async () => {
      const orphans = new Set(await this.#orphans(directory, await this.#facts(directory)))
      const wrong = names.find((name) => !orphans.has(name))
      if (wrong !== undefined)
        throw new AppError(
          'stale',
          `The folder ${wrong} is gone, or belongs to a collection. Nothing was moved.`,
          'Look at the folders again.',
        )
      const trash = this.#trashOf(connectionId)
      await mkdir(trash, { recursive: true, mode: 0o700 })
      let bytes = 0
      for (const name of names) {
        bytes += (await folderBytes(directory, name)) ?? 0
        await move(path.join(directory, name), path.join(trash, `${Date.now()}~${name}`))
      }
      return bytes
    })
  }

  /** @throws AppError 'not-found' for what is not in the trash, 'conflict' where the folder is there again, 'busy' */
  async restore(connectionId: string, id: string): Promise<void> {
    const directory = await this.#directory(connectionId)
    const name = trashName.exec(id)?.[2]
    const known = (await this.#trash(connectionId)).some((one) => one.id === id)
    if (name === undefined || !known) throw new AppError('not-found', 'The folder is not in the trash.', 'Look at the trash again.')
    await this.#whileClosed(directory, async () => {
      const target = path.join(directory, name)
      const exists = await access(target, constants.F_OK).then(
        () => true,
        () => false,
      )
      if (exists) throw new AppError('conflict', 'The store has a folder of this name again.', 'It stays in the trash.')
      await move(path.join(this.#trashOf(connectionId), id), target)
    })
  }

  /** Lets Chroma's own vacuum run on a store that nobody has open, after a copy; a job whose result is a sentence. */
  compact(connectionId: string): string {
    const { jobs, engines, data, stores } = this.#options
    return jobs.start(
      'Compact the store',
      async ({ signal, progress }) => {
        const directory = await this.#directory(connectionId)
        const before = (await storeBytes(directory)) ?? 0
        progress('Copying the store', 0, null)
        const { snapshot } = await engines.vacuum(directory, {
          snapshotFolder: path.join(data, 'snapshots'),
          signal,
          onSnapshot: () => progress('Compacting', 0, null),
        })
        const after = (await storeBytes(directory)) ?? 0
        await (await stores.get(connectionId, signal)).refresh({ signal })
        return `The store took ${megabytes(before)} and takes ${megabytes(after)} now. A copy of it as it was is in ${snapshot}.`
      },
      { method: 'cleanup.compact', subject: connectionId },
    )
  }

  async #directory(connectionId: string): Promise<string> {
    const directory = await this.#options.directoryOf(connectionId)
    if (directory !== null) return realpath(directory)
    throw new AppError('unsupported', 'This is a server: its files are its own.', 'Run chroma vacuum where the server keeps them.')
  }

  #trashOf(connectionId: string): string {
    return path.join(this.#options.data, 'trash', path.basename(connectionId))
  }

  async #trash(connectionId: string): Promise<Care['trash']> {
    const folder = this.#trashOf(connectionId)
    const names = await readdir(folder).catch((): string[] => [])
    const found = names.flatMap((id) => {
      const match = trashName.exec(id)
      return match === null ? [] : [{ id, name: match[2] ?? '', at: Number(match[1]) }]
    })
    return Promise.all(found.map(async (one) => ({ ...one, bytes: (await folderBytes(folder, one.id)) ?? 0 })))
  }

  async #orphans(directory: string, { segments }: StoreFacts): Promise<string[]> {
    const used = new Set(segments)
    return (await segmentFolders(directory)).filter((name) => !used.has(name))
  }

  async #refusal(directory: string): Promise<Care['refusal']> {
    const running = this.#options.engines.statuses()
    const real = await realpath(directory)
    if (running.some((one) => one.directory === real))
      return toWireError(new AppError('busy', 'This store is being edited here.', 'Stop editing first.'))
    const { holders } = await openFiles(directory)
    const [first] = holders
    if (first === undefined) return null
    return toWireError(
      new AppError('busy', `Another program has this store open: ${holderWords(first)}.`, 'Close that program, then try again.'),
    )
  }

  async #whileClosed<Value>(directory: string, work: () => Promise<Value>): Promise<Value> {
    const unlock = takeOwnLock(this.#options.data, directory)
    try {
      const refusal = await this.#refusal(directory)
      if (refusal !== null) throw fromWireError(refusal)
      return await work()
    } finally {
      unlock()
    }
  }

  #facts(directory: string): Promise<StoreFacts> {
    const worker = new Worker(builtFile('store-care.worker.js'), { workerData: { directory, scratch: this.#options.scratch } })
    return new Promise<StoreFacts>((resolve, reject) => {
      worker.once('message', (message: unknown) => {
        const reply = storeCareReplySchema.parse(message)
        if (reply.type === 'done') resolve(reply.facts)
        else reject(fromWireError(reply.error))
      })
      worker.once('error', reject)
      worker.once('exit', () => reject(new AppError('internal', 'The worker that looks at the database ended.')))
    })
  }
}

/** Renames a folder; to another disk it is copied whole before it is removed. */
async function move(from: string, to: string): Promise<void> {
  try {
    await rename(from, to)
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'EXDEV') throw error
    await cp(from, to, { recursive: true, errorOnExist: true, force: false, preserveTimestamps: true })
    if ((await stat(to)).isDirectory()) await rm(from, { recursive: true })
  }
}
