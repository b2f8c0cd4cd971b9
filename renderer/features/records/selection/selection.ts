import type { Range } from '../../../../shared/contract/records.ts'
import { addRange, countRanges, hasIndex, removeRange, type Ranges } from './ranges.ts'

/**
 * Which records of a view are selected. Places are kept as ranges, so that a million records cost one pair of numbers;
 * `ids` holds records picked before the view was sorted or filtered anew, whose places are no longer known.
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

/** Largest selection that is carried over to another order or filter by its ids. */
export const maxCarriedOver = 1000

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

/**
 * The selection in another order or filter of the same collection. Places become ids where all of them are at hand (`idAt` knows them) and
 * not more than {@link maxCarriedOver}; otherwise nothing stays selected, because the same places would now mean other records.
 */
export function carryOver(selection: Selection, idAt: (index: number) => string | undefined): Selection {
  if (countSelected(selection) > maxCarriedOver) return nothingSelected
  const ids = new Set(selection.ids)
  for (const range of selection.ranges) {
    for (let index = range.from; index < range.to; index += 1) {
      const id = idAt(index)
      if (id === undefined) return nothingSelected
      ids.add(id)
    }
  }
  return { ranges: [], ids, anchor: null, cursor: null }
}
