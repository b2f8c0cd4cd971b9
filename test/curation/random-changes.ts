import type { RecordChange, RecordState } from '../../electron/curation/change.ts'
import type { Metadata, MetadataValue } from '../../shared/domain/metadata.ts'
import type { Random } from '../support/random.ts'

export interface RandomChangesOptions {
  readonly lists: boolean
  readonly dimension: number
  /** How many records are touched; some where left out. */
  readonly count?: number
}

const texts = ['', 'a', 'zwei\nZeilen', 'nul\0within', '“quoted” \\ %_', '日本語 🙂', 'x'.repeat(3000)] as const

function randomValue(random: Random, lists: boolean): MetadataValue {
  const float = (): number => (random.next() - 0.5) * 10 ** (random.below(40) - 20)
  switch (random.below(lists ? 8 : 5)) {
    case 0:
      return random.pick(texts)
    case 1:
      return BigInt(random.below(2 ** 31)) * BigInt(random.below(2 ** 31)) * (random.chance(0.5) ? 1n : -1n)
    case 2:
      return float()
    case 3:
      return random.below(5)
    case 4:
      return random.chance(0.5)
    case 5:
      return [random.pick(texts), 'b']
    case 6:
      return [1n, BigInt(random.below(9))]
    default:
      return [float(), float()]
  }
}

function randomMetadata(random: Random, old: Metadata | null, lists: boolean): Metadata | null {
  const metadata: Metadata = new Map(old)
  for (const key of ['topic', 'score', '__proto__', 'ключ', 'new key', '1']) {
    if (random.chance(0.3)) metadata.set(key, randomValue(random, lists))
    else if (random.chance(0.2)) metadata.delete(key)
  }
  return metadata.size === 0 ? null : metadata
}

function randomState(random: Random, id: string, old: RecordState | null, { lists, dimension }: RandomChangesOptions): RecordState {
  const vector = Float32Array.from({ length: dimension }, () => random.normal())
  return {
    id,
    document: random.chance(0.2) ? null : random.chance(0.5) ? random.pick(texts) : (old?.document ?? null),
    uri: random.chance(0.1) ? null : random.chance(0.3) ? `file:///${random.below(100)}` : (old?.uri ?? null),
    metadata: randomMetadata(random, old?.metadata ?? null, lists),
    vector: old?.vector && random.chance(0.7) ? old.vector : vector,
  }
}

/** Edits, deletions and additions of random records. */
export function randomChanges(random: Random, states: ReadonlyMap<string, RecordState>, options: RandomChangesOptions): RecordChange[] {
  const changes: RecordChange[] = []
  const share = (options.count ?? 12) / Math.max(1, states.size)
  for (const [id, before] of states) {
    if (!random.chance(share)) continue
    changes.push({ id, before, after: random.chance(0.25) ? null : randomState(random, id, before, options) })
  }
  for (let added = 0; added < Math.ceil((options.count ?? 12) / 4); added += 1) {
    const id = `added ${random.below(2 ** 31)}`
    if (!states.has(id)) changes.push({ id, before: null, after: randomState(random, id, null, options) })
  }
  return changes
}
