import type { RunningApp } from './app.ts'

/** Opens a connection for editing, and waits until it is. */
export async function startEditing(app: RunningApp, connectionId: string): Promise<void> {
  const { jobId } = await app.call('editing.start', { connectionId, snapshot: false, migrate: false })
  for (;;) {
    const job = (await app.call('jobs.list', {})).find(({ id }) => id === jobId)
    if (job?.state === 'done') return
    if (job !== undefined && job.state !== 'running') throw new Error(`Editing did not start: ${job.error?.message ?? job.state}`)
    await new Promise((resolve) => setTimeout(resolve, 50))
  }
}
