import type { MetadataScalar, MetadataValue } from '../../shared/domain/metadata.ts'
import { AppError } from '../../shared/rpc/errors.ts'
import type { RecordChange } from './change.ts'

const smallest = -(2n ** 63n)
const largest = 2n ** 63n - 1n

function scalarProblem(value: MetadataScalar): string | null {
  if (typeof value === 'bigint' && (value < smallest || value > largest)) return `${value} does not fit into 64 bits`
  if (typeof value === 'number' && !Number.isFinite(value)) return `${value} is no number that Chroma can store`
  return null
}

function valueProblem(value: MetadataValue): string | null {
  if (!Array.isArray(value)) return scalarProblem(value)
  if (value.length === 0) return 'Chroma loses empty lists'
  if (new Set(value.map((item) => typeof item)).size > 1) return 'Chroma takes lists of one type only'
  return value.map(scalarProblem).find((problem) => problem !== null) ?? null
}

/** What is left of a number less itself is zero, but of one that is not finite: a sum tells it of a whole vector at a time. */
function hasOnlyFinite(vector: Float32Array): boolean {
  let sum = 0
  for (let index = 0; index < vector.length; index += 1) {
    const value = vector[index] ?? 0
    sum += value - value
  }
  return sum === 0
}

/** Why Chroma could not be given what a change asks for, in a sentence; null where it can. */
function impossible({ id, before, after }: RecordChange): string | null {
  if (after === null) return null
  if (id === '' || after.id !== id) return 'An id cannot be empty, and a change of an id is a deletion and an addition.'
  if (after.vector === null && (before === null || before.vector !== null)) return 'Chroma keeps no record without a vector.'
  if (after.vector && after.vector !== before?.vector && !hasOnlyFinite(after.vector)) {
    return 'The vector holds a number that is not finite.'
  }
  if (after.metadata === before?.metadata) return null
  for (const [key, value] of after.metadata ?? []) {
    if (key.startsWith('chroma:')) return `The key ${JSON.stringify(key)} is one of Chroma's own: writing it would stop the store.`
    const problem = valueProblem(value)
    if (problem !== null) return `The value of ${JSON.stringify(key)} cannot be kept: ${problem}.`
  }
  return null
}

/** @throws AppError 'invalid-input' where one of the changes cannot be made */
export function refuseImpossible(changes: readonly RecordChange[]): void {
  for (const change of changes) {
    const problem = impossible(change)
    if (problem === null) continue
    throw new AppError('invalid-input', `The record ${JSON.stringify(change.id)} was refused. ${problem}`, 'Nothing was changed.')
  }
}
