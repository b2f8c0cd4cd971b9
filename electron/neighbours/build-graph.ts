import { createHash } from 'node:crypto'
import { performance } from 'node:perf_hooks'
import type { NeighbourReport } from '../../shared/contract/neighbours.ts'
import { AppError } from '../../shared/rpc/errors.ts'
import { log } from '../platform/log.ts'
import { lastPlace, normsOf, rowsOf } from '../search/block-layout.ts'
import { VectorScan } from '../search/vector-scan.ts'
import { approximateCandidates, type TellProgress } from './approximate-candidates.ts'
import type { Candidates } from './candidates.ts'
import { ComparableRows } from './comparable-rows.ts'
import { copyLists, type EarlierGraph, matchEarlier } from './earlier-graph.ts'
import { type Comparison, exactCandidates, preparedMatrix, queriesAtOnce } from './exact-candidates.ts'
import { graphFormat, readGraph, removeOldGraphs, touchGraph, writeGraph } from './graph-file.ts'
import { graphRecall } from './graph-recall.ts'
import { findIdentical, hashRows, type IdenticalRows } from './identical-rows.ts'
import { openNativeScores } from './native-scores.ts'
import { NeighbourLists } from './neighbour-lists.ts'
import type { BuildRequest } from './protocol.ts'

/** Candidates beyond those needed, since float32 may order what is nearly as near another way. */
const spare = 8
/** Below this, comparing everything is quick on any machine, so it is not measured how quick. */
const surelyExact = 25_000
/** Rows that the speed is measured with. */
const measuredRows = 4096
/** Where more than this share of rows is affected by what changed, all are calculated. */
const mostAffected = 0.4

export interface BuiltGraph {
  readonly fingerprint: string
  readonly report: NeighbourReport
}

/** Makes one graph: reads it from the cache, or renews an earlier one, or calculates all of it. */
export class GraphBuild {
  readonly #request: BuildRequest
  readonly #tell: TellProgress
  readonly #check: () => void
  readonly #indices: Int32Array<SharedArrayBuffer>
  readonly #distances: Float32Array<SharedArrayBuffer>
  readonly #norms: Float64Array

  constructor(request: BuildRequest, tell: TellProgress) {
    this.#request = request
    this.#tell = tell
    const control = new Int32Array(request.control)
    this.#check = () => {
      if (Atomics.load(control, 0) !== 0) throw new AppError('cancelled', 'The operation was cancelled.')
    }
    this.#indices = new Int32Array(request.indices)
    this.#distances = new Float32Array(request.distances)
    this.#norms = normsOf(request.block.memory, request.block.layout)
  }

  /** @throws AppError 'cancelled' */
  async run(): Promise<BuiltGraph> {
    const { ids, k, metric, cache, block } = this.#request
    const started = performance.now()
    this.#tell('Looking for an earlier graph', 0, null)
    const hashes = hashRows(block.memory, block.layout)
    const fingerprint = this.#fingerprint(hashes)
    const stored = cache && (await readGraph(cache.file).catch(() => null))
    if (cache && stored?.fingerprint === fingerprint) {
      this.#indices.set(stored.indices)
      this.#distances.set(stored.distances)
      await touchGraph(cache.file)
      return { fingerprint, report: { ...stored.report, recomputed: 0, milliseconds: performance.now() - started } }
    }
    this.#check()
    const isSameKind = stored?.k === k && stored.metric === metric && stored.dimension === block.layout.dimension
    const made = await this.#calculate(hashes, stored && isSameKind ? matchEarlier(stored, ids, hashes) : null)
    const report = { ...made, milliseconds: performance.now() - started }
    if (cache) await this.#store({ fingerprint, report }, hashes)
    return { fingerprint, report }
  }

  #fingerprint(hashes: Uint32Array): string {
    const { ids, k, metric, block } = this.#request
    return createHash('sha256')
      .update(JSON.stringify([graphFormat, block.layout.dimension, k, metric]))
      .update(hashes)
      .update(JSON.stringify(ids))
      .digest('hex')
  }

  async #store({ fingerprint, report }: BuiltGraph, hashes: Uint32Array): Promise<void> {
    const { cache, block, k, metric, ids } = this.#request
    if (!cache) return
    const [indices, distances] = [this.#indices, this.#distances]
    const { dimension } = block.layout
    try {
      await writeGraph(cache.file, { fingerprint, dimension, k, metric, report, ids, hashes, indices, distances })
      await removeOldGraphs(cache.folder, cache.bytes)
    } catch (error) {
      log.warn('A neighbour graph could not be kept on disk', error)
    }
  }

  async #calculate(hashes: Uint32Array, earlier: EarlierGraph | null): Promise<Omit<NeighbourReport, 'milliseconds'>> {
    const { block, metric, k, native, missing, nonUnit } = this.#request
    const isComparable = (norm: number): boolean => Number.isFinite(norm) && (norm > 0 || metric !== 'cosine')
    const comparable = Int32Array.from(this.#norms.keys()).filter((row) => isComparable(this.#norms[row] as number))
    const identical = findIdentical(block.memory, block.layout, hashes, comparable)
    const compared = new ComparableRows(block.memory, block.layout, metric, identical.first)
    const lists = new NeighbourLists(k, this.#indices, this.#distances, compared, identical.others)
    this.#indices.fill(-1)
    this.#distances.fill(Number.NaN)
    const scores = native ? await openNativeScores() : null
    try {
      const outcome = scores
        ? await this.#byRuntime({ scores, compared, check: this.#check }, lists, identical, comparable, earlier)
        : this.#byScan(lists, comparable)
      return {
        zero: this.#norms.filter((norm) => norm === 0).length,
        nonFinite: this.#norms.filter((norm) => !Number.isFinite(norm)).length,
        duplicates: comparable.length - identical.first.length,
        nonUnit,
        missing,
        engine: scores ? 'onnxruntime' : 'webassembly',
        ...outcome,
      }
    } finally {
      await scores?.release()
    }
  }

  async #byRuntime(
    comparison: Comparison,
    lists: NeighbourLists,
    { first, others }: IdenticalRows,
    comparable: Int32Array,
    earlier: EarlierGraph | null,
  ): Promise<Pick<NeighbourReport, 'method' | 'recall' | 'recomputed'>> {
    const { k } = this.#request
    const limit = k + 1 + spare
    if (first.length === 0) return { method: 'exact', recall: null, recomputed: 0 }
    const affected = earlier && (await this.#affected(comparison, earlier, comparable))
    if (affected) {
      const isAffected = new Set(affected)
      const asked = first.filter((row) => isAffected.has(row) || others.get(row)?.some((other) => isAffected.has(other)))
      await this.#writeExact(comparison, lists, asked, first, limit)
      const method = earlier.stored.report.method
      const recall = method === 'exact' ? null : await graphRecall(comparison, lists, first, limit)
      return { method, recall, recomputed: affected.length }
    }
    if (await this.#isExactWanted(comparison, first, limit)) {
      await this.#writeExact(comparison, lists, first, first, limit)
      return { method: 'exact', recall: null, recomputed: comparable.length }
    }
    const found = await approximateCandidates(comparison, first, k, limit, this.#tell)
    this.#write(lists, first, found, () => Infinity)
    this.#tell('Measuring recall', 0, null)
    return { method: 'approximate', recall: await graphRecall(comparison, lists, first, limit), recomputed: comparable.length }
  }

  /** Calculates the lists of `asked`; what float32 leaves open is compared in double precision with every row. */
  async #writeExact(comparison: Comparison, lists: NeighbourLists, asked: Int32Array, first: Int32Array, limit: number): Promise<void> {
    const { compared, check } = comparison
    if (asked.length === 0) return
    const onDone = (share: number): void => this.#tell('Comparing vectors', Math.round(share * asked.length), asked.length)
    const found = await exactCandidates(comparison, asked, first, limit, onDone)
    const open = this.#write(lists, asked, found, (row, worst) =>
      first.length <= limit || worst === -Infinity ? Infinity : compared.nearestPossible(row, worst),
    )
    const scan = new ScanByRow(this.#request)
    for (const [done, row] of open.entries()) {
      check()
      this.#tell('Comparing what is nearly as near', done, open.length)
      lists.writeOne(row, scan.nearest(row))
    }
  }

  /** @returns the rows, with those identical to them, whose lists are not certain */
  #write(lists: NeighbourLists, rows: Int32Array, found: Candidates, nearestOther: (row: number, worst: number) => number): number[] {
    const open: number[] = []
    const { limit } = found
    for (const [index, row] of rows.entries()) {
      if (index % 1024 === 0) {
        this.#check()
        this.#tell('Ordering neighbours', index, rows.length)
      }
      const candidates = found.rows.subarray(index * limit, (index + 1) * limit)
      if (!lists.write(row, candidates, nearestOther(row, found.worst(index)))) open.push(...lists.sameAs(row))
    }
    return open
  }

  #byScan(lists: NeighbourLists, comparable: Int32Array): Pick<NeighbourReport, 'method' | 'recall' | 'recomputed'> {
    const scan = new ScanByRow(this.#request)
    for (const [done, row] of comparable.entries()) {
      this.#check()
      if (done % 64 === 0) this.#tell('Comparing vectors', done, comparable.length)
      lists.writeOne(row, scan.nearest(row))
    }
    return { method: 'exact', recall: null, recomputed: comparable.length }
  }

  async #isExactWanted(comparison: Comparison, rows: Int32Array, limit: number): Promise<boolean> {
    const { method, exactSeconds } = this.#request
    if (method !== 'open') return method === 'exact'
    if (rows.length <= surelyExact) return true
    this.#tell('Measuring the speed of this computer', 0, null)
    const { scores, compared } = comparison
    const { width } = compared
    const queries = preparedMatrix(width, queriesAtOnce)(compared, rows.subarray(0, queriesAtOnce), true)
    const searched = preparedMatrix(width, measuredRows)(compared, rows.subarray(0, measuredRows), false)
    let fastest = Infinity
    for (let run = 0; run < 4; run += 1) {
      this.#check()
      const start = performance.now()
      await scores.best(queries, searched, limit)
      fastest = Math.min(fastest, performance.now() - start)
    }
    const seconds = (fastest / 1000) * (rows.length / queriesAtOnce) * (rows.length / measuredRows)
    return seconds <= exactSeconds
  }

  /** Rows whose lists may differ from an earlier graph's, ascending, after copying all others; null where these are too many. */
  async #affected(comparison: Comparison, earlier: EarlierGraph, comparable: Int32Array): Promise<Int32Array | null> {
    const { k } = this.#request
    const { compared } = comparison
    const fresh = comparable.filter((row) => earlier.earlierOf[row] === -1)
    const most = comparable.length * mostAffected
    if (fresh.length > most) return null
    const copied = copyLists(earlier, this.#indices, this.#distances)
    const rest = comparable.filter((row) => copied[row] === 1)
    if (comparable.length - rest.length > most) return null
    if (fresh.length > 0) {
      // The best score of any fresh row decides whether one can come into the list.
      const best = await exactCandidates(comparison, rest, fresh, 1)
      for (const [index, row] of rest.entries()) {
        const last = this.#distances[(row + 1) * k - 1] as number
        const nearest = compared.nearestPossible(row, best.worst(index))
        if (Number.isNaN(last) || nearest <= last + Math.abs(last) * 2 ** -23) copied[row] = 0
      }
    }
    const affected = comparable.filter((row) => copied[row] === 0)
    return affected.length > most ? null : affected
  }
}

/** Nearest rows in double precision, one query at a time. */
class ScanByRow {
  readonly #request: BuildRequest
  #scan: VectorScan | null = null

  constructor(request: BuildRequest) {
    this.#request = request
  }

  /** The nearest rows of a row, perhaps with itself. */
  nearest(row: number): number[] {
    const { block, metric, k } = this.#request
    const { memory, layout } = block
    this.#scan ??= new VectorScan(memory, layout, lastPlace(layout))
    const query = Float64Array.from(rowsOf(memory, layout).subarray(row * layout.stride, (row + 1) * layout.stride))
    const limit = Math.min(layout.rows, k + 1 + 2 * spare)
    const norms = normsOf(memory, layout)
    const [found] = this.#scan.nearest(query, metric, limit, null, 0, layout.rows)
    return [...(found?.rows ?? [])].filter((other) => Number.isFinite(norms[other]) && (metric !== 'cosine' || norms[other] !== 0))
  }
}
