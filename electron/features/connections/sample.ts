import { existsSync } from 'node:fs'
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

/** The generated store that shows what the app does. It is made once. */
export class Sample {
  readonly #options: SampleOptions
  #runningJob: string | null = null

  constructor(options: SampleOptions) {
    this.#options = options
  }

  /** Makes the sample where it does not exist and opens it, as one job at a time; returns the job's id. */
  open(): string {
    const { directory, engines } = this.#options
    this.#runningJob ??= this.#options.jobs.start('Open the sample', async ({ signal, progress }) => {
      try {
        if (!existsSync(directory)) await makeSample({ directory, engines, signal, progress })
        progress('Opening', 0, null)
        return (await this.#options.connections.openDirectory(directory, signal)).id
      } finally {
        this.#runningJob = null
      }
    })
    return this.#runningJob
  }
}
