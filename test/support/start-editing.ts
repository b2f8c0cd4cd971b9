import type { RunningApp } from './app.ts'
import { endedJob } from './ended-job.ts'

/** Opens a connection for editing, and waits until it is. */
export async function startEditing(app: RunningApp, connectionId: string): Promise<void> {
  const { jobId } = await app.call('editing.start', { connectionId, snapshot: false, migrate: false })
  await endedJob(app, jobId)
}
