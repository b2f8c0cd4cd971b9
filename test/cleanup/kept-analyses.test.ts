import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { openSampleCore, ruleOf, type SampleCore } from './sample-core.ts'

describe('what is known of collections', { timeout: 120_000 }, () => {
  let core: SampleCore | null
  beforeAll(async () => {
    core = await openSampleCore()
  }, 120_000)
  afterAll(() => core?.stop())

  test('that is let go while it is being asked is made again, and the question is answered', async ({ skip }) => {
    if (!core) return skip()
    const { call, ref } = core
    const rule = ruleOf({ rule: 'exact-duplicates' })
    // Two collections are kept, so that each of the three is let go for another again and again.
    const names = ['support_cache', 'chat_memory', 'user_facts']
    const totals = async (name: string): Promise<number> =>
      (await call('cleanup.groups', { ...ref(name), rule, offset: 0, limit: 1 })).total
    const alone: number[] = []
    for (const name of names) alone.push(await totals(name))
    for (let round = 0; round < 3; round += 1) expect(await Promise.all(names.map(totals))).toEqual(alone)
  })
})
