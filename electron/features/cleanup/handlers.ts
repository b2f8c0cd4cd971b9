import type { cleanup as cleanupContract } from '../../../shared/contract/cleanup.ts'
import type { Handlers } from '../../../shared/rpc/define.ts'
import { reportText, type CleanupReports } from '../../cleanup/cleanup-reports.ts'
import type { Cleanup } from '../../cleanup/cleanup-service.ts'
import type { CleanupWork } from '../../cleanup/cleanup-work.ts'
import type { Forgetting } from '../../cleanup/forget.ts'
import type { ReviewFile } from '../../cleanup/review-file.ts'
import type { StoreCare } from '../../cleanup/store-care.ts'

export interface CleanupParts {
  readonly cleanup: Cleanup
  readonly reviews: ReviewFile
  readonly work: CleanupWork
  readonly forgetting: Forgetting
  readonly reports: CleanupReports
  readonly care: StoreCare
}

export function cleanupHandlers({ cleanup, reviews, work, forgetting, reports, care }: CleanupParts): Handlers<typeof cleanupContract> {
  return {
    findings: (ref, { signal }) => cleanup.ask(ref, 'findings', {}, signal),
    finding: ({ rule, ...ref }, { signal }) => cleanup.ask(ref, 'finding', { rule }, signal),
    groups: ({ rule, offset, limit, ...ref }, { signal }) => cleanup.ask(ref, 'groups', { rule, offset, limit }, signal),
    records: ({ rule, offset, limit, ...ref }, { signal }) => cleanup.ask(ref, 'rows', { rule, offset, limit }, signal),
    ids: ({ rule, key, ...ref }, { signal }) => cleanup.ask(ref, 'ids', { rule, key }, signal),
    curve: ({ rule, ...ref }, { signal }) => cleanup.ask(ref, 'curve', { rule }, signal),
    judgePair: async ({ ids, verdict, similarity, ...ref }) => {
      await reviews.judge(ref, ids, verdict, similarity)
      return {}
    },
    decide: async ({ ids, decision, ...ref }) => {
      await reviews.decide(ref, ids, decision)
      return {}
    },
    policies: (ref) => reviews.policies(ref),
    savePolicy: ({ name, rules, ...ref }) => reviews.savePolicy(ref, { name, rules }),
    removePolicy: async ({ id, ...ref }) => {
      await reviews.removePolicy(ref, id)
      return {}
    },
    preview: ({ rules, ...ref }, { signal }) => work.preview(ref, rules, signal),
    apply: ({ rules, state, ...ref }) => ({ jobId: work.apply(ref, rules, state) }),
    forgettable: ({ connectionId, kind }, { signal }) => forgetting.listed(connectionId, kind, signal),
    forgetPreview: ({ connectionId, target }, { signal }) => forgetting.preview(connectionId, target, signal),
    forget: ({ connectionId, target, state }) => ({ jobId: forgetting.forget(connectionId, target, state) }),
    report: async ({ changeId }) => {
      const report = await reports.get(changeId)
      return { report, text: reportText(report) }
    },
    store: ({ connectionId }) => care.look(connectionId),
    removeOrphans: async ({ connectionId, names }) => ({ bytes: await care.removeOrphans(connectionId, names) }),
    restoreOrphan: async ({ connectionId, id }) => {
      await care.restore(connectionId, id)
      return {}
    },
    compact: ({ connectionId }) => ({ jobId: care.compact(connectionId) }),
  }
}
