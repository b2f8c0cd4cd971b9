import { describe, expect, test } from 'vitest'
import { expiryOf, lookupEntryOf, ttlUnit, type LookupEntry } from '../../../shared/domain/lookup-entry.ts'
import { explainLookup } from '../../../shared/domain/lookup-explain.ts'
import { normaliseText } from '../../../shared/domain/lookup-normalise.ts'
import { lookUp, type LookupRules } from '../../../shared/domain/lookup.ts'
import type { Verdict } from '../../../shared/domain/lookup-verdict.ts'
import type { ProfileMapping } from '../../../shared/domain/profiles/profile.ts'

const rules: LookupRules = { namespace: 'a', threshold: 0.85, exactLayer: true, semanticLayer: true, honourExpiry: true }
const at = Date.UTC(2026, 0, 10)
const day = 86_400_000

interface Case {
  readonly similarity: number
  readonly namespace?: string
  readonly createdAt?: number
  readonly expiresAt?: number
  readonly same?: boolean
}

function look(cases: readonly Case[], changes: Partial<LookupRules> = {}, dimensionProblem: string | null = null): Verdict {
  const used = { ...rules, ...changes }
  const entries = cases.map(({ namespace = 'a', createdAt = null, expiresAt = null }): LookupEntry => ({
    text: 'x',
    namespace,
    createdAt,
    expiresAt,
  }))
  const sameText = cases.flatMap(({ same }, position) => (same ? [position] : []))
  const similarities = dimensionProblem === null ? Float64Array.from(cases, ({ similarity }) => similarity) : null
  const result = lookUp(entries, { sameText, similarities, at }, used)
  return explainLookup({ result, rules: used, ids: cases.map((_, index) => `e${index}`), entries, normalised: 'x', dimensionProblem })
}

describe('a layered lookup', () => {
  test('answers by the same text before anything similar, and by the one stored last of several', () => {
    expect(look([{ similarity: 0.99 }, { similarity: 0.2, same: true }, { similarity: 0.1, same: true }])).toMatchObject({
      outcome: 'exact-hit',
      entryId: 'e2',
    })
  })

  test('answers at the threshold and not below it', () => {
    expect(look([{ similarity: 0.85 }])).toMatchObject({ outcome: 'semantic-hit', entryId: 'e0' })
    const miss = look([{ similarity: 0.8499 }])
    expect(miss).toMatchObject({ outcome: 'miss', missReason: 'below-threshold' })
    expect(miss.message).toBe('Miss: the nearest entry has similarity 0.849, 0.001 below the threshold of 0.85.')
    expect(miss.flips[0]).toMatchObject({
      change: 'threshold',
      threshold: 0.8499,
      entryId: 'e0',
      message: 'A threshold of 0.849 or less would make it a hit.',
    })
  })

  test('takes the first of equally similar entries, and copies of a vector count as equal', () => {
    expect(look([{ similarity: 0.9 }, { similarity: 0.9 }]).entryId).toBe('e0')
    expect(look([{ similarity: 0.9 }, { similarity: 0.90000005 }]).entryId).toBe('e0')
    expect(look([{ similarity: 0.84999998 }, { similarity: 0.85000001 }])).toMatchObject({ outcome: 'semantic-hit', entryId: 'e1' })
  })

  test('goes on to the next living entry where the nearest is expired', () => {
    expect(look([{ similarity: 0.99, expiresAt: at }, { similarity: 0.9 }])).toMatchObject({ outcome: 'semantic-hit', entryId: 'e1' })
    expect(look([{ similarity: 0.99, expiresAt: at }, { similarity: 0.9 }], { honourExpiry: false }).entryId).toBe('e0')
  })

  test('says since when the entry is expired that would have answered', () => {
    const miss = look([{ similarity: 0.99, expiresAt: at - 2 * day }, { similarity: 0.5 }])
    expect(miss).toMatchObject({ outcome: 'miss', missReason: 'expired' })
    expect(miss.message).toContain('expired on 2026-01-08 00:00 UTC')
    expect(miss.flips.map(({ change }) => change)).toEqual(['expiry', 'threshold'])
  })

  test('does not see entries that were made later', () => {
    expect(look([{ similarity: 0.99, createdAt: at + 1, same: true }])).toMatchObject({ outcome: 'miss', missReason: 'empty' })
    expect(look([{ similarity: 0.99, createdAt: at }]).outcome).toBe('semantic-hit')
  })

  test('keeps to its namespace and names the other one', () => {
    const miss = look([{ similarity: 0.99, namespace: 'b' }, { similarity: 0.4 }])
    expect(miss).toMatchObject({ missReason: 'other-namespace' })
    expect(miss.flips[0]).toMatchObject({ change: 'namespace', namespace: 'b', entryId: 'e0' })
    expect(look([{ similarity: 0.99, namespace: 'b' }], { namespace: null }).outcome).toBe('semantic-hit')
  })

  test('says that layers are off, that nothing is there, and that the dimension is another', () => {
    expect(look([{ similarity: 0.99 }], { exactLayer: false, semanticLayer: false })).toMatchObject({ missReason: 'bypass' })
    expect(look([{ similarity: 0.99 }], { semanticLayer: false })).toMatchObject({
      missReason: 'bypass',
      flips: [{ change: 'layer', entryId: 'e0' }],
    })
    expect(look([])).toMatchObject({ missReason: 'empty' })
    expect(look([{ similarity: 0.3, namespace: 'b' }])).toMatchObject({ missReason: 'empty' })
    expect(look([{ similarity: Number.NaN }])).toMatchObject({ missReason: 'empty' })
    expect(look([{ similarity: 0 }], {}, 'It makes 3 dimensions.')).toMatchObject({
      missReason: 'dimension',
      message: 'Miss: It makes 3 dimensions.',
    })
    expect(look([{ similarity: 0, same: true }], {}, 'It makes 3 dimensions.')).toMatchObject({ outcome: 'exact-hit' })
  })

  test('says until when a hit is one', () => {
    const hit = look([{ similarity: 0.912_4, expiresAt: at + day }])
    expect(hit.flips.map(({ message }) => message)).toEqual([
      'A threshold above 0.913 would make it a miss.',
      'The entry answers until 2026-01-11 00:00 UTC; then it is expired.',
    ])
  })
})

test('normalisation does what is on, in its order', () => {
  const all = { unicode: true, lowerCase: true, stripPunctuation: true, collapseSpace: true, trim: true }
  expect(normaliseText('  Ｈow\tdo I\n "reset" it?! ', all)).toBe('how do i reset it')
  expect(normaliseText(' A  b. ', { ...all, stripPunctuation: false })).toBe('a b.')
  expect(normaliseText(' A  b. ', { unicode: false, lowerCase: false, stripPunctuation: false, collapseSpace: false, trim: false })).toBe(
    ' A  b. ',
  )
  expect(normaliseText('नमस्ते', all)).toBe('नमस्ते')
})

describe('when an entry expires', () => {
  const key = (name: string) => ({ from: 'metadata' as const, key: name, path: null })
  const record = (values: [string, string | bigint | number][]) => ({ id: 'i', document: 'Q', uri: null, metadata: new Map(values) })
  const mapping = (ttl: string): ProfileMapping => ({
    kind: 'cache',
    fields: { createdAt: key('created_at'), expiresAt: key('expires_at'), ttl: key(ttl) },
  })

  test('it says so itself, or it is its age and its time to live in the unit that the key names', () => {
    const created = '2026-01-01T00:00:00Z'
    const from = Date.parse(created)
    expect(
      expiryOf(
        mapping('ttl'),
        record([
          ['expires_at', 1_767_225_600n],
          ['created_at', created],
          ['ttl', 5n],
        ]),
      ),
    ).toBe(1_767_225_600_000)
    expect(
      expiryOf(
        mapping('ttl_seconds'),
        record([
          ['created_at', created],
          ['ttl_seconds', 60n],
        ]),
      ),
    ).toBe(from + 60_000)
    expect(
      expiryOf(
        mapping('ttl_hours'),
        record([
          ['created_at', created],
          ['ttl_hours', 1.5],
        ]),
      ),
    ).toBe(from + 5_400_000)
    expect(expiryOf(mapping('ttl'), record([['created_at', created]]))).toBeNull()
    expect(expiryOf(mapping('ttl'), record([['ttl', 60n]]))).toBeNull()
    expect(
      expiryOf(
        mapping('ttl'),
        record([
          ['created_at', created],
          ['ttl', 0n],
        ]),
      ),
    ).toBeNull()
  })

  test.each([
    ['ttl', 1000],
    ['ttl_s', 1000],
    ['ttl_ms', 1],
    ['ttlMs', 1],
    ['ttl_minutes', 60_000],
    ['ttlHours', 3_600_000],
    ['ttl_days', 86_400_000],
  ])('%s counts in %d milliseconds', (name, unit) => {
    expect(ttlUnit(name)).toBe(unit)
  })

  test('an entry without a namespace has the empty one where others have some', () => {
    const withNamespaces: ProfileMapping = { kind: 'cache', fields: { query: { from: 'document' }, namespace: key('ns') } }
    expect(lookupEntryOf(withNamespaces, record([]))).toEqual({ text: 'Q', namespace: '', createdAt: null, expiresAt: null })
    expect(lookupEntryOf({ kind: 'chunks', fields: {} }, record([]))).toMatchObject({ text: 'Q', namespace: null })
  })
})
