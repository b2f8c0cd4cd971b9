import type { MetadataKey } from '../../../../shared/contract/collections.ts'
import { formatScalar, type MetadataScalar } from '../../../../shared/domain/metadata.ts'
import { combineCompletions, whereCompletions, whereDocumentCompletions } from '../../../../shared/domain/where-operators.ts'
import { formatQuantity } from '../../../lib/format.ts'
import type { JsonContext } from './json-context.ts'

export interface JsonSuggestion {
  /** JSON to insert. */
  readonly insert: string
  readonly label: string
  readonly detail: string
}

/** What a key's values are, so far as they were counted. */
export type ValuesOf = (key: string) => Promise<readonly MetadataScalar[]>

function jsonOf(value: MetadataScalar): string {
  return typeof value === 'string' ? JSON.stringify(value) : formatScalar(value)
}

function isCombiner(name: string | undefined): boolean {
  return name === undefined || name === '[]' || name === '$and' || name === '$or'
}

function combiners(): JsonSuggestion[] {
  return combineCompletions.map(({ operator, detail, template }) => ({ insert: `"${operator}": ${template}`, label: operator, detail }))
}

function operatorsFor(key: MetadataKey | undefined): JsonSuggestion[] {
  const types = key === undefined || key.types.length === 0 ? (['string', 'integer'] as const) : key.types.map(({ type }) => type)
  const byOperator = new Map(types.flatMap((type) => whereCompletions[type].map((each) => [each.operator, each] as const)))
  return [...byOperator.values()].map(({ operator, detail, template }) => ({
    insert: `"${operator}": ${template}`,
    label: operator,
    detail,
  }))
}

/** The metadata key that a value at this path is compared with; null where the path leads to none. */
function keyOfValue(path: readonly string[]): string | null {
  const names = path.filter((name) => name !== '[]' && name !== '$and' && name !== '$or')
  return names.find((name) => !name.startsWith('$')) ?? null
}

/** What fits at a place of Chroma's `where`: keys and combiners, operators of a key's type, values of a key. */
export async function suggestWhere(context: JsonContext, keys: readonly MetadataKey[], valuesOf: ValuesOf): Promise<JsonSuggestion[]> {
  const around = context.path.at(-1)
  if (context.expects === 'key') {
    if (!isCombiner(around)) return operatorsFor(keys.find(({ key }) => key === around))
    const names = keys.map(({ key, types, count }) => ({
      insert: `${JSON.stringify(key)}: `,
      label: key,
      detail: `${types.map(({ type }) => type).join(', ')} · ${formatQuantity(count, 'record')}`,
    }))
    return [...names, ...combiners()]
  }
  if (context.expects !== 'value') return []
  if (context.path.length === 0 || (isCombiner(around) && keyOfValue(context.path) === null)) {
    return [{ insert: '{}', label: '{ }', detail: 'a condition' }]
  }
  const key = keyOfValue(context.path)
  if (key === null) return []
  const values = await valuesOf(key)
  return values.map((value) => ({ insert: jsonOf(value), label: jsonOf(value), detail: '' }))
}

/** What fits at a place of Chroma's `where_document`. */
export function suggestWhereDocument(context: JsonContext): JsonSuggestion[] {
  if (context.expects === 'key') {
    return [
      ...whereDocumentCompletions.map(({ operator, detail, template }) => ({
        insert: `"${operator}": ${template}`,
        label: operator,
        detail,
      })),
      ...combiners(),
    ]
  }
  return context.expects === 'value' && isCombiner(context.path.at(-1)) ? [{ insert: '{}', label: '{ }', detail: 'a condition' }] : []
}
