import { randomUUID } from 'node:crypto'
import { access, constants } from 'node:fs/promises'
import path from 'node:path'
import type { CollectionRef } from '../../shared/contract/collections.ts'
import type { LogFacts, LogMapping, LookupLog } from '../../shared/contract/lookup-logs.ts'
import type { Space } from '../../shared/domain/space.ts'
import { AppError } from '../../shared/rpc/errors.ts'
import type { JobContext, Jobs } from '../jobs/jobs.ts'
import { log } from '../platform/log.ts'
import type { KeptLog, KeptLogs } from './kept-logs.ts'
import { LogHost } from './log-host.ts'
import { cannotRead } from './log-reader.ts'
import type { ReplayAnswer, ReplayedQuery } from './protocol.ts'

/** Logs that are in memory at once. The one looked at longest ago makes room for another. */
const maxOpen = 8
/** Lookups of a replay that are embedded together, and told to the worker so that a replay that is cancelled is not lost. */
const replayedAtOnce = 256

interface OpenLog {
  readonly host: LogHost
  facts: LogFacts
}

export interface LookupLogsOptions {
  readonly jobs: Jobs
  readonly kept: KeptLogs
  /** How the collection of a log measures distances. */
  readonly spaceOf: (ref: CollectionRef, signal: AbortSignal) => Promise<Space>
  /** Looks queries up as the cache would, in order. */
  readonly lookUp: (
    ref: CollectionRef,
    queries: readonly Pick<ReplayedQuery, 'query' | 'namespace' | 'time'>[],
    signal: AbortSignal,
  ) => Promise<Omit<ReplayAnswer, 'place'>[]>
  /** What a log says was read, maybe in another way than before. */
  readonly onRead: () => void
  /** A log that is watched has more lines now. */
  readonly onGrown: () => void
}

/**
 * The logs of lookups that were opened, each for one collection, until they are closed. They outlive the app: after a start they
 * are known, and read once somebody looks at them.
 */
export class LookupLogs {
  readonly #options: LookupLogsOptions
  /** Those in memory by their ids, the one looked at longest ago first. */
  readonly #open = new Map<string, OpenLog>()
  /** Jobs that read a log into memory, by its id. */
  readonly #opening = new Map<string, string>()

  constructor(options: LookupLogsOptions) {
    this.#options = options
  }

  async list(ref: CollectionRef): Promise<LookupLog[]> {
    return (await this.#options.kept.of(ref)).map((kept) => this.#describe(kept))
  }

  /**
   * Reads a file as a job whose result is the log's id; a file that is open already is read anew. Its path must not come from
   * the renderer.
   */
  async open(ref: CollectionRef, file: string): Promise<string> {
    const known = (await this.#options.kept.of(ref)).find((each) => each.file === file)
    if (known) return this.#start(ref, known, known.mapping)
    return this.#start(ref, { id: randomUUID(), file, mapping: null, watching: false }, null)
  }

  /**
   * Reads a log that is known and not in memory, as a job; the same one where it is being read.
   * @throws AppError 'not-found' where it is not known or its file is gone, 'forbidden' where the file may not be read
   */
  async reopen(ref: CollectionRef, logId: string): Promise<string> {
    const known = await this.#known(ref, logId)
    const running = this.#opening.get(logId)
    if (running !== undefined) return running
    await access(known.file, constants.R_OK).catch((cause: NodeJS.ErrnoException) => {
      throw cannotRead(known.file, cause)
    })
    return this.#opening.get(logId) ?? this.#start(ref, known, known.mapping)
  }

  /** Reads a log under another mapping, as a job. @throws AppError 'not-found' */
  async map(ref: CollectionRef, logId: string, mapping: LogMapping): Promise<string> {
    return this.#start(ref, await this.#known(ref, logId), mapping)
  }

  /** @throws AppError 'not-found', 'stale' where the log is not in memory */
  async watch(ref: CollectionRef, logId: string, watching: boolean): Promise<LookupLog> {
    const known = await this.#known(ref, logId)
    const open = this.#inMemory(logId)
    open.facts = await open.host.ask({ type: 'watch', watching })
    await this.#options.kept.change(ref, logId, { watching })
    return this.#describe(known)
  }

  /** Looks lookups without a similarity up again, as a job. @throws AppError 'not-found', 'stale' where it is not in memory */
  async replay(ref: CollectionRef, logId: string): Promise<string> {
    const { file } = await this.#known(ref, logId)
    const open = this.#inMemory(logId)
    return this.#options.jobs.start(`Replay ${path.basename(file)}`, async ({ signal, progress }) => {
      try {
        for (let from = 0, done = 0; ; from += replayedAtOnce) {
          const { reading, total, queries } = await open.host.ask({ type: 'queries', offset: from, limit: replayedAtOnce }, { signal })
          if (queries.length === 0) return logId
          progress('Looking up again', done, total)
          const found = await this.#options.lookUp(ref, queries, signal)
          const answers = found.map((answer, at): ReplayAnswer => ({ place: from + at, ...answer }))
          open.facts = await open.host.ask({ type: 'replayed', reading, answers }, { signal })
          done += queries.reduce((sum, { lookups }) => sum + lookups, 0)
        }
      } finally {
        this.#options.onRead()
      }
    })
  }

  /** Forgets a log. @throws AppError 'not-found' */
  async close(ref: CollectionRef, logId: string): Promise<void> {
    await this.#known(ref, logId)
    const opening = this.#opening.get(logId)
    if (opening !== undefined) this.#options.jobs.cancel(opening)
    await this.#options.kept.forget(ref, logId)
    await this.#release(logId)
  }

  /** The worker of a log, to ask it. @throws AppError 'not-found', 'stale' where it is not in memory */
  async host(ref: CollectionRef, logId: string): Promise<LogHost> {
    await this.#known(ref, logId)
    const open = this.#inMemory(logId)
    this.#open.delete(logId)
    this.#open.set(logId, open)
    return open.host
  }

  /** Ends the workers. What is known of logs stays. */
  async closeAll(): Promise<void> {
    await Promise.all([...this.#open.keys()].map((id) => this.#release(id)))
  }

  async #known(ref: CollectionRef, logId: string): Promise<KeptLog> {
    const known = (await this.#options.kept.of(ref)).find(({ id }) => id === logId)
    if (known) return known
    throw new AppError('not-found', 'This log is not open any more.', 'Open it again.')
  }

  #inMemory(logId: string): OpenLog {
    const open = this.#open.get(logId)
    if (open) return open
    throw new AppError('stale', 'This log was not read yet since the app was started.', 'Choose it in the list of logs to read it.')
  }

  #start(ref: CollectionRef, kept: KeptLog, mapping: LogMapping | null): string {
    const jobId = this.#options.jobs.start(`Read ${path.basename(kept.file)}`, async (job) => {
      try {
        await this.#read(ref, kept, mapping, job)
        return kept.id
      } finally {
        if (this.#opening.get(kept.id) === jobId) this.#opening.delete(kept.id)
        this.#options.onRead()
      }
    })
    this.#opening.set(kept.id, jobId)
    return jobId
  }

  async #read(ref: CollectionRef, kept: KeptLog, mapping: LogMapping | null, { signal, progress }: JobContext): Promise<void> {
    const options = { signal, onProgress: (done: number, total: number): void => progress('Reading lookups, bytes', done, total) }
    const open = this.#open.get(kept.id)
    if (open) {
      open.facts = await open.host.ask({ type: 'read', mapping }, options)
      await this.#options.kept.change(ref, kept.id, { mapping })
      return
    }
    const host = new LogHost(kept.file, await this.#options.spaceOf(ref, signal), (facts) => this.#grown(kept.id, facts))
    try {
      const facts = await host.ask({ type: 'read', mapping }, options)
      const watched = kept.watching ? await host.ask({ type: 'watch', watching: true }) : facts
      await this.#options.kept.add(ref, { ...kept, mapping })
      await this.#makeRoom()
      this.#open.set(kept.id, { host, facts: watched })
    } catch (error) {
      await host.close()
      throw error
    }
  }

  async #makeRoom(): Promise<void> {
    const [first] = [...this.#open].toSorted(([, a], [, b]) => Number(a.facts.watching) - Number(b.facts.watching))
    if (this.#open.size >= maxOpen && first) await this.#release(first[0])
  }

  async #release(logId: string): Promise<void> {
    const open = this.#open.get(logId)
    this.#open.delete(logId)
    await open?.host.close().catch((error: unknown) => log.warn('A log could not be closed', error))
  }

  #grown(logId: string, facts: LogFacts): void {
    const open = this.#open.get(logId)
    if (!open) return
    open.facts = facts
    this.#options.onGrown()
  }

  #describe({ id, file }: KeptLog): LookupLog {
    return { id, name: path.basename(file), path: file, facts: this.#open.get(id)?.facts ?? null }
  }
}
