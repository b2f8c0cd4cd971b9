import { randomUUID } from 'node:crypto'
import path from 'node:path'
import type { CollectionRef } from '../../shared/contract/collections.ts'
import type { LogFacts, LogMapping, LookupLog } from '../../shared/contract/lookup-logs.ts'
import type { Space } from '../../shared/domain/space.ts'
import { AppError } from '../../shared/rpc/errors.ts'
import type { Jobs } from '../jobs/jobs.ts'
import { log } from '../platform/log.ts'
import { LogHost } from './log-host.ts'
import type { ReplayAnswer } from './protocol.ts'
import type { ReplayedQuery } from './replay.ts'

/** Logs that are open at once, each with its own memory. */
const maxOpen = 8
/** Lookups of a replay that are told to the worker at once, so that a replay that is cancelled is not lost. */
const replayedAtOnce = 100

interface OpenLog {
  readonly id: string
  readonly ref: CollectionRef
  readonly file: string
  readonly host: LogHost
  facts: LogFacts
}

export interface LookupLogsOptions {
  readonly jobs: Jobs
  /** How the collection of a log measures distances. */
  readonly spaceOf: (ref: CollectionRef, signal: AbortSignal) => Promise<Space>
  /** Looks a query up as the cache would. */
  readonly lookUp: (
    ref: CollectionRef,
    query: Pick<ReplayedQuery, 'query' | 'namespace' | 'time'>,
    signal: AbortSignal,
  ) => Promise<Omit<ReplayAnswer, 'rows'>>
  /** Something about logs changed. */
  readonly onChange: () => void
}

/** The logs of lookups that are open, each for one collection, until they are closed or the app ends. */
export class LookupLogs {
  readonly #options: LookupLogsOptions
  readonly #logs = new Map<string, OpenLog>()

  constructor(options: LookupLogsOptions) {
    this.#options = options
  }

  list(ref: CollectionRef): LookupLog[] {
    return [...this.#logs.values()].filter((each) => isOf(each, ref)).map(describe)
  }

  /**
   * Reads a file as a job whose result is the log's id; a file that is open already is read anew. Its path must not come from
   * the renderer.
   * @throws AppError 'busy' where too many are open
   */
  open(ref: CollectionRef, file: string): string {
    const known = [...this.#logs.values()].find((each) => isOf(each, ref) && each.file === file)
    if (known) return this.#read(known, known.facts.mappingGuessed ? null : known.facts.mapping)
    if (this.#logs.size >= maxOpen) {
      throw new AppError('busy', `${maxOpen} logs are open already, and each takes memory.`, 'Close one of them first.')
    }
    return this.#options.jobs.start(`Read ${path.basename(file)}`, async ({ signal, progress }) => {
      const id = randomUUID()
      const host = new LogHost(file, await this.#options.spaceOf(ref, signal), (facts) => this.#grown(id, facts))
      try {
        const onProgress = (done: number, total: number): void => progress('Reading lookups, bytes', done, total)
        const facts = await host.ask({ type: 'read', mapping: null }, { signal, onProgress })
        this.#logs.set(id, { id, ref, file, host, facts })
      } catch (error) {
        await host.close()
        throw error
      }
      this.#options.onChange()
      return id
    })
  }

  /** Reads a log under another mapping, as a job. @throws AppError 'not-found' */
  map(ref: CollectionRef, logId: string, mapping: LogMapping): string {
    return this.#read(this.#known(ref, logId), mapping)
  }

  async watch(ref: CollectionRef, logId: string, watching: boolean): Promise<LookupLog> {
    const known = this.#known(ref, logId)
    known.facts = await known.host.ask({ type: 'watch', watching })
    return describe(known)
  }

  /** Looks lookups without a similarity up again, as a job. @throws AppError 'not-found' */
  replay(ref: CollectionRef, logId: string): string {
    const known = this.#known(ref, logId)
    return this.#options.jobs.start(`Replay ${path.basename(known.file)}`, async ({ signal, progress }) => {
      const { reading, queries } = await known.host.ask({ type: 'queries' }, { signal })
      for (let from = 0; from < queries.length; from += replayedAtOnce) {
        progress('Looking queries up again', from, queries.length)
        const answers: ReplayAnswer[] = []
        for (const { rows, ...query } of queries.slice(from, from + replayedAtOnce)) {
          answers.push({ rows, ...(await this.#options.lookUp(ref, query, signal)) })
        }
        known.facts = await known.host.ask({ type: 'replayed', reading, answers }, { signal })
      }
      this.#options.onChange()
      return known.id
    })
  }

  async close(ref: CollectionRef, logId: string): Promise<void> {
    const { host } = this.#known(ref, logId)
    this.#logs.delete(logId)
    await host.close()
  }

  /** The worker of a log, to ask it. @throws AppError 'not-found' */
  host(ref: CollectionRef, logId: string): LogHost {
    return this.#known(ref, logId).host
  }

  async closeAll(): Promise<void> {
    const open = [...this.#logs.values()]
    this.#logs.clear()
    await Promise.all(open.map(({ host }) => host.close().catch((error: unknown) => log.warn('A log could not be closed', error))))
  }

  #known(ref: CollectionRef, logId: string): OpenLog {
    const known = this.#logs.get(logId)
    if (known && isOf(known, ref)) return known
    throw new AppError('not-found', 'This log is not open any more.', 'Open it again.')
  }

  #read(known: OpenLog, mapping: LogMapping | null): string {
    return this.#options.jobs.start(`Read ${path.basename(known.file)}`, async ({ signal, progress }) => {
      const onProgress = (done: number, total: number): void => progress('Reading lookups, bytes', done, total)
      known.facts = await known.host.ask({ type: 'read', mapping }, { signal, onProgress })
      this.#options.onChange()
      return known.id
    })
  }

  #grown(id: string, facts: LogFacts): void {
    const known = this.#logs.get(id)
    if (!known) return
    known.facts = facts
    this.#options.onChange()
  }
}

function isOf({ ref }: OpenLog, { connectionId, collectionId }: CollectionRef): boolean {
  return ref.connectionId === connectionId && ref.collectionId === collectionId
}

function describe({ id, file, facts }: OpenLog): LookupLog {
  return { ...facts, id, name: path.basename(file), path: file }
}
