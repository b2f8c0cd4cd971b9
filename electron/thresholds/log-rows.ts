import { type Lookup, wholeLog } from '../../shared/contract/lookup-logs.ts'
import { mostEvidenceRows } from '../../shared/contract/thresholds.ts'
import type { LogHost } from '../lookup-logs/log-host.ts'
import { rowNames, type SourceRow } from './source-row.ts'

const atOnce = 5000

function rowOf({ line, query, entryId, matchedQuery, similarity, namespace, time, outcome }: Lookup): SourceRow {
  return {
    ...rowNames(line, query, entryId ?? matchedQuery),
    line,
    query,
    entryId,
    matchedText: matchedQuery,
    expected: null,
    expectedId: null,
    similarity: similarity === null ? null : Math.min(1, Math.max(-1, similarity)),
    namespace,
    time,
    exact: outcome === 'exact-hit',
    label: 'unknown',
    labelSource: 'log',
  }
}

/** The newest lookups of a log, in its order. What says neither a query nor a similarity is left out. */
export async function logRows(
  host: LogHost,
  signal: AbortSignal,
  onProgress: (done: number, total: number) => void,
): Promise<{ rows: SourceRow[]; total: number }> {
  const rows: SourceRow[] = []
  let [total, offset] = [1, 0]
  while (offset < Math.min(total, mostEvidenceRows)) {
    const page = await host.ask(
      { type: 'lookups', filter: wholeLog, sort: { by: 'line', descending: true }, offset, limit: atOnce },
      { signal },
    )
    total = page.total
    offset += atOnce
    for (const lookup of page.lookups) if (lookup.query !== null || lookup.similarity !== null) rows.push(rowOf(lookup))
    onProgress(Math.min(offset, total), Math.min(total, mostEvidenceRows))
  }
  return { rows: rows.slice(0, mostEvidenceRows).reverse(), total }
}
