import { AppError } from '../rpc/errors.ts'
import type { FilterProblem } from './filter-problem.ts'
import type { Metadata, MetadataScalar, MetadataValue } from './metadata.ts'
import { compileRegex } from './regex.ts'
import type { CompareOperator, Where, WhereDocument } from './where.ts'
import { parseWhere, parseWhereDocument, printWhere, printWhereDocument } from './where-json.ts'

const noMetadata: Metadata = new Map()

function isNumeric(value: unknown): value is number | bigint {
  return typeof value === 'number' || typeof value === 'bigint'
}

/**
 * Three-way comparison of two numbers, NaN where undefined. Integers and floats are compared by value.
 * As in Chroma, an integer operand becomes a float where the stored value is one; unlike Chroma, a float
 * operand is not cut to an integer where the stored value is one ($eq 2.7 does not match 2).
 */
function compareNumbers(value: number | bigint, operand: number | bigint): number {
  const other = typeof value === 'number' ? Number(operand) : operand
  if (value < other) return -1
  if (value > other) return 1
  // Neither less nor greater: equal, or not a number. (=== would tell 2n and 2 apart.)
  return value <= other ? 0 : NaN
}

function equals(value: MetadataValue | undefined, operand: MetadataScalar): boolean {
  if (isNumeric(operand)) return isNumeric(value) && compareNumbers(value, operand) === 0
  return value === operand
}

const orderings: Readonly<Record<Exclude<CompareOperator, '$eq' | '$ne'>, (order: number) => boolean>> = {
  $gt: (order) => order > 0,
  $gte: (order) => order >= 0,
  $lt: (order) => order < 0,
  $lte: (order) => order <= 0,
}

function matchesCompare(value: MetadataValue | undefined, operator: CompareOperator, operand: MetadataScalar): boolean {
  if (operator === '$eq') return equals(value, operand)
  if (operator === '$ne') return !equals(value, operand)
  return isNumeric(value) && isNumeric(operand) && orderings[operator](compareNumbers(value, operand))
}

/** Whether a list holds a value of the very same type: 2 is not in a list of floats. */
function holds(value: MetadataValue | undefined, operand: MetadataScalar): boolean {
  return Array.isArray(value) && value.some((item) => typeof item === typeof operand && item === operand)
}

/**
 * Chroma's `where`, as its engine answers it: $ne, $nin and $not_contains match records without the key too; lists match only
 * $contains; integers and floats compare by value, text and booleans only with their own kind.
 * `document` is needed for the keys `chroma:document` and `#document`.
 */
export function matchesWhere(where: Where, metadata: Metadata | null, document: string | null = null): boolean {
  switch (where.kind) {
    case 'and':
      return where.clauses.every((clause) => matchesWhere(clause, metadata, document))
    case 'or':
      return where.clauses.some((clause) => matchesWhere(clause, metadata, document))
  }
  if (where.kind === 'contains' && where.key === '#document') {
    const found = document !== null && typeof where.value === 'string' && document.includes(where.value)
    return found === (where.operator === '$contains')
  }
  const value = where.key === 'chroma:document' ? (document ?? undefined) : (metadata ?? noMetadata).get(where.key)
  switch (where.kind) {
    case 'compare':
      return matchesCompare(value, where.operator, where.value)
    case 'in':
      return where.values.some((operand) => equals(value, operand)) === (where.operator === '$in')
    case 'contains':
      return holds(value, where.value) === (where.operator === '$contains')
  }
}

/**
 * Turns a document filter into a function, compiling its patterns once. Records without a document (null) match only the
 * negative operators; an empty needle matches every record that has a document.
 * @throws AppError 'invalid-input' for a pattern that cannot be read.
 */
export function compileWhereDocument(filter: WhereDocument): (document: string | null) => boolean {
  if (filter.kind === 'text') {
    const { operator, value } = filter
    const regex = operator === '$regex' || operator === '$not_regex'
    const positive = operator === '$contains' || operator === '$regex'
    const finds = regex ? compileRegex(value) : (document: string): boolean => document.includes(value)
    return (document) => (document !== null && finds(document)) === positive
  }
  const clauses = filter.clauses.map(compileWhereDocument)
  if (filter.kind === 'and') return (document) => clauses.every((matches) => matches(document))
  return (document) => clauses.some((matches) => matches(document))
}

/** One record against a document filter; use {@link compileWhereDocument} for many. */
export function matchesWhereDocument(filter: WhereDocument, document: string | null): boolean {
  return compileWhereDocument(filter)(document)
}

function firstError(problems: readonly FilterProblem[]): FilterProblem | undefined {
  return problems.find((problem) => problem.severity === 'error')
}

/**
 * Checks a filter that did not come from text, by the same rules.
 * @throws AppError 'invalid-input' for what Chroma would refuse.
 */
export function validateWhere(where: Where | null): void {
  const problem = firstError(parseWhere(printWhere(where, 'compact')).problems)
  if (problem !== undefined) throw new AppError('invalid-input', problem.message, problem.remedy)
}

/**
 * Checks a document filter that did not come from text.
 * @throws AppError 'invalid-input' for what Chroma would refuse and for patterns that cannot be read.
 */
export function validateWhereDocument(filter: WhereDocument | null): void {
  if (filter === null) return
  const problem = firstError(parseWhereDocument(printWhereDocument(filter, 'compact')).problems)
  if (problem !== undefined) throw new AppError('invalid-input', problem.message, problem.remedy)
}
