import path from 'node:path'
import { afterLogs } from '../../shared/contract/lookup-logs.ts'
import type { LookupDryRun } from '../features/lookups/dry-run.ts'
import type { LookupSettingsFile } from '../features/lookups/lookup-settings.ts'
import type { Jobs } from '../jobs/jobs.ts'
import { KeptLogs } from '../lookup-logs/kept-logs.ts'
import { LookupLogs } from '../lookup-logs/lookup-logs.ts'
import type { OpenStores } from '../store/open-stores.ts'
import type { CoreBasis } from './core-basis.ts'

interface LookupLogOptions extends CoreBasis {
  readonly stores: OpenStores
  readonly jobs: Jobs
  readonly dryRun: LookupDryRun
  readonly lookupSettings: LookupSettingsFile
}

/** Logs of lookups, whose queries are looked up anew by the rules of their collection. */
export function wireLookupLogs({ data, tell, onDamaged, stores, jobs, dryRun, lookupSettings }: LookupLogOptions): LookupLogs {
  return new LookupLogs({
    jobs,
    kept: new KeptLogs(path.join(data, 'lookup-logs.json'), onDamaged),
    spaceOf: async ({ connectionId, collectionId }, signal) =>
      (await (await stores.get(connectionId, signal)).detail(collectionId, { signal })).summary.space,
    lookUp: async (ref, queries, signal) => {
      const rules = await lookupSettings.get(ref)
      const asked = queries.map(({ query, namespace, time }) => ({ query, namespace, at: time }))
      const outcomes = await dryRun.outcomes(ref, asked, rules, signal)
      return outcomes.map(({ verdict, similarity, nearestId }) => ({
        similarity: similarity ?? NaN,
        threshold: rules.threshold,
        entryId: nearestId,
        outcome: verdict.outcome,
      }))
    },
    onRead: () => tell({ type: 'invalidate', names: [...afterLogs] }),
    // What is computed of a log stays as it is while one looks at it.
    onGrown: () => tell({ type: 'invalidate', names: ['lookupLogs'] }),
  })
}
