/** Places of a record in two lists, from 0; null in the one that lacks it. */
export interface RankChange {
  readonly id: string
  readonly left: number | null
  readonly right: number | null
}

/** How the places of records change from one list of ids to another, in the order of the first and then of the second. */
export function rankChanges(left: readonly string[], right: readonly string[]): RankChange[] {
  const [leftPlaces, rightPlaces] = [left, right].map((ids) => new Map(ids.map((id, at) => [id, at])))
  return [...new Set([...left, ...right])].map((id) => ({
    id,
    left: leftPlaces?.get(id) ?? null,
    right: rightPlaces?.get(id) ?? null,
  }))
}

/** A change in a word or number: ▲2 has risen by two places, ▼1 fallen by one. */
export function rankText({ left, right }: RankChange): string {
  if (right === null) return 'gone'
  if (left === null) return 'new'
  return left === right ? '=' : left > right ? `▲${left - right}` : `▼${right - left}`
}
