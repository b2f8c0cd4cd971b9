import type { jobs as jobsContract } from '../../../shared/contract/jobs.ts'
import type { Handlers } from '../../../shared/rpc/define.ts'
import type { Jobs } from '../../jobs/jobs.ts'

export function jobsHandlers(jobs: Jobs): Handlers<typeof jobsContract> {
  return {
    list: () => jobs.list(),
    cancel: ({ jobId }) => {
      jobs.cancel(jobId)
      return {}
    },
  }
}
