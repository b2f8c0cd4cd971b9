import { app } from './app.ts'
import { changes } from './changes.ts'
import { cleanup } from './cleanup.ts'
import { collections } from './collections.ts'
import { connections } from './connections.ts'
import { curation } from './curation.ts'
import { editing } from './editing.ts'
import { embedders } from './embedders.ts'
import { engine } from './engine.ts'
import { imports } from './imports.ts'
import { jobs } from './jobs.ts'
import { lookupLogs } from './lookup-logs.ts'
import { lookups } from './lookups.ts'
import { maps } from './maps.ts'
import { memories } from './memories.ts'
import { neighbours } from './neighbours.ts'
import { profiles } from './profiles.ts'
import { records } from './records.ts'
import { search } from './search.ts'
import { sets } from './sets.ts'
import { settings } from './settings.ts'
import { thresholds } from './thresholds.ts'

/** Everything the renderer may ask for. */
export const contract = {
  app,
  connections,
  collections,
  records,
  profiles,
  engine,
  embedders,
  search,
  lookups,
  lookupLogs,
  neighbours,
  maps,
  memories,
  thresholds,
  jobs,
  sets,
  settings,
  editing,
  changes,
  curation,
  cleanup,
  imports,
}
