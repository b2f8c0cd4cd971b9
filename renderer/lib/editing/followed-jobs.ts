import { create } from 'zustand'

/** A change that this window asked for and waits for. */
export interface FollowedJob {
  readonly connectionId: string
  /** What is said once it is done: "12 records deleted." */
  readonly message: string
  /** What it did, for the message once it is taken back. */
  readonly title: string
  /** The word on the button that takes it back. */
  readonly back: 'Undo' | 'Redo'
  /** Whether a dialog shows how it goes, and why it failed. */
  readonly isShown: boolean
}

interface FollowedJobs {
  readonly jobs: ReadonlyMap<string, FollowedJob>
  readonly follow: (jobId: string, job: FollowedJob) => void
  /** The dialog that showed it is gone. */
  readonly hide: (jobId: string) => void
  readonly end: (jobId: string) => void
}

/** Changes on their way. What they come to is told in a toast, also where their dialog was closed. */
export const useFollowedJobs = create<FollowedJobs>()((set) => ({
  jobs: new Map(),
  follow: (jobId, job) => set(({ jobs }) => ({ jobs: new Map(jobs).set(jobId, job) })),
  hide: (jobId) =>
    set(({ jobs }) => {
      const job = jobs.get(jobId)
      return job ? { jobs: new Map(jobs).set(jobId, { ...job, isShown: false }) } : { jobs }
    }),
  end: (jobId) =>
    set(({ jobs }) => {
      const next = new Map(jobs)
      next.delete(jobId)
      return { jobs: next }
    }),
}))
