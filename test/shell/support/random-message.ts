import type { Random } from '../../support/random.ts'

const names = [
  'records.page',
  'records.facets',
  'records.vector',
  'collections.catalog',
  'collections.detail',
  'connections.open',
  'connections.openPlace',
  'connections.browse',
  'profiles.get',
  'nothing',
  'nothing.at.all',
  '__proto__',
  'constructor',
  'toString.call',
  '',
  '.',
  'a'.repeat(500),
]
const keys = ['connectionId', 'collectionId', 'handle', 'offset', 'limit', 'where', '__proto__', 'constructor', 'view', '$', '']
const words = ['', '../../etc/passwd', '\u0000', '\u202E', '<script>', '{"$":"i","v":"x"}', 'x'.repeat(10_000), '💥', "' OR 1=1 --"]

function randomValue(random: Random, depth: number): unknown {
  switch (random.below(depth > 3 ? 9 : 12)) {
    case 0:
      return null
    case 1:
      return undefined
    case 2:
      return random.pick([Number.NaN, Infinity, -0, -1, 0.5, 2 ** 53, 1e308])
    case 3:
      return random.pick([0n, -1n, 2n ** 70n])
    case 4:
      return random.pick(words)
    case 5:
      return random.chance(0.5)
    case 6:
      return new Float32Array(random.below(9))
    case 7:
      return new Map([[random.pick(words), random.next()]])
    case 8:
      return new Date(random.pick([0, Number.NaN]))
    case 9:
      return Array.from({ length: random.below(5) }, () => randomValue(random, depth + 1))
    default:
      return Object.fromEntries(Array.from({ length: random.below(5) }, () => [random.pick(keys), randomValue(random, depth + 1)]))
  }
}

/** Arguments of a message such as a broken or hostile page might send: sometimes of the right shape, never a call that works. */
export function randomMessage(random: Random): unknown[] {
  if (random.chance(0.5)) return [random.below(1000), random.pick(names), randomValue(random, 0)]
  return Array.from({ length: random.below(5) }, () => randomValue(random, 0))
}
