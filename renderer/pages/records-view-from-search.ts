import type { RecordView, Sort } from '../../shared/contract/records.ts'
import { parseWhere, parseWhereDocument, printWhere, printWhereDocument } from '../../shared/domain/where-json.ts'
import { parsePeriods, printPeriods } from '../../shared/domain/period.ts'
import type { Filter } from '../../shared/domain/where.ts'
import { AppError } from '../../shared/rpc/errors.ts'
import type { RecordsSearch } from '../lib/records-search.ts'

const keyPrefix = 'key:'

function sortBy(text: string | undefined): Sort['by'] {
  if (text === 'id' || text === 'document') return { kind: text }
  return text?.startsWith(keyPrefix) ? { kind: 'metadata', key: text.slice(keyPrefix.length) } : { kind: 'stored' }
}

/**
 * The view that an address stands for.
 * @throws AppError 'invalid-input' where the address holds a filter that Chroma could not read.
 */
export function viewFromSearch(connectionId: string, collectionId: string, search: RecordsSearch): RecordView {
  const where = parseWhere(search.where ?? '')
  const whereDocument = parseWhereDocument(search.doc ?? '')
  if (!where.ok || !whereDocument.ok) {
    const problem = [...where.problems, ...whereDocument.problems].find(({ severity }) => severity === 'error')
    throw new AppError(
      'invalid-input',
      `The filter in this link cannot be read. ${problem?.message ?? ''}`.trim(),
      problem?.remedy ?? 'Clear the filter to see all records.',
    )
  }
  const periods = parsePeriods(search.dates ?? '')
  if (periods === null)
    throw new AppError('invalid-input', 'The dates in this link cannot be read.', 'Clear the filter to see all records.')
  return {
    connectionId,
    collectionId,
    filter: { where: where.tree, whereDocument: whereDocument.tree, find: search.find ?? '', periods, set: search.set ?? null },
    sort: { by: sortBy(search.sort), direction: search.dir ?? 'ascending' },
  }
}

function orNothing(text: string): string | undefined {
  return text === '' ? undefined : text
}

type FilterWord = 'where' | 'doc' | 'find' | 'dates' | 'set'

/** The part of an address that says a filter. */
export function searchOfFilter({ where, whereDocument, find, periods, set }: Filter): Pick<RecordsSearch, FilterWord> {
  return {
    where: orNothing(printWhere(where, 'compact')),
    doc: orNothing(printWhereDocument(whereDocument, 'compact')),
    find: orNothing(find),
    dates: orNothing(printPeriods(periods)),
    set: set ?? undefined,
  }
}

/** The part of an address that says an order; nothing for the order in which records are stored. */
export function searchOfSort({ by, direction }: Sort): Pick<RecordsSearch, 'sort' | 'dir'> {
  if (by.kind === 'stored' && direction === 'ascending') return { sort: undefined, dir: undefined }
  return { sort: by.kind === 'metadata' ? `${keyPrefix}${by.key}` : by.kind, dir: direction === 'descending' ? direction : undefined }
}
