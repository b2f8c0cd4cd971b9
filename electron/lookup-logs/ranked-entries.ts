import type { EntryRanking, RankedEntries } from '../../shared/contract/lookup-logs.ts'
import { nearMissTest } from './log-rows.ts'
import { missCode, type LogTable } from './log-table.ts'

export interface EntriesWanted {
  readonly ranking: EntryRanking
  /** All entries of the collection in stored order; only looked at for `never-hit`. */
  readonly ids: readonly string[]
  readonly offset: number
  readonly limit: number
  /** As that of a filter. */
  readonly threshold: number
}

interface Tally {
  hits: number
  nearMisses: number
  lastHitAt: number
}

function tallies(table: LogTable, rows: Uint32Array, threshold: number): Map<number, Tally> {
  const { columns } = table
  const isNearMiss = nearMissTest(table, threshold)
  const found = new Map<number, Tally>()
  for (const row of rows) {
    const number = columns.entry[row] ?? 0
    const outcome = columns.outcome[row] ?? 0
    if (number === 0 || outcome === 0) continue
    let tally = found.get(number)
    if (tally === undefined) found.set(number, (tally = { hits: 0, nearMisses: 0, lastHitAt: NaN }))
    if (outcome === missCode) tally.nearMisses += Number(isNearMiss(row))
    else {
      tally.hits += 1
      const time = columns.time[row] ?? NaN
      if (!(time <= tally.lastHitAt)) tally.lastHitAt = time
    }
  }
  return found
}

/** Entries by how often they answered, or nearly did, or those of the collection that never answered. */
export function rankedEntries(
  table: LogTable,
  rows: Uint32Array,
  { ranking, ids, offset, limit, threshold }: EntriesWanted,
): RankedEntries {
  const found = tallies(table, rows, threshold)
  const describe = (entryId: string, tally: Tally | undefined): RankedEntries['entries'][number] => ({
    entryId,
    hits: tally?.hits ?? 0,
    nearMisses: tally?.nearMisses ?? 0,
    lastHitAt: tally === undefined || Number.isNaN(tally.lastHitAt) ? null : tally.lastHitAt,
  })
  if (ranking === 'never-hit') {
    const tallyOf = (id: string): Tally | undefined => found.get(table.names.find(id) ?? -1)
    const never = ids.filter((id) => (tallyOf(id)?.hits ?? 0) === 0)
    return { total: never.length, entries: never.slice(offset, offset + limit).map((id) => describe(id, tallyOf(id))) }
  }
  const counted = ranking === 'most-hit' ? 'hits' : 'nearMisses'
  const ranked = [...found].filter(([, tally]) => tally[counted] > 0).toSorted(([, a], [, b]) => b[counted] - a[counted])
  return {
    total: ranked.length,
    entries: ranked.slice(offset, offset + limit).map(([number, tally]) => describe(table.names.textOf(number) ?? '', tally)),
  }
}
