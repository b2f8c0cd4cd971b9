import type { RunningApp } from './app.ts'

/** Waits for the end of a job. @throws Error where it failed, was cancelled, or takes more than a minute */
export async function endedJob(app: Pick<RunningApp, 'call'>, jobId: string): Promise<void> {
  const deadline = Date.now() + 60_000
  while (Date.now() < deadline) {
    const job = (await app.call('jobs.list', {})).find(({ id }) => id === jobId)
    if (job?.state === 'done') return
    if (job !== undefined && job.state !== 'running') throw new Error(`The job did not get done: ${job.error?.message ?? job.state}`)
    await new Promise((resolve) => setTimeout(resolve, 50))
  }
  throw new Error('The job did not end within a minute.')
}
