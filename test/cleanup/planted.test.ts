import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { openSampleCore, ruleOf, type SampleCore } from './sample-core.ts'

const share = (part: number, whole: number): number => (whole === 0 ? 1 : part / whole)

/** Precision and recall, printed. */
function told(name: string, right: number, found: number, recalled: number, planted: number): { precision: number; recall: number } {
  const [precision, recall] = [share(right, found), share(recalled, planted)]
  console.log(
    `${name}: precision ${precision.toFixed(3)} (${right} of ${found}), recall ${recall.toFixed(3)} (${recalled} of ${planted} planted)`,
  )
  return { precision, recall }
}

function pairsOf(found: readonly string[][]): [string, string][] {
  return found.flatMap(([first = '', ...others]) => others.map((other): [string, string] => [first, other]))
}

describe('what is planted in the sample', { timeout: 120_000 }, () => {
  let core: SampleCore | null
  beforeAll(async () => {
    core = await openSampleCore()
  }, 120_000)
  afterAll(() => core?.stop())

  test('exact duplicates are found, all of them and nothing else', async ({ skip }) => {
    if (!core) return skip()
    const { exactDuplicates, groups } = core.sample.truth.supportCache
    const found = await core.groups('support_cache', ruleOf({ rule: 'exact-duplicates' }))
    const groupOf = new Map(groups.flatMap(({ id, ids }) => ids.map((entry) => [entry, id] as const)))
    const right = pairsOf(found).filter(([a, b]) => groupOf.get(a) === groupOf.get(b))
    const recalled = exactDuplicates.filter(({ ids }) => found.some((group) => ids.every((id) => group.includes(id))))
    const figures = told('Exact duplicates', right.length, pairsOf(found).length, recalled.length, exactDuplicates.length)
    expect(figures).toEqual({ precision: 1, recall: 1 })
  })

  test('near-duplicates are found at the similarity they were planted with, and none that means something else', async ({ skip }) => {
    if (!core) return skip()
    const { nearDuplicates, groups } = core.sample.truth.supportCache
    const meaning = new Map(groups.flatMap(({ id, ids, outdated }) => ids.map((entry) => [entry, `${id} ${outdated.includes(entry)}`])))
    // What an exact duplicate stands for is found under the one that stays.
    const stays = new Map(
      pairsOf(await core.groups('support_cache', ruleOf({ rule: 'exact-duplicates' }))).map(([kept, gone]) => [gone, kept]),
    )
    const measured = async (threshold: number | null): Promise<{ precision: number; recall: number }> => {
      const found = (await core?.groups('support_cache', ruleOf({ rule: 'near-duplicates', threshold }))) ?? []
      const right = pairsOf(found).filter(([a, b]) => meaning.get(a) === meaning.get(b))
      const gone = new Set(found.flatMap(([, ...others]) => others))
      // Of a planted pair at most one may be left, unless each stands for others.
      const recalled = nearDuplicates.filter(({ ids }) => {
        const [a = '', b = ''] = ids.map((id) => stays.get(id) ?? id)
        return a === b || gone.has(a) || gone.has(b)
      })
      const name = `Near-duplicates from ${threshold ?? 'the similarity that the data suggest'}`
      return told(name, right.length, pairsOf(found).length, recalled.length, nearDuplicates.length)
    }
    expect((await measured(null)).precision).toBeGreaterThanOrEqual(0.98)
    const asPlanted = await measured(0.93)
    expect(asPlanted.precision).toBeGreaterThanOrEqual(0.98)
    expect(asPlanted.recall).toBeGreaterThanOrEqual(0.98)
  })

  test('conflicting answers are found, all of them, and lookalikes are not among them', async ({ skip }) => {
    if (!core) return skip()
    const { conflicts, lookalikes } = core.sample.truth.supportCache
    const pairs = pairsOf(await core.groups('support_cache', ruleOf({ rule: 'conflicts' })))
    const sideOf = new Map<string, { group: string; isOutdated: boolean }>(
      conflicts.flatMap(({ group, current, outdated }) => [
        ...current.map((id) => [id, { group, isOutdated: false }] as const),
        ...outdated.map((id) => [id, { group, isOutdated: true }] as const),
      ]),
    )
    const right = pairs.filter(([a, b]) => {
      const [left, other] = [sideOf.get(a), sideOf.get(b)]
      return left !== undefined && left.group === other?.group && left.isOutdated !== other.isOutdated
    })
    const outdated = conflicts.flatMap((conflict) => conflict.outdated)
    const recalled = outdated.filter((id) => pairs.some((pair) => pair.includes(id)))
    expect(told('Conflicts', right.length, pairs.length, recalled.length, outdated.length)).toEqual({ precision: 1, recall: 1 })
    const alike = new Set(lookalikes.map(({ ids }) => ids.toSorted().join(' ')))
    expect(pairs.filter((pair) => alike.has(pair.toSorted().join(' ')))).toEqual([])
  })

  test('expired entries are found at the moment they expired by', async ({ skip }) => {
    if (!core) return skip()
    const { referenceTime, supportCache } = core.sample.truth
    const rule = ruleOf({ rule: 'expired', at: referenceTime })
    const ids = await core.call('cleanup.ids', { ...core.ref('support_cache'), rule })
    const right = ids.filter((id) => supportCache.expired.includes(id))
    expect(told('Expired', right.length, ids.length, right.length, supportCache.expired.length)).toEqual({ precision: 1, recall: 1 })
  })

  test('facts that were written down twice are found together, and never with the one that replaced them', async ({ skip }) => {
    if (!core) return skip()
    const { duplicates, superseded } = core.sample.truth.facts
    const near = await core.groups('user_facts', ruleOf({ rule: 'near-duplicates', threshold: 0.8 }))
    const exact = await core.groups('user_facts', ruleOf({ rule: 'exact-duplicates' }))
    const together = ([a, b]: readonly [string, string]): boolean =>
      [...near, ...exact].some((group) => group.includes(a) && group.includes(b))
    const recalled = duplicates.filter(together)
    told('Facts', recalled.length, recalled.length + superseded.filter(together).length, recalled.length, duplicates.length)
    expect(superseded.filter(together)).toEqual([])
  })
})
