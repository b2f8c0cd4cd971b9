import { setTimeout as wait } from 'node:timers/promises'
import { describe, expect, test } from 'vitest'
import { Kept } from '../../electron/store/kept.ts'
import { AppError } from '../../shared/rpc/errors.ts'

/** Answers after two turns, or ends as cancelled. */
function work(signal: AbortSignal | undefined, answer: string): () => Promise<string> {
  return async () => {
    await wait(5)
    if (signal?.aborted) throw new AppError('cancelled', 'The operation was cancelled.')
    return answer
  }
}

describe('answers that are kept', () => {
  test('work that one of two callers cancels goes on for the other', async () => {
    const kept = new Kept<string>({ most: 4 })
    const controller = new AbortController()
    const first = kept.get('key', controller.signal, work(controller.signal, 'first'))
    const second = kept.get('key', undefined, work(undefined, 'second'))
    controller.abort()
    await expect(first).rejects.toMatchObject({ code: 'cancelled' })
    await expect(second).resolves.toBe('second')
    await expect(kept.get('key', undefined, work(undefined, 'third'))).resolves.toBe('second')
  })

  test('a failure reaches every caller and is forgotten', async () => {
    const kept = new Kept<string>({ most: 4 })
    const fail = async (): Promise<string> => {
      await wait(1)
      throw new AppError('damaged', 'A page of the database is torn.')
    }
    const both = [kept.get('key', undefined, fail), kept.get('key', undefined, fail)]
    for (const call of both) await expect(call).rejects.toMatchObject({ code: 'damaged' })
    await expect(kept.get('key', undefined, work(undefined, 'well'))).resolves.toBe('well')
  })

  test('the least recently used goes first, and is told of', async () => {
    const dropped: string[] = []
    const kept = new Kept<string>({ most: 2, onDropped: (value) => dropped.push(value) })
    for (const key of ['a', 'b', 'a', 'c']) await kept.get(key, undefined, work(undefined, key))
    await wait(1)
    expect(dropped).toEqual(['b'])
    expect(['a', 'b', 'c'].map((key) => kept.has(key))).toEqual([true, false, true])
  })
})
