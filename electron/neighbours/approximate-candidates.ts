import { Candidates } from './candidates.ts'
import { type Comparison, exactCandidates, preparedMatrix } from './exact-candidates.ts'
import { type Centres, findCentres, sample, scoreCentres } from './row-clusters.ts'

/** Share of true neighbours that the number of lists looked into is chosen for. */
const wantedRecall = 0.985
/** Of all lists, no larger share is looked into, however little that finds: beyond, comparing everything is little slower. */
const mostProbed = 0.5
/** Rows whose true neighbours decide how many lists are looked into. */
const tuningRows = 256
const rowsAtOnce = 2048

export type TellProgress = (stage: string, done: number, total: number | null) => void

/** Writes the places of the highest of `count` scores from `first` on into `target`, highest first. `target` is no longer than `count`. */
function highest(scores: Float32Array, first: number, count: number, target: Int32Array): void {
  const most = target.length
  let lowest = -Infinity
  for (let at = 0, filled = 0; at < count; at += 1) {
    const score = scores[first + at] as number
    if (filled === most && score <= lowest) continue
    let place = filled < most ? filled : most - 1
    for (; place > 0 && (scores[first + (target[place - 1] as number)] as number) < score; place -= 1) {
      target[place] = target[place - 1] as number
    }
    target[place] = at
    if (filled < most) filled += 1
    if (filled === most) lowest = scores[first + (target[most - 1] as number)] as number
  }
}

/** The lists of the nearest centres of rows: rows x `lists`, nearest first. */
async function nearestLists(comparison: Comparison, rows: Int32Array, centres: Centres, lists: number): Promise<Int32Array> {
  const nearest = new Int32Array(rows.length * lists)
  await scoreCentres(comparison, rows, centres, (from, count, scores) => {
    for (let index = 0; index < count; index += 1) {
      const to = (from + index) * lists
      highest(scores, index * centres.rows, centres.rows, nearest.subarray(to, to + lists))
    }
  })
  return nearest
}

/** How many lists, nearest first, hold the wanted share of the true neighbours of sampled rows. */
async function listsToProbe(comparison: Comparison, rows: Int32Array, centres: Centres, k: number): Promise<number> {
  const asked = sample(rows, tuningRows, 1)
  const truth = await exactCandidates(comparison, asked, rows, k + 1)
  const order = await nearestLists(comparison, asked, centres, centres.rows)
  const listOf = await nearestLists(comparison, truth.rows, centres, 1)
  const foundAt = new Int32Array(centres.rows)
  const rankOf = new Int32Array(centres.rows)
  let total = 0
  for (const [index, row] of asked.entries()) {
    for (let rank = 0; rank < centres.rows; rank += 1) rankOf[order[index * centres.rows + rank] as number] = rank
    for (let at = index * truth.limit; at < (index + 1) * truth.limit; at += 1) {
      if (truth.rows[at] === row) continue
      const rank = rankOf[listOf[at] as number] as number
      foundAt[rank] = (foundAt[rank] as number) + 1
      total += 1
    }
  }
  let lists = 0
  for (let found = 0; lists < Math.ceil(centres.rows * mostProbed) && found < wantedRecall * total; lists += 1)
    found += foundAt[lists] as number
  return Math.max(1, lists)
}

/** Where the items of each list stand in `items`: from `starts[list]` to before `starts[list + 1]`, ascending. */
interface Lists {
  readonly starts: Int32Array
  readonly items: Int32Array
}

/** Turns lists of items around: @param listsOf items x width, of which the first `taken` of each item count */
function gatherLists(listsOf: Int32Array, width: number, taken: number, lists: number): Lists {
  const starts = new Int32Array(lists + 1)
  const items = new Int32Array((listsOf.length / width) * taken)
  const each = (visit: (item: number, list: number) => void): void => {
    for (let item = 0, at = 0; at < listsOf.length; item += 1, at += width) {
      for (let place = 0; place < taken; place += 1) visit(item, listsOf[at + place] as number)
    }
  }
  each((_, list) => (starts[list + 1] = (starts[list + 1] as number) + 1))
  for (let list = 0; list < lists; list += 1) starts[list + 1] = (starts[list + 1] as number) + (starts[list] as number)
  const next = starts.slice()
  each((item, list) => {
    items[next[list] as number] = item
    next[list] = (next[list] as number) + 1
  })
  return { starts, items }
}

/**
 * Candidates by an inverted file (Jégou, Douze and Schmid, Product Quantization for Nearest Neighbor Search, 2011, without the
 * quantisation): rows are put into the lists of their nearest centres, and each row is compared with those of as many lists as a
 * sample of rows needs for nearly all of its true neighbours. All rows that look into a list are compared with it together.
 * @param rows comparable rows, ascending, at least 64
 * @returns candidates of each of the rows
 */
export async function approximateCandidates(
  comparison: Comparison,
  rows: Int32Array,
  k: number,
  limit: number,
  tell: TellProgress,
): Promise<Candidates> {
  const { scores, compared, check } = comparison
  tell('Grouping vectors', 0, null)
  const centres = await findCentres(comparison, rows, Math.max(8, Math.round(1.5 * Math.sqrt(rows.length))), 1)
  const probed = await listsToProbe(comparison, rows, centres, k)
  const listsOf = await nearestLists(comparison, rows, centres, probed)
  const members = gatherLists(listsOf, probed, 1, centres.rows)
  const askers = gatherLists(listsOf, probed, probed, centres.rows)

  const found = new Candidates(rows.length, limit)
  const prepareRows = preparedMatrix(compared.width, rowsAtOnce)
  const prepareQueries = preparedMatrix(compared.width, rowsAtOnce)
  for (let list = 0; list < centres.rows; list += 1) {
    const held = members.items.subarray(members.starts[list], members.starts[list + 1])
    const asking = askers.items.subarray(askers.starts[list], askers.starts[list + 1])
    for (let from = 0; from < held.length; from += rowsAtOnce) {
      const block = held.subarray(from, from + rowsAtOnce).map((at) => rows[at] as number)
      const matrix = prepareRows(compared, block, false)
      for (let start = 0; start < asking.length; start += rowsAtOnce) {
        check()
        const queries = asking.subarray(start, start + rowsAtOnce)
        const matrixOfQueries = prepareQueries(
          compared,
          queries.map((at) => rows[at] as number),
          true,
        )
        keepBest(found, queries, block, await scores.all(matrixOfQueries, matrix))
      }
    }
    tell('Comparing vectors within groups', members.starts[list + 1] as number, rows.length)
  }
  return found
}

/** This runs once for every number, so it asks the candidates only where a score may be among the best. */
function keepBest(found: Candidates, queries: Int32Array, rows: Int32Array, scores: Float32Array): void {
  for (let index = 0; index < queries.length; index += 1) {
    const query = queries[index] as number
    const first = index * rows.length
    let worst = found.worst(query)
    for (let at = 0; at < rows.length; at += 1) {
      const score = scores[first + at] as number
      if (score <= worst) continue
      found.offer(query, rows[at] as number, score)
      worst = found.worst(query)
    }
  }
}
