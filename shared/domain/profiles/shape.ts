import type { MetadataKey } from '../../contract/collections.ts'
import type { Metadata, MetadataScalar, MetadataValue } from '../metadata.ts'
import type { StoredRecord } from '../record.ts'
import { parseTime } from '../time.ts'
import { splitTurns } from '../turns.ts'
import type { Field } from './profile.ts'
import { parseNested, readField } from './read-role.ts'

/** What is known of a collection beside some of its records. */
export interface CollectionFacts {
  readonly name: string
  readonly metadata: Metadata | null
  /** Number of records; null where it could not be counted. */
  readonly count: number | null
  readonly keys: readonly MetadataKey[]
}

/** What the sampled records hold under one metadata key, or at one place inside JSON kept as text. Shares are 0 to 1. */
export interface FieldShape {
  readonly field: Field & { from: 'metadata' }
  /** Last part of the name, without case, hyphens and underscores: `createdat` for created_at and payload.createdAt. */
  readonly name: string
  readonly share: number
  readonly textShare: number
  readonly numberShare: number
  readonly timeShare: number
  readonly objectShare: number
  /** Characters of an average text. */
  readonly meanLength: number
}

export interface CollectionShape {
  readonly name: string
  readonly metadata: Metadata
  readonly sampled: number
  readonly fields: readonly FieldShape[]
  readonly documents: {
    readonly share: number
    readonly meanLength: number
    /** Documents that read like a question or an order to a model. */
    readonly questionShare: number
    /** Documents of the form "User: ... Assistant: ...". */
    readonly turnShare: number
  }
  readonly metadataShare: number
}

const deepest = 2
const mostNestedFields = 40

/** A key as rules compare it. */
export function normaliseKey(key: string): string {
  return key.toLowerCase().replace(/[\s_\-.]/g, '')
}

function nestedPaths(value: unknown, prefix: string, depth: number, found: Set<string>): void {
  if (typeof value === 'string') {
    const inner = depth < deepest ? parseNested(value) : undefined
    if (inner !== undefined) nestedPaths(inner, prefix, depth, found)
    return
  }
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return
  for (const [key, item] of Object.entries(value)) {
    if (key.includes('.') || found.size >= mostNestedFields) continue
    const path = prefix === '' ? key : `${prefix}.${key}`
    found.add(path)
    if (depth + 1 < deepest) nestedPaths(item, path, depth + 1, found)
  }
}

function share(count: number, of: number): number {
  return of === 0 ? 0 : count / of
}

function shapeOf(field: Field & { from: 'metadata' }, records: readonly StoredRecord[]): FieldShape {
  const values = records.map((record) => readField(field, record)).filter((value): value is MetadataValue => value !== null)
  const shareOf = (test: (value: MetadataValue) => boolean): number => share(values.filter(test).length, values.length)
  const texts = values.filter((value) => typeof value === 'string')
  const last = field.path?.split('.').at(-1) ?? field.key
  return {
    field,
    name: normaliseKey(last),
    share: share(values.length, records.length),
    textShare: shareOf((value) => typeof value === 'string'),
    numberShare: shareOf(
      (value) =>
        typeof value === 'bigint' || typeof value === 'number' || (typeof value === 'string' && /^\d{1,12}(?:\.\d+)?$/.test(value)),
    ),
    timeShare: shareOf((value) => !Array.isArray(value) && parseTime(value as MetadataScalar) !== null),
    objectShare: shareOf((value) => typeof value === 'string' && value.trimStart().startsWith('{') && parseNested(value) !== undefined),
    meanLength: texts.length === 0 ? 0 : texts.reduce((sum, text) => sum + text.length, 0) / texts.length,
  }
}

const question =
  /[?？]\s*$|^(?:what|who|whom|whose|when|where|why|which|how|can|could|do|does|did|is|are|was|were|will|would|should|may|explain|describe|tell|give|list|show|write|summari[sz]e|translate|compare|define|latest|请|如何|什么|怎么|为什么)(?:\b|(?=[\u3400-\u9fff]))/i

/** Looks at records and says what is where. */
export function collectionShape(facts: CollectionFacts, records: readonly StoredRecord[]): CollectionShape {
  const documents = records.map((record) => record.document).filter((document) => document !== null && document.trim() !== '') as string[]
  const sampledKeys = new Set(records.flatMap((record) => [...(record.metadata?.keys() ?? [])]))
  const keys = new Set([...facts.keys.map(({ key }) => key), ...sampledKeys])
  const fields: FieldShape[] = []
  for (const key of keys) {
    const shape = shapeOf({ from: 'metadata', key, path: null }, records)
    fields.push(shape)
    if (shape.objectShare < 0.5) continue
    const paths = new Set<string>()
    for (const record of records.slice(0, 20)) nestedPaths(record.metadata?.get(key), '', 0, paths)
    for (const path of paths) fields.push(shapeOf({ from: 'metadata', key, path }, records))
  }
  return {
    name: facts.name,
    metadata: facts.metadata ?? new Map(),
    sampled: records.length,
    fields,
    documents: {
      share: share(documents.length, records.length),
      meanLength: share(
        documents.reduce((sum, document) => sum + document.length, 0),
        documents.length,
      ),
      questionShare: share(
        documents.filter((document) => document.length < 600 && question.test(document.trim())).length,
        documents.length,
      ),
      turnShare: share(documents.filter((document) => splitTurns(document) !== null).length, documents.length),
    },
    metadataShare: share(records.filter((record) => (record.metadata?.size ?? 0) > 0).length, records.length),
  }
}
