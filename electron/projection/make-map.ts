import { usualNeighbours } from '../../shared/contract/neighbours.ts'
import type { Space } from '../../shared/domain/space.ts'
import { AppError } from '../../shared/rpc/errors.ts'
import type { JobContext } from '../jobs/jobs.ts'
import type { NeighbourGraph } from '../neighbours/neighbour-graph.ts'
import type { Neighbours } from '../neighbours/neighbours.ts'
import type { ExactSearch } from '../search/exact-search.ts'
import type { VectorBlock } from '../search/vector-block.ts'
import type { LayoutFiles, SavedLayout } from './layout-file.ts'
import type { OpenMap } from './open-map.ts'
import { runProjection } from './run-projection.ts'
import { type VectorRows, vectorRowsOf } from './vector-rows.ts'

/**
 * More points than this take a layout about half a minute (100,000 took 18 s on a core of 2.5 GHz, `npm run bench -- map`): then so
 * many are laid out, and the rest is placed among them.
 */
export const mostLaidOut = 150_000
/** An earlier layout is only taken up again where it has a place for this share of the records. */
const leastKnown = 0.5

const numbers = new Intl.NumberFormat('en')

export interface MapParts {
  readonly exact: ExactSearch
  readonly neighbours: Neighbours
  readonly files: LayoutFiles
}

/** The distance by which a map's records are neighbours. */
export function spaceOf(map: OpenMap, block: VectorBlock): Space {
  return map.settings.metric === 'cosine' ? 'cosine' : block.space
}

/** The neighbour graph that a map is made from, built where it is not at hand. */
export function graphOf(
  map: OpenMap,
  space: Space,
  neighbours: Neighbours,
  { signal, progress }: Pick<JobContext, 'signal'> & Partial<JobContext>,
): Promise<NeighbourGraph> {
  // Maps with usual settings share the graph that everything else uses.
  const k = Math.max(usualNeighbours, map.settings.nNeighbors - 1)
  const options = { k, metric: space }
  return neighbours.graph(map.store, map.ref.collectionId, options, { signal, ...(progress ? { onProgress: progress } : {}) })
}

function notesOf(block: VectorBlock, space: Space, graph: NeighbourGraph | null, areSame = false): string[] {
  const { zero, nonFinite } = block.norms()
  const recall = graph?.report.recall ?? null
  return [
    ...(areSame && zero + nonFinite === 0 ? ['All vectors are the same, so where their points stand says nothing.'] : []),
    ...(nonFinite > 0
      ? [
          `${nonFinite === 1 ? '1 vector holds' : `${numbers.format(nonFinite)} vectors hold`} a number that is not finite: no place on the map.`,
        ]
      : []),
    ...(zero > 0 && space === 'cosine'
      ? [`${zero === 1 ? '1 vector is' : `${numbers.format(zero)} vectors are`} zero: without a direction there is no place on the map.`]
      : []),
    ...(graph?.report.method === 'approximate' && recall !== null
      ? [`Neighbours are approximate: ${(100 * recall).toFixed(1)}% of the true ones are known.`]
      : []),
  ]
}

/** Whether all vectors have the same hash; none is the same as itself alone. */
function areAllSame(hashes: Int32Array): boolean {
  return hashes.length > 2 && hashes.every((hash, place) => hash === hashes[place % 2])
}

/** What of a saved layout still holds: places of records whose vectors are the same. */
function takeUp(
  saved: SavedLayout,
  ids: readonly string[],
  hashes: Int32Array,
): { positions: SharedArrayBuffer; laidOut: Uint8Array; known: number } {
  const buffer = new SharedArrayBuffer(ids.length * 8)
  const positions = new Float32Array(buffer).fill(Number.NaN)
  const laidOut = new Uint8Array(ids.length)
  const places = new Map(saved.ids.map((id, place) => [id, place]))
  let known = 0
  for (const [row, id] of ids.entries()) {
    const place = places.get(id)
    if (place === undefined) continue
    if (hashes[2 * row] !== saved.hashes[2 * place] || hashes[2 * row + 1] !== saved.hashes[2 * place + 1]) continue
    known += 1
    positions[2 * row] = saved.positions[2 * place] as number
    positions[2 * row + 1] = saved.positions[2 * place + 1] as number
    laidOut[row] = saved.laidOut[place] as number
  }
  return { positions: buffer, laidOut, known }
}

function countPlaced(positions: SharedArrayBuffer, laidOut: Uint8Array): { laidOut: number; placed: number; unplaced: number } {
  const counts = { laidOut: 0, placed: 0, unplaced: 0 }
  for (const [row, value] of new Float32Array(positions).entries()) {
    if (row % 2 === 1) continue
    if (Number.isNaN(value)) counts.unplaced += 1
    else counts[laidOut[row / 2] === 1 ? 'laidOut' : 'placed'] += 1
  }
  return counts
}

/** Makes one map: the first picture, then the layout, or an earlier layout with what is new placed in it. */
export async function makeMap(map: OpenMap, fresh: boolean, parts: MapParts, job: JobContext): Promise<void> {
  const { exact, neighbours, files } = parts
  const { signal, progress } = job
  const { settings } = map
  const block = await exact.block(map.store, map.ref.collectionId, { signal, onProgress: progress })
  if ((await map.store.snapshot()) !== map.snapshot) {
    throw new AppError('stale', 'The store was read anew while its map was being made.', 'Open the map again.')
  }
  const vectors = vectorRowsOf(block)
  const space = spaceOf(map, block)
  const isStored = vectors.dimension <= 2
  if (settings.method === 'stored' && !isStored) {
    const message = `Vectors of ${numbers.format(vectors.dimension)} dimensions cannot be shown as they are.`
    throw new AppError('invalid-input', message, 'Choose UMAP or PCA.')
  }
  map.setPoints(block.ids, block.missing.length)
  if (block.ids.length === 0) return map.update({ stage: 'done' })
  // One record alone has no neighbours to be laid out by.
  const isUmap = settings.method === 'umap' && !isStored && block.ids.length > 1

  const hashes = new SharedArrayBuffer(block.ids.length * 8)
  if (isUmap) await runProjection({ type: 'hash', vectors, hashes }, { signal })
  const rowHashes = new Int32Array(hashes)
  const areSame = isUmap && areAllSame(rowHashes)
  const saved = isUmap && !fresh ? await files.load(map.ref, settings) : null
  const known = saved && takeUp(saved, block.ids, rowHashes)
  if (saved && known && known.known >= leastKnown * block.ids.length) {
    await resume(map, block, { saved, ...known, hashes: rowHashes }, parts, job)
    return
  }

  progress('Looking for the plane of the greatest differences', 0, null)
  const positions = new SharedArrayBuffer(block.ids.length * 8)
  const byDirection = space === 'cosine'
  const plane = await runProjection({ type: 'plane', vectors, stored: isStored, byDirection, seed: settings.seed, positions }, { signal })
  map.setPositions(positions)
  const first = { method: plane.method, laidOut: block.ids.length - plane.unplaced, unplaced: plane.unplaced }
  const notes = notesOf(block, isStored ? 'l2' : space, null, areSame)
  if (!isUmap) {
    map.update({ ...first, stage: 'done', notes })
    return measure(map, vectors, space, signal)
  }
  map.update({ ...first, stage: 'pca', notes })

  const graph = await graphOf(map, space, neighbours, job)
  const target = new SharedArrayBuffer(positions.byteLength)
  new Float32Array(target).set(new Float32Array(positions))
  const outcome = await runProjection(
    {
      type: 'layout',
      graph: { rows: block.ids.length, k: graph.k, indices: graph.indices, distances: graph.distances },
      space,
      nNeighbors: settings.nNeighbors,
      minDist: settings.minDist,
      seed: settings.seed,
      mostLaidOut,
      control: map.control,
      positions: target,
    },
    {
      signal,
      onProgress: (epoch, epochs) => {
        progress('Laying out', epoch, epochs)
        map.setPositions(target)
        map.update({ stage: 'layout', method: 'umap', epoch, epochs, notes: notesOf(block, space, graph, areSame) })
      },
    },
  )
  map.setPositions(target)
  const { frozen, laidOutRows, ...counts } = outcome
  map.update({
    ...counts,
    stage: frozen ? 'frozen' : 'done',
    method: 'umap',
    epochs: outcome.epochs,
    notes: notesOf(block, space, graph, areSame),
  })
  // Measuring takes a while, and a layout must not be lost by it.
  await save(map, block, rowHashes, laidOutRows, files)
  if (areSame) return
  await measure(map, vectors, space, signal)
  await save(map, block, rowHashes, laidOutRows, files)
}

interface Known {
  readonly saved: SavedLayout
  readonly positions: SharedArrayBuffer
  readonly laidOut: Uint8Array
  readonly known: number
  readonly hashes: Int32Array
}

/** Takes an earlier layout up again. Records that are new or changed since are placed among the others, which stay. */
async function resume(map: OpenMap, block: VectorBlock, known: Known, { neighbours, files }: MapParts, job: JobContext): Promise<void> {
  const { saved, positions, laidOut, hashes } = known
  const { settings } = map
  const space = spaceOf(map, block)
  const areSame = areAllSame(hashes)
  const stage = saved.frozen ? 'frozen' : 'done'
  const shared = { method: 'umap', reused: true, epoch: saved.epoch, epochs: saved.epochs } as const
  map.setPositions(positions)
  if (known.known === block.ids.length && saved.ids.length === block.ids.length) {
    // A layout that was saved before this was asked may have a figure that means nothing.
    const trustworthiness = areSame ? null : saved.trustworthiness
    map.update({ ...shared, ...countPlaced(positions, laidOut), stage, trustworthiness, notes: notesOf(block, space, null, areSame) })
    if (trustworthiness !== null || areSame) return
    await measure(map, vectorRowsOf(block), space, job.signal)
    return save(map, block, hashes, laidOut, files)
  }
  map.update({ ...shared, ...countPlaced(positions, laidOut), stage: 'placing', notes: notesOf(block, space, null, areSame) })
  const graph = await graphOf(map, space, neighbours, job)
  const target = new SharedArrayBuffer(positions.byteLength)
  new Float32Array(target).set(new Float32Array(positions))
  job.progress('Placing new records', 0, null)
  await runProjection(
    {
      type: 'place',
      graph: { rows: block.ids.length, k: graph.k, indices: graph.indices, distances: graph.distances },
      space,
      nNeighbors: settings.nNeighbors,
      minDist: settings.minDist,
      seed: settings.seed,
      positions: target,
    },
    { signal: job.signal },
  )
  map.setPositions(target)
  map.update({ ...countPlaced(target, laidOut), stage, notes: notesOf(block, space, graph, areSame) })
  await save(map, block, hashes, laidOut, files)
  if (areSame) return
  await measure(map, vectorRowsOf(block), space, job.signal)
  await save(map, block, hashes, laidOut, files)
}

async function measure(map: OpenMap, vectors: VectorRows, space: Space, signal: AbortSignal): Promise<void> {
  const { positions } = map
  const trustworthiness = await runProjection({ type: 'trustworthiness', vectors, space, seed: map.settings.seed, positions }, { signal })
  map.update({ trustworthiness })
}

function save(map: OpenMap, block: VectorBlock, hashes: Int32Array, laidOut: Uint8Array, files: LayoutFiles): Promise<void> {
  const { stage, epoch, epochs, trustworthiness } = map.state
  const positions = new Float32Array(map.positions)
  const ids = [...block.ids]
  return files.save(map.ref, map.settings, { ids, frozen: stage === 'frozen', epoch, epochs, trustworthiness, hashes, positions, laidOut })
}
