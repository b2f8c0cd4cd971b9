import type { z } from 'zod'
import { maxSelectedIds, type Range, type records } from '../../../shared/contract/records.ts'
import { AppError } from '../../../shared/rpc/errors.ts'
import type { Store } from '../../store/store.ts'

/** How many places ranges name. */
export function countPlaces(ranges: readonly Range[]): number {
  return ranges.reduce((sum, { from, to }) => sum + Math.max(0, to - from), 0)
}

/**
 * The ids of the records at places of a view, in its order. Places beyond the end of the view are left out.
 * @throws AppError 'invalid-input' for more than {@link maxSelectedIds} places, and as the store does.
 */
export async function selectedIds(
  store: Store,
  { view, ranges }: z.output<typeof records.ids.input>,
  signal: AbortSignal,
): Promise<string[]> {
  const asked = countPlaces(ranges)
  if (asked > maxSelectedIds) {
    throw new AppError(
      'invalid-input',
      `${asked.toLocaleString('en')} records are selected, and the ids of at most ${maxSelectedIds.toLocaleString('en')} can be read at once.`,
      'Select fewer records, or narrow the filter first.',
    )
  }
  return store.idsAt(view, ranges, { signal })
}
