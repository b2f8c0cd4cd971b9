import type { LabelsOfIds } from './id-labels.ts'
import { mark, PickleDict, PickleMachine, PickleProblem } from './pickle-machine.ts'

export interface IndexMetadata {
  /** The label of each id in the index; labels count from 1 in the order of first adding. */
  readonly idToLabel: LabelsOfIds
  readonly totalAdded: number | null
  /** The last operation taken in, where the pickle says so (Chroma up to 0.5). */
  readonly maxSequence: number | null
  /** What is wrong with the pickle, in a few words; null where it was read to its end. Ids may be missing then. */
  readonly problem: string | null
}

/** All attributes that can be told: those of the finished object, or keys and values that wait on the stack of a torn one. */
function attributesOf(stack: readonly unknown[]): Map<string, unknown> {
  const attributes = new Map<string, unknown>()
  for (const [index, value] of stack.entries()) {
    if (value instanceof PickleDict) {
      for (const [position, key] of value.keys.entries())
        if (typeof key === 'string' && key.endsWith('_to_label')) attributes.set(key, value.values[position])
      for (const [position, key] of value.keys.entries())
        if (typeof key === 'string' && /^(?:total_elements_added|max_seq_id)$/.test(key)) attributes.set(key, value.values[position])
    }
    const next = stack[index + 1]
    if (typeof value === 'string' && (next instanceof PickleDict || typeof next === 'number') && !attributes.has(value))
      attributes.set(value, next)
  }
  return attributes
}

/** Pairs that were read but not yet put into the dict below the last mark. */
function pendingPairs(stack: readonly unknown[], dict: PickleDict): [unknown, unknown][] {
  const from = stack.lastIndexOf(mark)
  if (from < 1 || stack[from - 1] !== dict) return []
  const items = stack.slice(from + 1)
  return Array.from({ length: Math.floor(items.length / 2) }, (_, pair) => [items[pair * 2], items[pair * 2 + 1]])
}

function wholeOrNull(value: unknown): number | null {
  return typeof value === 'number' && Number.isInteger(value) ? value : null
}

/**
 * Reads index_metadata.pickle without running anything it says: instructions that name programs other than Chroma's own data
 * class end the reading. Of a torn file everything before the tear is returned. Never throws; memory is bounded by the file's size.
 */
export function parseIndexMetadata(bytes: Buffer): IndexMetadata {
  const machine = new PickleMachine(bytes)
  let problem: string | null = null
  try {
    machine.run()
  } catch (error) {
    if (!(error instanceof PickleProblem) && !(error instanceof RangeError)) throw error
    problem = error instanceof PickleProblem ? error.message : 'it ends too early'
  }
  const attributes = attributesOf(machine.stack)
  const dict = attributes.get('id_to_label')
  const { idLabels } = machine
  if (dict instanceof PickleDict) {
    for (let index = 0; index < dict.keys.length; index += 1) {
      const id = dict.keys[index]
      const label = dict.values[index]
      if (typeof id === 'string' && typeof label === 'number') idLabels.set(id, label)
      else problem ??= 'its ids have labels that are no numbers'
    }
    for (const [id, label] of pendingPairs(machine.stack, dict)) {
      if (typeof id === 'string' && typeof label === 'number') idLabels.set(id, label)
    }
  } else {
    problem ??= 'it does not hold the ids of the index'
  }
  return {
    idToLabel: idLabels,
    totalAdded: wholeOrNull(attributes.get('total_elements_added')),
    maxSequence: wholeOrNull(attributes.get('max_seq_id')),
    problem,
  }
}
