import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { defaultMapSettings, type MapColour, type MapValues } from '../../shared/contract/maps.ts'
import { openSampleCore, ruleOf, type SampleCore } from '../cleanup/sample-core.ts'

describe('what a map can be coloured by beside its records', { timeout: 120_000 }, () => {
  let core: SampleCore | null
  let mapId: string
  let ids: readonly string[]
  beforeAll(async () => {
    core = await openSampleCore(true)
    if (!core) return
    const settings = { ...defaultMapSettings, method: 'pca' as const }
    ;({ mapId } = await core.call('maps.open', { ...core.ref('support_cache'), settings, fresh: false }))
    ;({ ids } = await core.call('maps.points', { mapId }))
  }, 120_000)
  afterAll(() => core?.stop())

  async function valuesOf<Kind extends MapValues['kind']>(kind: Kind, colour: MapColour): Promise<Extract<MapValues, { kind: Kind }>> {
    const values = await core?.call('maps.values', { mapId, colour })
    if (values?.kind !== kind) throw new Error(`The values are not ${kind}.`)
    return values as Extract<MapValues, { kind: Kind }>
  }

  test('groups of duplicates hold exactly what cleanup finds, each record once, the largest first', async ({ skip }) => {
    if (!core) return skip()
    const { codes, categories, missing, others } = await valuesOf('categories', { by: 'duplicates' })
    const codeOf = new Map(ids.map((id, point) => [id, codes[point] ?? -2]))
    const exact = await core.groups('support_cache', ruleOf({ rule: 'exact-duplicates' }))
    const near = await core.groups('support_cache', ruleOf({ rule: 'near-duplicates' }))
    const found = new Set([...exact, ...near].flat())
    for (const group of [...exact, ...near]) {
      const [first] = group.map((id) => codeOf.get(id))
      expect(first).toBeGreaterThanOrEqual(0)
      expect(group.every((id) => codeOf.get(id) === first)).toBe(true)
    }
    expect(ids.filter((id) => codeOf.get(id) === -1)).toEqual(ids.filter((id) => !found.has(id)))
    // An exact group whose kept record is near another one joins its group; no further groups are joined.
    const heads = new Set(exact.map(([head]) => head))
    const joined = near.flat().filter((id) => heads.has(id)).length
    expect(categories).toHaveLength(exact.length + near.length - joined)
    expect(categories.map(({ count }) => count)).toEqual(categories.map(({ count }) => count).toSorted((a, b) => b - a))
    expect(categories.reduce((sum, { count }) => sum + count, 0)).toBe(found.size)
    expect({ missing, others }).toEqual({ missing: ids.length - found.size, others: 0 })
    expect(categories[0]?.label).toMatch(/^1: ./)
  })

  test('entries show the thresholds that the lab fits to the same labels, and those without enough labels none', async ({ skip }) => {
    if (!core) return skip()
    const asked = { source: { from: 'sample' as const }, sources: ['human' as const, 'log' as const] }
    const { values, scale, missing, min, max } = await valuesOf('numbers', { by: 'entryThreshold', ...asked })
    const fits = await core.call('thresholds.entries', { ...core.ref('support_cache'), ...asked, embedderId: null, confidence: 0.9 })
    const expected = new Map(fits.flatMap(({ entryId, threshold }) => (threshold === null ? [] : [[entryId, threshold]])))
    expect(expected.size).toBeGreaterThan(5)
    expect(new Map(ids.flatMap((id, point) => (Number.isNaN(values[point]) ? [] : [[id, values[point]]])))).toEqual(expected)
    const known = [...expected.values()]
    expect({ scale, missing, min, max }).toEqual({
      scale: 'threshold',
      missing: ids.length - expected.size,
      min: Math.min(...known),
      max: Math.max(...known),
    })
  })
})
