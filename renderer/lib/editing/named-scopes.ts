import type { RecordView } from '../../../shared/contract/records.ts'
import type { Filter } from '../../../shared/domain/where.ts'
import { describeFilter } from '../describe-filter.ts'
import { formatQuantity } from '../format.ts'
import { countSelected, type Selection } from '../selection/selection.ts'
import type { NamedScope } from './change-dialogs.ts'

/** Records by their ids, picked by hand. */
export function idsScope(ids: readonly string[], words = formatQuantity(ids.length, 'selected record')): NamedScope {
  return { scope: { kind: 'ids', ids: [...ids] }, words, rule: null }
}

/** What is selected in a view. */
export function selectionScope(view: RecordView, selection: Selection): NamedScope {
  const { ranges, ids } = selection
  return {
    scope: { kind: 'selection', selection: { view, ranges: [...ranges], ids: [...ids] } },
    words: formatQuantity(countSelected(selection), 'selected record'),
    rule: null,
  }
}

/** All records that a filter leaves, `total` of them. */
export function filterScope(filter: Filter, total: number): NamedScope {
  const rule = describeFilter(filter)
  const records = formatQuantity(total, 'record')
  return { scope: { kind: 'filter', filter }, words: rule === null ? `all ${records}` : `all ${records} that match`, rule }
}
