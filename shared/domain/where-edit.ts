import { encode } from '../rpc/codec.ts'
import type { MetadataScalar } from './metadata.ts'
import type { Where } from './where.ts'

/** The clauses that must all hold, at the top of a filter: those of an `and`, or the one clause there is. */
export function topClauses(where: Where | null): Where[] {
  if (where === null) return []
  return where.kind === 'and' ? where.clauses : [where]
}

/** The reverse of {@link topClauses}: nothing, the clause itself, or an `and` of two and more. */
export function fromTopClauses(clauses: readonly Where[]): Where | null {
  const [first, second] = clauses
  if (first === undefined) return null
  return second === undefined ? first : { kind: 'and', clauses: [...clauses] }
}

/** True where both mean the same filter, written the same way. Integers and floats differ. */
export function sameWhere(first: Where | null, second: Where | null): boolean {
  return encode(first) === encode(second)
}

export function sameScalar(first: MetadataScalar, second: MetadataScalar): boolean {
  return typeof first === typeof second && Object.is(first, second)
}

export function addClause(where: Where | null, clause: Where): Where {
  const clauses = topClauses(where)
  if (clauses.some((each) => sameWhere(each, clause))) return where ?? clause
  return fromTopClauses([...clauses, clause]) ?? clause
}

export function removeClauseAt(where: Where | null, index: number): Where | null {
  return fromTopClauses(topClauses(where).filter((_, at) => at !== index))
}

/** The values that a clause allows for `key`, where it says nothing else: `$eq`, `$in`, or an `or` of those. Null for other clauses. */
function allowedValues(clause: Where, key: string): MetadataScalar[] | null {
  if (clause.kind === 'compare') return clause.key === key && clause.operator === '$eq' ? [clause.value] : null
  if (clause.kind === 'in') return clause.key === key && clause.operator === '$in' ? clause.values : null
  if (clause.kind !== 'or' || clause.clauses.length === 0) return null
  const parts = clause.clauses.map((part) => allowedValues(part, key))
  return parts.every((part) => part !== null) ? parts.flat() : null
}

/** A clause that allows just these values. Chroma takes one type per `$in`, so types are kept apart by an `or`. */
function allowOnly(key: string, values: readonly MetadataScalar[]): Where | null {
  const groups = new Map<string, MetadataScalar[]>()
  for (const value of values) groups.set(typeof value, [...(groups.get(typeof value) ?? []), value])
  const clauses = [...groups.values()].map((group): Where => {
    const [only, second] = group
    return only !== undefined && second === undefined
      ? { kind: 'compare', key, operator: '$eq', value: only }
      : { kind: 'in', key, operator: '$in', values: group }
  })
  const [first, second] = clauses
  if (first === undefined) return null
  return second === undefined ? first : { kind: 'or', clauses }
}

/** Values of `key` that a top clause picks, as a facet would; empty where none does. */
export function pickedValues(where: Where | null, key: string): MetadataScalar[] {
  for (const clause of topClauses(where)) {
    const values = allowedValues(clause, key)
    if (values !== null) return values
  }
  return []
}

/** Adds a value to those picked for `key`, or takes it out again. */
export function togglePicked(where: Where | null, key: string, value: MetadataScalar): Where | null {
  const picked = pickedValues(where, key)
  const values = picked.some((each) => sameScalar(each, value)) ? picked.filter((each) => !sameScalar(each, value)) : [...picked, value]
  const clause = allowOnly(key, values)
  const clauses = topClauses(where)
  const at = clauses.findIndex((each) => allowedValues(each, key) !== null)
  if (at === -1) return clause === null ? where : fromTopClauses([...clauses, clause])
  return fromTopClauses(clauses.flatMap((each, index) => (index === at ? (clause === null ? [] : [clause]) : [each])))
}

function isBoundOf(clause: Where, key: string): boolean {
  return clause.kind === 'compare' && clause.key === key && ['$gt', '$gte', '$lt', '$lte'].includes(clause.operator)
}

/** Bounds that top clauses set for `key`; null where there is none on that side. */
export function boundsOf(where: Where | null, key: string): { from: MetadataScalar | null; to: MetadataScalar | null } {
  let from: MetadataScalar | null = null
  let to: MetadataScalar | null = null
  for (const clause of topClauses(where)) {
    if (clause.kind !== 'compare' || !isBoundOf(clause, key)) continue
    if (clause.operator === '$gt' || clause.operator === '$gte') from = clause.value
    else to = clause.value
  }
  return { from, to }
}

/** Replaces the bounds of `key` with those of `range`, as facet-filter.ts makes them; null takes the bounds away. */
export function replaceBounds(where: Where | null, key: string, range: Where | null): Where | null {
  const others = topClauses(where).filter((clause) => !isBoundOf(clause, key))
  return fromTopClauses([...others, ...topClauses(range)])
}

/** The filter without what a facet of `key` put there, so that the facet can count what else could be picked. */
export function withoutFacet(where: Where | null, key: string): Where | null {
  return fromTopClauses(topClauses(where).filter((clause) => allowedValues(clause, key) === null && !isBoundOf(clause, key)))
}
