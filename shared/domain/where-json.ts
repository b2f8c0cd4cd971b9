import type { FilterProblem, ParsedFilter } from './filter-problem.ts'
import { formatScalar, type MetadataScalar } from './metadata.ts'
import { parsePositionedJson, type JsonEntry, type JsonNode, type TextRange } from './positioned-json.ts'
import { regexProblems } from './regex-problems.ts'
import { compareOperatorSchema, type Where, type WhereDocument } from './where.ts'
import { operatorAdvice } from './where-operators.ts'

const largestInteger = 2n ** 63n - 1n
const smallestInteger = -(2n ** 63n)

type ObjectNode = JsonNode & { kind: 'object' }

/** What the two kinds of filter share: reading JSON, one condition per object, $and and $or. */
abstract class FilterReader<Tree> {
  protected readonly text: string
  readonly problems: FilterProblem[] = []

  constructor(text: string) {
    this.text = text
  }

  protected abstract combine(kind: 'and' | 'or', clauses: Tree[]): Tree
  /** Reads an object that holds one key which is neither $and nor $or. */
  protected abstract condition(node: ObjectNode, entry: JsonEntry): Tree | null

  parse(): ParsedFilter<Tree> {
    if (this.text.trim() === '') return { ok: true, tree: null, problems: [] }
    const { node, error } = parsePositionedJson(this.text)
    if (error !== null) {
      return {
        ok: false,
        problems: [{ severity: 'error', message: error.message, remedy: null, from: error.from, to: error.to, fix: error.fix }],
      }
    }
    const empty = node.kind === 'object' && node.entries.length === 0
    const tree = empty ? null : this.clause(node)
    const failed = this.problems.some((problem) => problem.severity === 'error')
    return failed ? { ok: false, problems: this.problems } : { ok: true, tree, problems: this.problems }
  }

  protected error(
    range: TextRange,
    message: string,
    remedy: string | null = null,
    fix: { label: string; insert: string } | null = null,
  ): null {
    const edit = fix && { label: fix.label, edit: { from: range.from, to: range.to, insert: fix.insert } }
    this.problems.push({ severity: 'error', message, remedy, from: range.from, to: range.to, fix: edit })
    return null
  }

  protected warn(range: TextRange, message: string, remedy: string | null): void {
    this.problems.push({ severity: 'warning', message, remedy, from: range.from, to: range.to, fix: null })
  }

  protected source(range: TextRange): string {
    return this.text.slice(range.from, range.to)
  }

  protected clause(node: JsonNode): Tree | null {
    if (node.kind === 'array') {
      const insert = `{"$and": ${this.source(node)}}`
      return this.error(node, 'A filter is an object, not a list.', 'Put the list under $and or $or.', {
        label: 'Put it under $and',
        insert,
      })
    }
    if (node.kind !== 'object') return this.error(node, 'A filter is an object in braces.', 'For example {"key": "value"}.')
    const [entry, second] = node.entries
    if (entry === undefined) return this.error(node, 'This condition is empty.', 'Remove it, or write a key and a value.')
    if (second !== undefined) {
      const parts = node.entries.map(({ keyRange, value }) => `{${this.source(keyRange)}: ${this.source(value)}}`)
      return this.error(node, 'Chroma reads one condition per object; this one has more.', 'Wrap the conditions in $and.', {
        label: 'Wrap in $and',
        insert: `{"$and": [${parts.join(', ')}]}`,
      })
    }
    if (entry.key === '$and' || entry.key === '$or') return this.#list(entry.key === '$and' ? 'and' : 'or', entry)
    return this.condition(node, entry)
  }

  #list(kind: 'and' | 'or', { key, keyRange, value }: JsonEntry): Tree | null {
    if (value.kind !== 'array') {
      const fix = value.kind === 'object' ? { label: 'Make it a list', insert: `[${this.source(value)}]` } : null
      return this.error(value, `${key} takes a list of conditions.`, 'Put the conditions in square brackets.', fix)
    }
    if (value.items.length === 0) {
      const effect = kind === 'and' ? 'every record' : 'no record'
      this.warn({ from: keyRange.from, to: value.to }, `An empty ${key} matches ${effect}.`, 'Add a condition to the list.')
    }
    const clauses: Tree[] = []
    for (const item of value.items) {
      const clause = this.clause(item)
      if (clause !== null) clauses.push(clause)
    }
    return this.combine(kind, clauses)
  }

  protected unknownOperator({ key, keyRange }: JsonEntry, allowed: readonly string[]): null {
    const wanted = allowed.find((operator) => operator.slice(1) === key || operator.toLowerCase() === key.toLowerCase())
    if (wanted !== undefined) {
      const fix = { label: `Write ${wanted}`, insert: JSON.stringify(wanted) }
      return this.error(keyRange, `Operators are written with a dollar sign: ${wanted}, not ${key}.`, null, fix)
    }
    const advice = operatorAdvice.get(key) ?? `Chroma knows ${allowed.join(', ')}.`
    return this.error(
      keyRange,
      key.startsWith('$') ? `Chroma has no ${key} here.` : `${key || 'An empty key'} is not an operator of Chroma.`,
      advice,
    )
  }
}

const whereOperators = ['$eq', '$ne', '$gt', '$gte', '$lt', '$lte', '$in', '$nin', '$contains', '$not_contains'] as const

class WhereReader extends FilterReader<Where> {
  protected combine(kind: 'and' | 'or', clauses: Where[]): Where {
    return { kind, clauses }
  }

  protected condition(node: ObjectNode, entry: JsonEntry): Where | null {
    const { key, keyRange, value } = entry
    if (key.startsWith('$')) {
      const known = (whereOperators as readonly string[]).includes(key)
      const remedy = known
        ? `Write the key first: {"key": {"${key}": …}}.`
        : (operatorAdvice.get(key) ?? 'Only $and and $or stand where a key is expected.')
      return this.error(keyRange, known ? `${key} needs a metadata key before it.` : `Chroma has no ${key}.`, remedy)
    }
    if (key === '#id') this.warn(keyRange, 'Chroma accepts #id here, but it matches no record.', 'Use quick find to look for an id.')
    if (key === '#document' && !(value.kind === 'object' && value.entries.every((part) => part.key.endsWith('contains')))) {
      return this.error(
        keyRange,
        'Only $contains and $not_contains work on #document here.',
        'Write other conditions in the document filter.',
      )
    }
    if (value.kind === 'array') {
      const fix = { label: 'Use $in', insert: `{"$in": ${this.source(value)}}` }
      return this.error(
        value,
        'A list cannot be compared with a metadata value.',
        'Use $in for any of these, or $contains for list values.',
        fix,
      )
    }
    if (value.kind !== 'object') {
      const scalar = this.#scalar(value)
      return scalar === null ? null : { kind: 'compare', key, operator: '$eq', value: scalar }
    }
    const [operator, second] = value.entries
    if (operator === undefined) return this.error(value, 'An operator is missing.', 'For example {"$eq": "value"}.')
    if (second !== undefined) {
      const parts = value.entries.map((part) => `{${this.source(keyRange)}: {${this.source(part.keyRange)}: ${this.source(part.value)}}}`)
      return this.error(node, `${key} has more than one operator, and Chroma reads one per object.`, 'Wrap them in $and.', {
        label: 'Wrap in $and',
        insert: `{"$and": [${parts.join(', ')}]}`,
      })
    }
    return this.#operation(key, operator)
  }

  #operation(key: string, entry: JsonEntry): Where | null {
    const { key: name, value } = entry
    if (name === '$in' || name === '$nin') return this.#membership(key, name, value)
    if (name === '$contains' || name === '$not_contains') {
      const scalar = this.#scalar(value)
      return scalar === null ? null : { kind: 'contains', key, operator: name, value: scalar }
    }
    const operator = compareOperatorSchema.safeParse(name)
    if (!operator.success) return this.unknownOperator(entry, whereOperators)
    if (value.kind === 'array') {
      const insert = name === '$ne' ? '$nin' : '$in'
      const fix = name === '$eq' || name === '$ne' ? { label: `Use ${insert}`, edit: { ...entry.keyRange, insert: `"${insert}"` } } : null
      this.problems.push({
        severity: 'error',
        message: `${name} takes one value, not a list.`,
        remedy: 'Use $in or $nin for lists.',
        from: value.from,
        to: value.to,
        fix,
      })
      return null
    }
    const scalar = this.#scalar(value)
    if (scalar === null) return null
    const ordered = operator.data !== '$eq' && operator.data !== '$ne'
    if (ordered && typeof scalar !== 'number' && typeof scalar !== 'bigint') {
      const remedy = 'Dates kept as text cannot be compared by Chroma. The builder has periods for them, under “Dates kept as text”.'
      return this.error(value, `${name} compares numbers only.`, typeof scalar === 'string' ? remedy : 'Use $eq or $ne.')
    }
    return { kind: 'compare', key, operator: operator.data, value: scalar }
  }

  #membership(key: string, operator: '$in' | '$nin', node: JsonNode): Where | null {
    if (node.kind !== 'array') {
      const fix = node.kind === 'object' ? null : { label: 'Make it a list', insert: `[${this.source(node)}]` }
      return this.error(node, `${operator} takes a list of values.`, 'Put the values in square brackets.', fix)
    }
    if (node.items.length === 0)
      return this.error(node, `Chroma refuses an empty ${operator}.`, 'Add a value to the list, or remove the condition.')
    const values: MetadataScalar[] = []
    for (const item of node.items) {
      const scalar = this.#scalar(item)
      if (scalar !== null) values.push(scalar)
    }
    const types = new Set(values.map((value) => typeof value))
    if (types.size <= 1) return { kind: 'in', key, operator, values }
    const numeric = [...types].every((type) => type === 'number' || type === 'bigint')
    // Chroma decides by the first value: [2.0, 3] is a list of floats, [2, 3.5] is refused.
    if (numeric && typeof values[0] === 'number') return { kind: 'in', key, operator, values: values.map(Number) }
    const fix = numeric
      ? { label: 'Make all of them floats', insert: `[${values.map((value) => formatScalar(Number(value))).join(', ')}]` }
      : null
    const remedy = numeric
      ? 'Write all of them with a decimal point; floats match integers too.'
      : `Write one ${operator} per type and wrap them in ${operator === '$in' ? '$or' : '$and'}.`
    return this.error(node, `The values of ${operator} must all have the same type.`, remedy, fix)
  }

  #scalar(node: JsonNode): MetadataScalar | null {
    switch (node.kind) {
      case 'string':
      case 'boolean':
        return node.value
      case 'null':
        return this.error(
          node,
          'Chroma cannot compare with null.',
          'A key without a value is missing; records without the key match $ne and $nin.',
        )
      case 'number':
        return this.#number(node, node.text)
      default:
        return this.error(node, `A text, number or boolean is expected here, not ${node.kind === 'array' ? 'a list' : 'an object'}.`)
    }
  }

  #number(range: TextRange, text: string): MetadataScalar | null {
    if (/^-?\d+$/.test(text)) {
      const integer = BigInt(text)
      if (integer >= smallestInteger && integer <= largestInteger) return integer
      this.warn(range, 'This integer does not fit into 64 bits, so Chroma reads it as a float.', null)
    }
    const value = Number(text)
    return Number.isFinite(value) ? value : this.error(range, 'This number is too large.', 'Chroma keeps floats up to 1.8e308.')
  }
}

const documentOperators = ['$contains', '$not_contains', '$regex', '$not_regex'] as const

class WhereDocumentReader extends FilterReader<WhereDocument> {
  protected combine(kind: 'and' | 'or', clauses: WhereDocument[]): WhereDocument {
    return { kind, clauses }
  }

  protected condition(_node: ObjectNode, entry: JsonEntry): WhereDocument | null {
    const operator = documentOperators.find((candidate) => candidate === entry.key)
    if (operator === undefined) {
      if (entry.key.startsWith('$') || documentOperators.some((known) => known.slice(1) === entry.key))
        return this.unknownOperator(entry, documentOperators)
      return this.error(
        entry.keyRange,
        'A document filter starts with an operator, not with a key.',
        `Conditions on metadata belong in where; here Chroma knows ${documentOperators.join(', ')}.`,
      )
    }
    const { value } = entry
    if (value.kind !== 'string') {
      const fix =
        value.kind === 'number' || value.kind === 'boolean' ? { label: 'Make it text', insert: JSON.stringify(this.source(value)) } : null
      return this.error(value, `${operator} takes a text.`, 'Put it in double quotes.', fix)
    }
    const filter: WhereDocument = { kind: 'text', operator, value: value.value }
    for (const problem of regexProblems(filter)) this.error(value, problem.message, problem.remedy)
    return filter
  }
}

/**
 * Reads Chroma's `where` JSON. Integers become bigint and floats number, exactly as written. Empty text and `{}` filter nothing.
 * Never throws: mistakes are returned with character offsets, what to do, and often an edit that mends them.
 */
export function parseWhere(text: string): ParsedFilter<Where> {
  return new WhereReader(text).parse()
}

/** Reads Chroma's `where_document` JSON, in the same manner as {@link parseWhere}. */
export function parseWhereDocument(text: string): ParsedFilter<WhereDocument> {
  return new WhereDocumentReader(text).parse()
}

export type PrintStyle = 'pretty' | 'compact'
type Printable = MetadataScalar | Printable[] | Map<string, Printable>

const prettyWidth = 80

function printInline(value: Printable, spaced: boolean): string {
  if (Array.isArray(value)) return `[${value.map((item) => printInline(item, spaced)).join(spaced ? ', ' : ',')}]`
  if (value instanceof Map) {
    const members = [...value].map(([key, item]) => `${JSON.stringify(key)}:${spaced ? ' ' : ''}${printInline(item, spaced)}`)
    return spaced ? `{ ${members.join(', ')} }` : `{${members.join(',')}}`
  }
  return typeof value === 'string' ? JSON.stringify(value) : formatScalar(value)
}

function printPretty(value: Printable, indent: string): string {
  const inline = printInline(value, true)
  const nested =
    value instanceof Map && [...value.values()].some((item) => Array.isArray(item) && item.some((member) => member instanceof Map))
  if (!(Array.isArray(value) || value instanceof Map)) return inline
  if (!nested && indent.length + inline.length <= prettyWidth) return inline
  const inner = `${indent}  `
  if (Array.isArray(value)) return `[\n${value.map((item) => inner + printPretty(item, inner)).join(',\n')}\n${indent}]`
  const members = [...value].map(([key, item]) => `${inner}${JSON.stringify(key)}: ${printPrettyMember(item, inner)}`)
  return `{\n${members.join(',\n')}\n${indent}}`
}

/** Lists of conditions always stand one per line, so that a filter's shape is seen at a glance. */
function printPrettyMember(value: Printable, indent: string): string {
  if (!Array.isArray(value) || !value.some((member) => member instanceof Map)) return printPretty(value, indent)
  return `[\n${value.map((item) => `${indent}  ${printPretty(item, `${indent}  `)}`).join(',\n')}\n${indent}]`
}

function whereToPrintable(where: Where): Map<string, Printable> {
  switch (where.kind) {
    case 'and':
    case 'or':
      return new Map([[`$${where.kind}`, where.clauses.map(whereToPrintable)]])
    case 'compare':
      return new Map([[where.key, where.operator === '$eq' ? where.value : new Map([[where.operator, where.value]])]])
    case 'in':
      return new Map([[where.key, new Map([[where.operator, where.values]])]])
    case 'contains':
      return new Map([[where.key, new Map([[where.operator, where.value]])]])
  }
}

function whereDocumentToPrintable(filter: WhereDocument): Map<string, Printable> {
  if (filter.kind === 'text') return new Map([[filter.operator, filter.value]])
  return new Map([[`$${filter.kind}`, filter.clauses.map(whereDocumentToPrintable)]])
}

/** The filter as Chroma's JSON; '' for none. Floats keep their point, $eq is written in its short form. */
export function printWhere(where: Where | null, style: PrintStyle = 'pretty'): string {
  if (where === null) return ''
  const value = whereToPrintable(where)
  return style === 'pretty' ? printPretty(value, '') : printInline(value, false)
}

/** The document filter as Chroma's JSON; '' for none. */
export function printWhereDocument(filter: WhereDocument | null, style: PrintStyle = 'pretty'): string {
  if (filter === null) return ''
  const value = whereDocumentToPrintable(filter)
  return style === 'pretty' ? printPretty(value, '') : printInline(value, false)
}
