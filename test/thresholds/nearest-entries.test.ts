import { afterAll, beforeAll, expect, test } from 'vitest'
import { ExactSearch } from '../../electron/search/exact-search.ts'
import { VectorBlock } from '../../electron/search/vector-block.ts'
import { layOutBlock, normsOf, rowsOf } from '../../electron/search/block-layout.ts'
import { nearestEntries, type QueryGroup } from '../../electron/thresholds/nearest-entries.ts'
import { seededRandom } from '../support/random.ts'

const dimension = 24
const rows = 3000
const random = seededRandom(5)
const vectors = Float32Array.from({ length: rows * dimension }, () => random.normal())
const exact = new ExactSearch(1)
let block: VectorBlock

beforeAll(() => {
  const layout = layOutBlock(rows, dimension, 1)
  const memory = new WebAssembly.Memory({ initial: layout.pages, maximum: layout.pages, shared: true })
  const [target, norms] = [rowsOf(memory, layout), normsOf(memory, layout)]
  for (let row = 0; row < rows; row += 1) {
    // Zero and broken vectors are nobody's nearest.
    const scale = row === 17 ? 0 : 1
    const vector = vectors.subarray(row * dimension, (row + 1) * dimension).map((value) => value * scale)
    if (row === 18) vector[0] = Number.NaN
    target.set(vector, row * layout.stride)
    norms[row] = Math.sqrt(vector.reduce((sum, value) => sum + value * value, 0))
  }
  const ids = Array.from({ length: rows }, (_, row) => `r${row}`)
  block = new VectorBlock({ key: 1, space: 'cosine', ids, missing: [], memory, layout })
})
afterAll(() => exact.close())

function bestByHand(query: Float32Array, among: (row: number) => boolean): number {
  let best = { row: -1, similarity: -Infinity }
  for (let row = 0; row < rows; row += 1) {
    if (!among(row) || row === 17 || row === 18) continue
    const product = block.vector(row).reduce((sum, value, at) => sum + value * (query[at] ?? 0), 0)
    const similarity = product / block.norm(row)
    if (similarity > best.similarity) best = { row, similarity }
  }
  return best.row
}

test('Many queries at once find the rows that a comparison one by one finds, each within its own rows', async () => {
  const count = 1500
  const queries = Float32Array.from({ length: count * dimension }, () => random.normal())
  const evens = Array.from({ length: count }, (_, at) => at).filter((at) => at % 2 === 0)
  const odds = Array.from({ length: count }, (_, at) => at).filter((at) => at % 2 === 1)
  const groups: QueryGroup[] = [
    { queries: evens, rows: null },
    { queries: odds, rows: Int32Array.from({ length: rows / 3 }, (_, at) => at * 3) },
  ]
  let told = 0
  const onProgress = (done: number, total: number): void => {
    expect(total).toBe(count)
    told = done
  }
  const found = await nearestEntries({ exact, block, queries, groups, limit: 4, signal: undefined, onProgress })
  expect(told).toBe(count)
  for (let query = 0; query < count; query += 37) {
    const vector = queries.subarray(query * dimension, (query + 1) * dimension)
    const isOdd = query % 2 === 1
    expect(found[query * 4]).toBe(bestByHand(vector, (row) => !isOdd || row % 3 === 0))
    expect(new Set(found.subarray(query * 4, query * 4 + 4)).size).toBe(4)
  }
})

test('A comparison that is cancelled ends as cancelled', async () => {
  const controller = new AbortController()
  const queries = Float32Array.from({ length: 4000 * dimension }, () => random.normal())
  const groups = [{ queries: Array.from({ length: 4000 }, (_, at) => at), rows: null }]
  const onProgress = (): void => controller.abort()
  await expect(nearestEntries({ exact, block, queries, groups, limit: 4, signal: controller.signal, onProgress })).rejects.toMatchObject({
    code: 'cancelled',
  })
})
