import type { Range } from '../../../shared/contract/records.ts'
import { addRange, countRanges, hasIndex, removeRange, type Ranges } from './ranges.ts'

/**
 * Which records of a view are selected. Places are kept as ranges, so that a million records cost one pair of numbers;
 * `ids` holds records picked where places mean nothing, as on the map, or before the view was sorted or filtered anew.
 */
export interface Selection {
  readonly ranges: Ranges
  readonly ids: ReadonlySet<string>
  /** Where a range started that Shift extends. */
  readonly anchor: number | null
  /** The row that the keyboard is on. */
  readonly cursor: number | null
}

export const nothingSelected: Selection = { ranges: [], ids: new Set(), anchor: null, cursor: null }

export function isSelected(selection: Selection, index: number, id: string | undefined): boolean {
  return hasIndex(selection.ranges, index) || (id !== undefined && selection.ids.has(id))
}

export function countSelected(selection: Selection): number {
  return countRanges(selection.ranges) + selection.ids.size
}

export function selectOnly(index: number): Selection {
  return { ranges: [{ from: index, to: index + 1 }], ids: new Set(), anchor: index, cursor: index }
}

export function moveCursor(selection: Selection, index: number): Selection {
  return { ...selection, cursor: index }
}

export function toggle(selection: Selection, index: number, id: string | undefined): Selection {
  const one = { from: index, to: index + 1 }
  const ids = new Set(selection.ids)
  if (id !== undefined && ids.delete(id)) return { ...selection, ids, anchor: index, cursor: index }
  const ranges = hasIndex(selection.ranges, index) ? removeRange(selection.ranges, one) : addRange(selection.ranges, one)
  return { ranges, ids, anchor: index, cursor: index }
}

/** Selects from the anchor to `index`; `keep` leaves what was selected before. */
export function extendTo(selection: Selection, index: number, keep: boolean): Selection {
  const anchor = selection.anchor ?? selection.cursor ?? index
  const range: Range = { from: Math.min(anchor, index), to: Math.max(anchor, index) + 1 }
  return {
    ranges: addRange(keep ? selection.ranges : [], range),
    ids: keep ? selection.ids : new Set(),
    anchor,
    cursor: index,
  }
}

export function selectAll(selection: Selection, total: number): Selection {
  return { ranges: total > 0 ? [{ from: 0, to: total }] : [], ids: new Set(), anchor: 0, cursor: selection.cursor ?? 0 }
}

export function clearSelection(selection: Selection): Selection {
  return { ...nothingSelected, cursor: selection.cursor }
}

/** A selection without places: they mean nothing in another order or filter. */
export function withIdsOnly(ids: Iterable<string>): Selection {
  return { ...nothingSelected, ids: new Set(ids) }
}
