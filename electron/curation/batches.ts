import type { RecordChange, RecordState } from './change.ts'
import { identicalVectors } from './same-state.ts'

/** The most that is sent at once: little enough that an engine writes its index rarely in between, and that the unknown stays small. */
export const mostRecords = 500
const mostBytes = 8_000_000

function stateBytes(state: RecordState | null): number {
  if (state === null) return 0
  let bytes = 200 + 3 * (state.document?.length ?? 0) + 3 * (state.uri?.length ?? 0) + 6 * (state.vector?.length ?? 0)
  for (const [key, value] of state.metadata ?? []) bytes += 3 * key.length + (typeof value === 'string' ? 3 * value.length : 24)
  return bytes
}

/** About how many bytes an engine is sent for a change, beside its own overhead. */
export function sentBytes({ before, after }: RecordChange): number {
  if (after === null) return 100
  const bytes = stateBytes(after)
  return before !== null && identicalVectors(before.vector, after.vector) ? bytes - 6 * (after.vector?.length ?? 0) : bytes
}

/** Cuts changes into batches of at most 500 records and about 8 MB on the wire; a larger record is a batch of its own. */
export function* batchesOf(changes: readonly RecordChange[]): Generator<RecordChange[]> {
  let batch: RecordChange[] = []
  let bytes = 0
  for (const change of changes) {
    const size = Math.max(stateBytes(change.before), stateBytes(change.after))
    if (batch.length > 0 && (batch.length === mostRecords || bytes + size > mostBytes)) {
      yield batch
      batch = []
      bytes = 0
    }
    batch.push(change)
    bytes += size
  }
  if (batch.length > 0) yield batch
}
