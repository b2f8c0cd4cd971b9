import { parentPort, workerData } from 'node:worker_threads'
import { toWireError } from '../../shared/rpc/errors.ts'
import { log } from '../platform/log.ts'
import { fitCurve } from './curve.ts'
import { densityClusters } from './density-clusters.ts'
import { distinctiveWords } from './distinctive-words.ts'
import { localFidelity } from './local-fidelity.ts'
import { layoutNeighbours, rowsWithoutPlace, selectRows } from './neighbour-rows.ts'
import { placePoints } from './placement.ts'
import { principalPlane, projectOnPlane } from './principal-plane.ts'
import { type ProjectionReply, type ProjectionResult, type ProjectionTask, taskSchema } from './protocol.ts'
import { hashRows } from './row-hashes.ts'
import { storedPlane } from './stored-plane.ts'
import { trustworthiness } from './trustworthiness.ts'
import { umapLayout } from './umap-layout.ts'
import { normsOfRows } from './vector-rows.ts'

const pictureEvery = 200

const port = parentPort
if (!port) throw new Error('Projections are made in a worker.')
const tell = (reply: ProjectionReply): void => port.postMessage(reply)

function makePlane({
  vectors,
  stored,
  byDirection,
  seed,
  positions,
}: Extract<ProjectionTask, { type: 'plane' }>): ProjectionResult<'plane'> {
  const target = new Float32Array(positions)
  if (stored) {
    storedPlane(vectors, target)
    return { method: 'stored', unplaced: rowsWithoutPlace(target).length }
  }
  const norms = normsOfRows(vectors)
  projectOnPlane(vectors, principalPlane(vectors, byDirection, seed, norms), byDirection, target, norms)
  return { method: 'pca', unplaced: rowsWithoutPlace(target).length }
}

function layOut(task: Extract<ProjectionTask, { type: 'layout' }>): ProjectionResult<'layout'> {
  const control = new Int32Array(task.control)
  let lastPicture = performance.now()
  return umapLayout({
    neighbours: layoutNeighbours(task.graph, task.nNeighbors - 1, task.space),
    picture: new Float32Array(task.positions),
    minDist: task.minDist,
    seed: task.seed,
    mostLaidOut: task.mostLaidOut,
    isFrozen: () => Atomics.load(control, 0) === 1,
    isPictureDue: () => performance.now() - lastPicture >= pictureEvery,
    onPicture: (done, total) => {
      lastPicture = performance.now()
      tell({ type: 'progress', done, total })
    },
  })
}

function place({
  graph,
  space,
  nNeighbors,
  minDist,
  seed,
  positions,
}: Extract<ProjectionTask, { type: 'place' }>): ProjectionResult<'place'> {
  const target = new Float32Array(positions)
  const exact = Float64Array.from(target)
  const rows = rowsWithoutPlace(target)
  const neighbours = selectRows(layoutNeighbours(graph, nNeighbors - 1, space), rows)
  placePoints(rows, neighbours, exact, fitCurve(minDist), seed)
  target.set(exact)
  return {}
}

function run(task: ProjectionTask): unknown {
  switch (task.type) {
    case 'hash':
      hashRows(task.vectors, new Int32Array(task.hashes))
      return {}
    case 'plane':
      return makePlane(task)
    case 'layout':
      return layOut(task)
    case 'place':
      return place(task)
    case 'trustworthiness':
      return trustworthiness(task.vectors, task.space, new Float32Array(task.positions), task.seed)
    case 'fidelity':
      return { shares: localFidelity(task.graph, new Float32Array(task.positions)) }
    case 'clusters':
      return densityClusters(new Float32Array(task.positions))
    case 'words':
      return distinctiveWords(task.documents, task.clusters, task.count)
  }
}

try {
  tell({ type: 'done', result: run(taskSchema.parse(workerData)) })
} catch (error) {
  log.error('A projection failed', error)
  tell({ type: 'failed', error: toWireError(error) })
}
