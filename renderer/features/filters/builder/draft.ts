import type { MetadataScalar } from '../../../../shared/domain/metadata.ts'
import type { Where } from '../../../../shared/domain/where.ts'
import { readValue, scalarTypeOf, textOf, type ScalarType } from './values.ts'

export const whereOperators = ['$eq', '$ne', '$gt', '$gte', '$lt', '$lte', '$in', '$nin', '$contains', '$not_contains'] as const
export type WhereOperator = (typeof whereOperators)[number]

/** A clause while it is being written: values are texts, and may be missing or wrong. */
export interface DraftClause {
  readonly kind: 'clause'
  readonly id: number
  readonly key: string
  readonly operator: WhereOperator
  readonly type: ScalarType
  readonly values: readonly string[]
}

export interface DraftGroup {
  readonly kind: 'and' | 'or'
  readonly id: number
  readonly children: readonly DraftNode[]
}

export type DraftNode = DraftClause | DraftGroup

let lastId = 0
function newId(): number {
  lastId += 1
  return lastId
}

export function newClause(key = '', type: ScalarType = 'string', operator: WhereOperator = '$eq'): DraftClause {
  return { kind: 'clause', id: newId(), key, operator, type, values: type === 'boolean' ? ['true'] : [] }
}

export function newGroup(kind: 'and' | 'or', children: readonly DraftNode[] = []): DraftGroup {
  return { kind, id: newId(), children }
}

function clauseOf(key: string, operator: WhereOperator, values: readonly MetadataScalar[]): DraftClause {
  const [first] = values
  return {
    kind: 'clause',
    id: newId(),
    key,
    operator,
    type: first === undefined ? 'string' : scalarTypeOf(first),
    values: values.map(textOf),
  }
}

function nodeOf(where: Where): DraftNode {
  switch (where.kind) {
    case 'and':
    case 'or':
      return newGroup(where.kind, where.clauses.map(nodeOf))
    case 'in':
      return clauseOf(where.key, where.operator, where.values)
    case 'compare':
    case 'contains':
      return clauseOf(where.key, where.operator, [where.value])
  }
}

/** A filter as a tree that can be edited; its root is always a group. */
export function draftOf(where: Where | null): DraftGroup {
  if (where === null) return newGroup('and')
  const node = nodeOf(where)
  return node.kind === 'clause' ? newGroup('and', [node]) : node
}

/** Operators that ask for order, which Chroma has for numbers only. */
export const orderOperators: ReadonlySet<WhereOperator> = new Set(['$gt', '$gte', '$lt', '$lte'])

export interface ReadDraft {
  /** The finished clauses as a filter; null where there are none. */
  readonly where: Where | null
  /** What is missing or wrong, by clause id. Such clauses are not part of `where`. */
  readonly problems: ReadonlyMap<number, string>
}

function readClause(clause: DraftClause): Where | string {
  if (clause.key === '') return 'Choose a key.'
  if (orderOperators.has(clause.operator) && clause.type !== 'integer' && clause.type !== 'float') {
    return clause.type === 'string'
      ? 'Chroma compares numbers only. For dates kept as text, remove this and add a period under “Dates kept as text”.'
      : 'Chroma compares numbers only. Use “is” or “is not”.'
  }
  if (clause.values.length === 0) return 'Enter a value.'
  const values: MetadataScalar[] = []
  for (const text of clause.values) {
    const read = readValue(text, clause.type)
    if (!read.ok) return read.problem
    values.push(read.value)
  }
  const [value] = values
  if (value === undefined) return 'Enter a value.'
  const { key, operator } = clause
  if (operator === '$in' || operator === '$nin') return { kind: 'in', key, operator, values }
  if (operator === '$contains' || operator === '$not_contains') return { kind: 'contains', key, operator, value }
  return { kind: 'compare', key, operator, value }
}

/** The filter that a draft stands for. Unfinished clauses and empty groups are left out; groups of one are that one. */
export function readDraft(root: DraftGroup): ReadDraft {
  const problems = new Map<number, string>()
  const read = (node: DraftNode): Where | null => {
    if (node.kind === 'clause') {
      const result = readClause(node)
      if (typeof result !== 'string') return result
      problems.set(node.id, result)
      return null
    }
    const clauses = node.children.map(read).filter((clause) => clause !== null)
    const [first, second] = clauses
    if (first === undefined) return null
    return second === undefined ? first : { kind: node.kind, clauses }
  }
  return { where: read(root), problems }
}

/** The tree with one node replaced, or taken out where `next` is null. */
export function replaceNode(group: DraftGroup, id: number, next: DraftNode | null): DraftGroup {
  return {
    ...group,
    children: group.children.flatMap((child): DraftNode[] => {
      if (child.id === id) return next === null ? [] : [next]
      return [child.kind === 'clause' ? child : replaceNode(child, id, next)]
    }),
  }
}
