import type { WhereDocument } from '../../../../shared/domain/where.ts'

export const documentOperators = ['$contains', '$not_contains', '$regex', '$not_regex'] as const
export type DocumentOperator = (typeof documentOperators)[number]

export interface DocumentClause {
  readonly kind: 'text'
  readonly id: number
  readonly operator: DocumentOperator
  readonly value: string
}

export interface DocumentGroup {
  readonly kind: 'and' | 'or'
  readonly id: number
  readonly children: readonly DocumentNode[]
}

export type DocumentNode = DocumentClause | DocumentGroup

let lastId = 0
function newId(): number {
  lastId += 1
  return lastId
}

export function newDocumentClause(): DocumentClause {
  return { kind: 'text', id: newId(), operator: '$contains', value: '' }
}

export function newDocumentGroup(kind: 'and' | 'or', children: readonly DocumentNode[] = []): DocumentGroup {
  return { kind, id: newId(), children }
}

function nodeOf(filter: WhereDocument): DocumentNode {
  if (filter.kind === 'text') return { kind: 'text', id: newId(), operator: filter.operator, value: filter.value }
  return newDocumentGroup(filter.kind, filter.clauses.map(nodeOf))
}

export function documentDraftOf(filter: WhereDocument | null): DocumentGroup {
  if (filter === null) return newDocumentGroup('and')
  const node = nodeOf(filter)
  return node.kind === 'text' ? newDocumentGroup('and', [node]) : node
}

/** The filter a draft stands for; clauses without a text are left out. */
export function readDocumentDraft(node: DocumentNode): WhereDocument | null {
  if (node.kind === 'text') return node.value === '' ? null : { kind: 'text', operator: node.operator, value: node.value }
  const clauses = node.children.map(readDocumentDraft).filter((clause) => clause !== null)
  const [first, second] = clauses
  if (first === undefined) return null
  return second === undefined ? first : { kind: node.kind, clauses }
}

export function replaceDocumentNode(group: DocumentGroup, id: number, next: DocumentNode | null): DocumentGroup {
  return {
    ...group,
    children: group.children.flatMap((child): DocumentNode[] => {
      if (child.id === id) return next === null ? [] : [next]
      return [child.kind === 'text' ? child : replaceDocumentNode(child, id, next)]
    }),
  }
}
