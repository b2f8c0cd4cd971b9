import { existsSync } from 'node:fs'
import { mkdir, mkdtemp, rename, rm } from 'node:fs/promises'
import path from 'node:path'
import type { Jobs } from '../../jobs/jobs.ts'
import { makeSample } from '../../sample/make-sample.ts'
import type { Engines } from '../../store/engine/engines.ts'
import type { Connections } from './service.ts'

export interface SampleOptions {
  readonly directory: string
  readonly jobs: Jobs
  readonly engines: Engines
  readonly connections: Connections
}

/** The generated store that shows what the app does. It is made once, beside its place, and then moved there whole. */
export class Sample {
  readonly #options: SampleOptions
  #runningJob: string | null = null

  constructor(options: SampleOptions) {
    this.#options = options
  }

  /** Makes the sample where it does not exist and opens it, as one job at a time; returns the job's id. */
  open(): string {
    this.#runningJob ??= this.#options.jobs.start('Open the sample', async ({ signal, progress }) => {
      try {
        if (!existsSync(this.#options.directory)) await this.#make(signal, progress)
        progress('Opening', 0, null)
        return (await this.#options.connections.openDirectory(this.#options.directory, signal)).id
      } finally {
        this.#runningJob = null
      }
    })
    return this.#runningJob
  }

  async #make(signal: AbortSignal, progress: (stage: string, done: number, total: number | null) => void): Promise<void> {
    const { directory, engines } = this.#options
    await mkdir(path.dirname(directory), { recursive: true, mode: 0o700 })
    const unfinished = await mkdtemp(`${directory}-unfinished-`)
    try {
      await makeSample({ directory: unfinished, engines, signal, progress })
      await rename(unfinished, directory)
    } finally {
      await rm(unfinished, { recursive: true, force: true })
    }
  }
}
