import { mkdtemp, rm } from 'node:fs/promises'
import os from 'node:os'
import path from 'node:path'
import type { CollectionRef } from '../../shared/contract/collections.ts'
import type { CleanupGroup } from '../../shared/contract/cleanup.ts'
import { cleanupRuleSchema, type CleanupRule } from '../../shared/domain/cleanup/rule.ts'
import { engineCommand } from '../support/engine-command.ts'
import { transports, type Reached } from '../support/reach-core.ts'
import { sampleStore, type SampleStore } from '../support/sample-store.ts'

/** A core in this process that has a copy of the sample open. */
export interface SampleCore {
  readonly sample: SampleStore
  readonly connectionId: string
  readonly call: Reached['call']
  ref(name: string): CollectionRef
  /** All groups of a rule, by the ids in them, the one that stays first. */
  groups(name: string, rule: CleanupRule): Promise<string[][]>
  /** Waits for a job; its result, where it has one. */
  done(jobId: string): Promise<string | null>
  stop(): Promise<void>
}

/** A rule with its usual settings but for those given. */
export function ruleOf(settings: { rule: CleanupRule['rule'] } & Record<string, unknown>): CleanupRule {
  return cleanupRuleSchema.parse(settings)
}

/**
 * Null where no engine runs here to make the sample with.
 * @param knowsLookups whether the core takes the store for its own sample, with the log of lookups beside it
 */
export async function openSampleCore(knowsLookups = false): Promise<SampleCore | null> {
  const home = await mkdtemp(path.join(os.tmpdir(), 'mnemoscope-home-'))
  const data = path.join(home, 'data')
  const sample = await (knowsLookups ? sampleStore(path.join(data, 'sample')) : sampleStore())
  if (!sample) return null
  const reached = await transports[0].reach({ home, data, directory: sample.directory })
  await reached.call('engine.setCommand', { command: await engineCommand() })
  const connectionId = (await reached.call('app.info', {})).startConnectionId ?? ''
  const { tenants } = await reached.call('collections.catalog', { connectionId })
  const collections = new Map<string, CollectionRef>()
  for (const { id, name } of tenants.flatMap(({ databases }) => databases).flatMap((database) => database.collections))
    collections.set(name, { connectionId, collectionId: id })
  const ref = (name: string): CollectionRef => {
    const found = collections.get(name)
    if (!found) throw new Error(`The sample has no collection ${name}.`)
    return found
  }
  return {
    sample,
    connectionId,
    call: reached.call,
    ref,
    async groups(name, rule) {
      const found: CleanupGroup[] = []
      for (let total = 1; found.length < total;) {
        const page = await reached.call('cleanup.groups', { ...ref(name), rule, offset: found.length, limit: 100 })
        total = page.total
        found.push(...page.groups)
        if (page.groups.length === 0) break
      }
      return found.map(({ members }) => members.map(({ id }) => id))
    },
    async done(jobId) {
      for (;;) {
        const job = (await reached.call('jobs.list', {})).find(({ id }) => id === jobId)
        if (job?.state === 'done') return job.result
        if (job?.state !== 'running') throw new Error(`The job ended as ${job?.state}: ${job?.error?.message}`)
        await new Promise((resolve) => setTimeout(resolve, 30))
      }
    },
    async stop() {
      await reached.stop()
      await rm(sample.folder, { recursive: true, force: true })
      await rm(home, { recursive: true, force: true })
    },
  }
}
