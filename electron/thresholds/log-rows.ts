import { type Lookup, wholeLog } from '../../shared/contract/lookup-logs.ts'
import { mostEvidenceRows } from '../../shared/contract/thresholds.ts'
import type { LogHost } from '../lookup-logs/log-host.ts'
import { rowNames, type SourceRow } from './source-row.ts'

const atOnce = 5000

function rowOf(
  { line, query, entryId, matchedQuery, similarity, namespace, time, outcome, cost }: Lookup,
  onlyMissesCall: boolean,
): SourceRow {
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
    // What a hit cost is its embedding where misses tell what a call costs, and the call that it saved where they do not.
    callCost: onlyMissesCall && outcome !== 'miss' && outcome !== null ? null : cost,
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
  const lookups: Lookup[] = []
  let [total, offset] = [1, 0]
  while (offset < Math.min(total, mostEvidenceRows)) {
    const page = await host.ask(
      { type: 'lookups', filter: wholeLog, sort: { by: 'line', descending: true }, offset, limit: atOnce },
      { signal },
    )
    total = page.total
    offset += atOnce
    for (const lookup of page.lookups) if (lookup.query !== null || lookup.similarity !== null) lookups.push(lookup)
    onProgress(Math.min(offset, total), Math.min(total, mostEvidenceRows))
  }
  const onlyMissesCall = lookups.some(({ outcome, cost }) => outcome === 'miss' && cost !== null && cost > 0)
  const rows = lookups.slice(0, mostEvidenceRows).map((lookup) => rowOf(lookup, onlyMissesCall))
  return { rows: rows.reverse(), total }
}
