import path from 'node:path'
import type { cleanup as cleanupMethods } from '../../shared/contract/cleanup.ts'
import type { CollectionRef } from '../../shared/contract/collections.ts'
import type { ProfileMapping } from '../../shared/domain/profiles/profile.ts'
import type { Handlers } from '../../shared/rpc/define.ts'
import { CleanupAnalyses } from '../cleanup/cleanup-analyses.ts'
import { CleanupReports } from '../cleanup/cleanup-reports.ts'
import { Cleanup } from '../cleanup/cleanup-service.ts'
import { CleanupWork } from '../cleanup/cleanup-work.ts'
import { Forgetting } from '../cleanup/forget.ts'
import { ReviewFile } from '../cleanup/review-file.ts'
import { StoreCare } from '../cleanup/store-care.ts'
import type { Changes } from '../curation/changes.ts'
import { cleanupHandlers } from '../features/cleanup/handlers.ts'
import type { Jobs } from '../jobs/jobs.ts'
import type { LookupLogs } from '../lookup-logs/lookup-logs.ts'
import type { Neighbours } from '../neighbours/neighbours.ts'
import type { ExactSearch } from '../search/exact-search.ts'
import type { Engines } from '../store/engine/engines.ts'
import type { OpenStores } from '../store/open-stores.ts'
import type { CoreBasis } from './core-basis.ts'

interface CleanupOptions extends CoreBasis {
  readonly stores: OpenStores
  readonly jobs: Jobs
  readonly logs: LookupLogs
  readonly changes: Changes
  readonly engines: Engines
  readonly exact: ExactSearch
  readonly neighbours: Neighbours
  /** Folder for private copies. */
  readonly scratch: string
  readonly mappingOf: (ref: CollectionRef, signal: AbortSignal) => Promise<ProfileMapping>
  readonly directoryOf: (connectionId: string) => Promise<string | null>
  /** Where the store of a connection is, in words for a report. */
  readonly locationOf: (connectionId: string) => Promise<string>
}

/** What could be cleaned up, what was decided about it, and the work that does it. */
export function wireCleanup({
  data,
  onDamaged,
  stores,
  jobs,
  logs,
  changes,
  engines,
  exact,
  neighbours,
  scratch,
  mappingOf,
  directoryOf,
  locationOf,
}: CleanupOptions): { readonly service: Cleanup; readonly handlers: Handlers<typeof cleanupMethods>; readonly close: () => void } {
  const analyses = new CleanupAnalyses({ stores, exact, neighbours, mappingOf })
  const reviews = new ReviewFile(path.join(data, 'cleanup'), onDamaged)
  const cleanup = new Cleanup({ stores, jobs, logs, analyses, reviews })
  const reports = new CleanupReports(path.join(data, 'cleanup-reports'))
  const removing = {
    stores,
    jobs,
    changes,
    reports,
    mappingOf,
    titleOf: locationOf,
  }
  const handlers = cleanupHandlers({
    cleanup,
    reviews,
    reports,
    work: new CleanupWork({ ...removing, cleanup }),
    forgetting: new Forgetting(removing),
    care: new StoreCare({ data, scratch, stores, engines, jobs, directoryOf }),
  })
  return { service: cleanup, handlers, close: () => analyses.closeAll() }
}
