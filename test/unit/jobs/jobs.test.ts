import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest'
import { Jobs, type JobContext } from '../../../electron/jobs/jobs.ts'
import type { Job } from '../../../shared/contract/jobs.ts'
import { AppError } from '../../../shared/rpc/errors.ts'

const purpose = { method: 'search.run', subject: 'store/collection' }

describe('work that a caller follows', () => {
  let told: Job[]
  let jobs: Jobs
  let caller: AbortController

  /** Follows work that ends when it is told to, or when its signal says so. */
  function follow() {
    const parts: { context?: JobContext; done?: (value: string) => void; fail?: (error: unknown) => void } = {}
    const result = jobs.follow({ title: 'Search', purpose, signal: caller.signal }, (context) => {
      parts.context = context
      return new Promise<string>((resolve, reject) => {
        Object.assign(parts, { done: resolve, fail: reject })
        context.signal.addEventListener('abort', () => reject(new AppError('cancelled', 'The operation was cancelled.')))
      })
    })
    // It is looked at later.
    result.catch(() => undefined)
    return { result, parts }
  }

  beforeEach(() => {
    vi.useFakeTimers()
    told = []
    caller = new AbortController()
    jobs = new Jobs((job) => told.push(job))
  })
  afterEach(() => {
    vi.useRealTimers()
  })

  test('is no job while it is quick, and its result is that of the work', async () => {
    const { result, parts } = follow()
    await vi.advanceTimersByTimeAsync(400)
    parts.done?.('found')
    expect(await result).toBe('found')
    await vi.advanceTimersByTimeAsync(5000)
    expect(jobs.list()).toEqual([])
    expect(told).toEqual([])
  })

  test('shows as a job of its purpose after half a second, at the step where it is, and ends with the work', async () => {
    const { result, parts } = follow()
    parts.context?.progress('Reading vectors', 3, 10)
    await vi.advanceTimersByTimeAsync(500)
    expect(jobs.list()).toMatchObject([{ title: 'Search', purpose, state: 'running', stage: 'Reading vectors', done: 3, total: 10 }])
    parts.context?.progress('Searching', 0, null)
    expect(jobs.list()).toMatchObject([{ stage: 'Searching', done: 0, total: null }])
    parts.done?.('found')
    expect(await result).toBe('found')
    await jobs.settled()
    expect(jobs.list()).toMatchObject([{ state: 'done', result: null, error: null }])
    expect(told.at(-1)).toMatchObject({ state: 'done' })
  })

  test('is cancelled as a job, which the caller hears of', async () => {
    const { result, parts } = follow()
    await vi.advanceTimersByTimeAsync(500)
    const [job] = jobs.list()
    jobs.cancel(job?.id ?? '')
    await expect(result).rejects.toMatchObject({ code: 'cancelled' })
    expect(parts.context?.signal.aborted).toBe(true)
    await jobs.settled()
    expect(jobs.list()).toMatchObject([{ state: 'cancelled' }])
  })

  test('ends when its caller does not wait any more, before it is a job and after', async () => {
    const early = follow()
    caller.abort()
    await expect(early.result).rejects.toMatchObject({ code: 'cancelled' })
    await vi.advanceTimersByTimeAsync(1000)
    expect(jobs.list()).toEqual([])

    caller = new AbortController()
    const late = follow()
    await vi.advanceTimersByTimeAsync(500)
    caller.abort()
    await expect(late.result).rejects.toMatchObject({ code: 'cancelled' })
    await jobs.settled()
    expect(jobs.list()[0]?.state).not.toBe('running')
  })

  test('fails with the error of the work, which is told to the caller and not as a failed job', async () => {
    const { result, parts } = follow()
    await vi.advanceTimersByTimeAsync(500)
    parts.fail?.(new AppError('not-found', 'There is no such record.'))
    await expect(result).rejects.toMatchObject({ code: 'not-found' })
    await jobs.settled()
    expect(jobs.list()).toMatchObject([{ state: 'done', error: null }])
    expect(told.some(({ state }) => state === 'failed')).toBe(false)
  })
})
