import type { changes as changesContract } from '../../../shared/contract/changes.ts'
import type { Handlers } from '../../../shared/rpc/define.ts'
import type { Changes } from '../../curation/changes.ts'
import type { Jobs } from '../../jobs/jobs.ts'

export function changesHandlers(changes: Changes, jobs: Jobs): Handlers<typeof changesContract> {
  const { history } = changes
  return {
    list: ({ connectionId, collectionId, offset, limit }) => history.list(connectionId, collectionId, offset, limit),
    records: ({ changeId, offset, limit }) => history.records(changeId, offset, limit),
    conflicts: ({ changeId }, { signal }) => history.conflicts(changeId, signal),
    undo: ({ changeId, overwrite }) => ({ jobId: jobs.start('Undo', (context) => changes.undo(changeId, overwrite, context)) }),
    settle: ({ connectionId }) => ({ jobId: jobs.start('Settle changes', (context) => changes.settle(connectionId, context)) }),
    async forget({ changeIds }) {
      await history.forget(changeIds)
      return {}
    },
    async setLimit({ bytes }) {
      await history.setLimit(bytes)
      return {}
    },
  }
}
