import type { MetadataScalar } from '../../shared/domain/metadata.ts'
import type { StoredRecord } from '../../shared/domain/record.ts'
import type { CompareOperator, Where, WhereDocument } from '../../shared/domain/where.ts'
import type { Random } from './random.ts'

export interface FilterSource {
  readonly records: readonly StoredRecord[]
  /** Whether the engine knows lists in metadata. */
  readonly arrays: boolean
}

const ordered: readonly CompareOperator[] = ['$gt', '$gte', '$lt', '$lte']

function someKey(random: Random, source: FilterSource): string {
  const record = random.pick(source.records)
  const keys = [...(record.metadata?.keys() ?? [])]
  return keys.length === 0 || random.chance(0.05) ? 'no such key' : random.pick(keys)
}

function valueOf(random: Random, source: FilterSource, key: string): MetadataScalar {
  for (let attempt = 0; attempt < 20; attempt += 1) {
    const value = random.pick(source.records).metadata?.get(key)
    if (value === undefined) continue
    if (!Array.isArray(value)) return value
    const item = value.length === 0 ? undefined : random.pick(value)
    if (item !== undefined) return item
  }
  return random.pick<MetadataScalar>([0n, 3n, 2.5, 'question', '', true, false])
}

function isFraction(value: MetadataScalar): boolean {
  return typeof value === 'number' && !Number.isInteger(value)
}

/** A value of the other kind of number, now and then: 3 and 3.0 are the same to Chroma's filters. */
function crossed(random: Random, value: MetadataScalar): MetadataScalar {
  if (random.chance(0.8)) return value
  if (typeof value === 'bigint') return Number(value)
  if (typeof value === 'number' && !isFraction(value) && Math.abs(value) < 2 ** 53) return BigInt(value)
  return value
}

function leaf(random: Random, source: FilterSource): Where {
  const key = someKey(random, source)
  const value = crossed(random, valueOf(random, source, key))
  const numeric = typeof value === 'number' || typeof value === 'bigint'
  const kind = random.next()
  if (source.arrays && kind < 0.15) return { kind: 'contains', key, operator: random.pick(['$contains', '$not_contains']), value }
  if (kind < 0.35) {
    const values = [value]
    for (let index = random.below(4); index > 0; index -= 1) {
      const other = valueOf(random, source, key)
      if (typeof other === typeof value) values.push(other)
    }
    return { kind: 'in', key, operator: random.pick(['$in', '$nin']), values }
  }
  if (numeric && kind < 0.75) return { kind: 'compare', key, operator: random.pick(ordered), value }
  return { kind: 'compare', key, operator: random.pick(['$eq', '$ne']), value }
}

/** A random `where` that Chroma accepts, made of keys and values that records have, up to three levels deep. */
export function randomWhere(random: Random, source: FilterSource, depth = 0): Where {
  if (depth >= 2 || random.chance(0.55)) return leaf(random, source)
  const clauses = Array.from({ length: 2 + random.below(2) }, () => randomWhere(random, source, depth + 1))
  return { kind: random.pick(['and', 'or']), clauses }
}

function needle(random: Random, source: FilterSource): string {
  const document = random.pick(source.records).document ?? ''
  const letters = Array.from(document)
  if (letters.length === 0 || random.chance(0.05)) return random.pick(['', 'zzz', '%', '_', 'Password', '🙂'])
  const from = random.below(letters.length)
  return letters.slice(from, from + 1 + random.below(6)).join('')
}

function escapeForRegex(text: string): string {
  return text.replaceAll(/[\\^$.*+?()[\]{}|#&\-~]/g, '\\$&')
}

function pattern(random: Random, source: FilterSource): string {
  const text = escapeForRegex(needle(random, source))
  return random.pick([
    text,
    `(?i)${text}`,
    `^${text}`,
    `${text}$`,
    `${text}.*e`,
    `(?:${text}|cache)`,
    `[a-m]${text}`,
    `\\w+ ${text}`,
    `(?s)${text}.`,
    `\\d{3}`,
    `\\b${text}`,
    `${text}\\b`,
    `\\w\\B${text}`,
  ])
}

/** A random `where_document` that Chroma accepts, made of pieces of documents. */
export function randomWhereDocument(random: Random, source: FilterSource, depth = 0): WhereDocument {
  if (depth < 2 && random.chance(0.3)) {
    const clauses = Array.from({ length: 2 + random.below(2) }, () => randomWhereDocument(random, source, depth + 1))
    return { kind: random.pick(['and', 'or']), clauses }
  }
  if (random.chance(0.35)) return { kind: 'text', operator: random.pick(['$regex', '$not_regex']), value: pattern(random, source) }
  return { kind: 'text', operator: random.pick(['$contains', '$not_contains']), value: needle(random, source) }
}

/**
 * Whether Chroma's own answer is a known mistake: it cuts a float operand to a 64-bit integer where the stored value is an
 * integer, which changes fractions and whatever lies outside 64 bits.
 */
export function hasCutOperand(where: Where): boolean {
  const isCut = (value: MetadataScalar): boolean => typeof value === 'number' && (isFraction(value) || Math.abs(value) >= 2 ** 63)
  switch (where.kind) {
    case 'and':
    case 'or':
      return where.clauses.some(hasCutOperand)
    case 'in':
      return where.values.some(isCut)
    case 'compare':
      return isCut(where.value)
    case 'contains':
      return false
  }
}
