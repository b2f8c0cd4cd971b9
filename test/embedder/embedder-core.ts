import { rm } from 'node:fs/promises'
import { expect } from 'vitest'
import { createCore, type Core } from '../../electron/core.ts'
import type { EmbedderConfig } from '../../shared/contract/embedders.ts'
import { fromWireError } from '../../shared/rpc/errors.ts'
import type { RunningApp } from '../support/app.ts'
import { temporaryFolder } from '../support/fixtures.ts'
import { startHub, type Hub } from '../support/hub.ts'
import { makeOnnxModel } from '../support/onnx-model.ts'
import { startOpenAi, type OpenAiServer } from '../support/openai-server.ts'

export const hubModel = 'tests/tiny'
export const model = makeOnnxModel()

/** An embedder that runs the model of the hub. */
export const tiny: Extract<EmbedderConfig, { kind: 'transformers' }> = {
  kind: 'transformers',
  model: hubModel,
  localModelId: null,
  dtype: 'fp32',
  pooling: 'mean',
  normalise: true,
  maxTokens: null,
  queryPrefix: '',
  documentPrefix: '',
}

/** A text that holds this one. */
export function containing(text: string): string {
  return expect.stringContaining(text) as string
}

type Remote = Extract<EmbedderConfig, { kind: 'openai' }>

/** The core with a hub and a server of embeddings on this computer, and folders of its own. */
export interface EmbedderCore {
  readonly hub: Hub
  readonly server: OpenAiServer
  readonly home: string
  readonly data: string
  readonly call: RunningApp['call']
  /** An embedder that asks the server. */
  readonly remote: (changes?: Partial<Remote>) => EmbedderConfig
  readonly open: (directory: string) => Promise<string>
  /** The job once it has ended. */
  readonly ended: (jobId: string, timeout?: number) => Promise<Awaited<ReturnType<typeof jobOf>>>
  /** As the app is started again on the same data. */
  restart(): Promise<void>
  stop(): Promise<void>
}

async function jobOf(call: RunningApp['call'], jobId: string) {
  return (await call('jobs.list', {})).find(({ id }) => id === jobId)
}

export async function startEmbedderCore(): Promise<EmbedderCore> {
  const hub = await startHub(hubModel, model.files)
  const server = await startOpenAi()
  const home = await temporaryFolder('home')
  const data = await temporaryFolder('data')
  const openCore = (): Promise<Core> =>
    createCore({ mode: 'browser', version: '0.0.0', data, workingDirectory: home, home, dialogs: null, modelHost: hub.url })
  let core = await openCore()
  const call: RunningApp['call'] = async (name, input, signal) => {
    const reply = await core.dispatch(name, input, { signal: signal ?? new AbortController().signal })
    if (!reply.ok) throw fromWireError(reply.error)
    return reply.value as never
  }
  return {
    hub,
    server,
    home,
    data,
    call,
    remote: (changes = {}) => ({
      kind: 'openai',
      baseUrl: server.baseUrl,
      model: 'small',
      dimensions: null,
      queryPrefix: '',
      documentPrefix: '',
      ...changes,
    }),
    open: async (directory) => (await core.openDirectoryByPath(directory)).id,
    async ended(jobId, timeout = 15_000) {
      await expect.poll(async () => (await jobOf(call, jobId))?.state, { timeout }).not.toBe('running')
      return jobOf(call, jobId)
    },
    async restart() {
      await core.close()
      core = await openCore()
    },
    async stop() {
      await core.close()
      await Promise.all([hub.stop(), server.stop()])
      await Promise.all([home, data].map((folder) => rm(folder, { recursive: true })))
    },
  }
}
