import type { RecordFacts } from './record-facts.ts'
import type { KeeperPolicy } from './rule.ts'

/** What a person decided about a record, whatever the rule says. */
export type Decision = 'keep' | 'delete'

/** Neighbours of rows by similarity: those of a row stand from `starts[row]` to before `starts[row + 1]`, most similar first. */
export interface Adjacency {
  readonly starts: Int32Array
  readonly rows: Int32Array
  readonly similarities: Float64Array
  /** Places of the pairs in the list that this was made of. */
  readonly pairs: Int32Array
}

/** Two rows and how similar they are. */
export interface SimilarPair {
  readonly a: number
  readonly b: number
  readonly similarity: number
}

/** Which rows groups are made of, and which a keeper may stand for beyond the threshold. */
export interface GroupingOptions {
  readonly threshold: number
  /** 1 for rows that are left out. */
  readonly excluded?: Uint8Array
  readonly canStandFor?: (keeper: number, row: number, pair: number) => boolean
}

/** A keeper and the rows that it stands for, most similar first, each at least as similar to it as the threshold asks. */
export interface KeeperGroup {
  readonly keeper: number
  readonly members: readonly { readonly row: number; readonly similarity: number }[]
}

/** @param pairs each once */
export function makeAdjacency(rows: number, pairs: readonly SimilarPair[]): Adjacency {
  const starts = new Int32Array(rows + 1)
  for (const { a, b } of pairs) {
    starts[a + 1] = (starts[a + 1] as number) + 1
    starts[b + 1] = (starts[b + 1] as number) + 1
  }
  for (let row = 0; row < rows; row += 1) starts[row + 1] = (starts[row + 1] as number) + (starts[row] as number)
  const next = starts.slice()
  const targets = new Int32Array(pairs.length * 2)
  const places = new Int32Array(pairs.length * 2)
  const similarities = new Float64Array(pairs.length * 2)
  const put = (from: number, to: number, pair: number, similarity: number): void => {
    const at = next[from] as number
    targets[at] = to
    similarities[at] = similarity
    places[at] = pair
    next[from] = at + 1
  }
  const similarityAt = (pair: number): number => pairs[pair]?.similarity ?? 0
  // In this order those of every row come out ordered.
  for (const pair of Int32Array.from(pairs.keys()).sort((x, y) => similarityAt(y) - similarityAt(x) || x - y)) {
    const { a, b, similarity } = pairs[pair] as SimilarPair
    put(a, b, pair, similarity)
    put(b, a, pair, similarity)
  }
  return { starts, rows: targets, similarities, pairs: places }
}

/** Higher numbers first; what is not known comes last. */
function higherFirst(a: number | null, b: number | null): number {
  if (a === b) return 0
  return a === null ? 1 : b === null ? -1 : b - a
}

function negative(value: number | null): number | null {
  return value === null ? null : -value
}

const byPolicy: Readonly<Record<KeeperPolicy, (a: RecordFacts, b: RecordFacts) => number>> = {
  newest: (a, b) => higherFirst(a.createdAt, b.createdAt),
  oldest: (a, b) => higherFirst(negative(a.createdAt), negative(b.createdAt)),
  longest: (a, b) => b.length - a.length,
  'most-hits': (a, b) => higherFirst(a.hits, b.hits),
}

/**
 * Rows in the order in which they may keep: what a person chose to keep, then by the policy, then hits, last use, creation, length
 * and id, so that the order is the same at every time; what a person chose to delete comes last.
 */
export function rankRows(facts: readonly RecordFacts[], policy: KeeperPolicy, decisions: ReadonlyMap<string, Decision>): Int32Array {
  const weight = ({ id }: RecordFacts): number => {
    const decision = decisions.get(id)
    return decision === 'keep' ? 0 : decision === 'delete' ? 2 : 1
  }
  const order = (left: number, right: number): number => {
    const [a, b] = [facts[left] as RecordFacts, facts[right] as RecordFacts]
    return (
      weight(a) - weight(b) ||
      byPolicy[policy](a, b) ||
      higherFirst(a.hits, b.hits) ||
      higherFirst(a.lastHitAt, b.lastHitAt) ||
      higherFirst(a.createdAt, b.createdAt) ||
      b.length - a.length ||
      (a.id < b.id ? -1 : 1)
    )
  }
  return Int32Array.from(facts.keys()).sort(order)
}

/** Visits each keeper, in rank, and the rows that it takes. */
function formGroups(
  ranked: Int32Array,
  { starts, rows, similarities, pairs }: Adjacency,
  { threshold, excluded, canStandFor }: GroupingOptions,
  onTaken: (keeper: number, row: number, similarity: number) => void,
): void {
  const taken = excluded?.slice() ?? new Uint8Array(starts.length - 1)
  for (const keeper of ranked) {
    if (taken[keeper] === 1) continue
    taken[keeper] = 1
    for (let at = starts[keeper] as number; at < (starts[keeper + 1] as number); at += 1) {
      const similarity = similarities[at] as number
      if (similarity < threshold) break
      const row = rows[at] as number
      if (taken[row] === 1 || canStandFor?.(keeper, row, pairs[at] as number) === false) continue
      taken[row] = 1
      onTaken(keeper, row, similarity)
    }
  }
}

/**
 * Groups anchored at their keepers: each row, in its rank, that no keeper stands for yet becomes one and takes the rows similar
 * enough to itself. Unlike connected components no group can chain to records that are far from what is kept. Linear in neighbours.
 */
export function keeperGroups(ranked: Int32Array, adjacency: Adjacency, options: GroupingOptions): KeeperGroup[] {
  const groups: { keeper: number; members: { row: number; similarity: number }[] }[] = []
  formGroups(ranked, adjacency, options, (keeper, row, similarity) => {
    const last = groups.at(-1)
    if (last?.keeper === keeper) last.members.push({ row, similarity })
    else groups.push({ keeper, members: [{ row, similarity }] })
  })
  return groups
}

/** How many groups {@link keeperGroups} makes and how many members they have, without making them. */
export function countGroups(ranked: Int32Array, adjacency: Adjacency, options: GroupingOptions): { groups: number; members: number } {
  let [groups, members, last] = [0, 0, -1]
  formGroups(ranked, adjacency, options, (keeper) => {
    if (keeper !== last) groups += 1
    last = keeper
    members += 1
  })
  return { groups, members }
}
